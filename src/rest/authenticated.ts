import { basicCredentials } from '../http/basic-credentials.ts';
import type { Request } from '../http/request.ts';
import type { Response } from '../http/server.ts';
import type { Caller } from '../menu/command.ts';
import { type Cancel, neverCancelled } from '../platform/cancel.ts';
import { answer, refusal } from './answer.ts';
import { RestError } from './errors.ts';
import type { RestHandler } from './handler.ts';

/** Who is let in, as `Access` knows it. */
interface Door {
  /** Undefined for anybody who is not. Throws an error of the code `too-many` where too many wait for an answer already. */
  authenticateRequest(
    name: string,
    password: string,
    way: { readonly via: 'rest-api'; readonly from: string | undefined },
    cancel: Cancel,
  ): Promise<Pick<Caller, 'user' | 'policies'> | undefined>;
}

/** From a request, the words of its path after "/rest", and the address that it comes from, to the answer. */
export type RestService = (request: Request, path: readonly string[], from: string | undefined) => Promise<Response>;

/** REST for those who say who they are in each request (RFC 7617). Whatever is wrong with that, the answer is the same. */
export function authenticated(handle: RestHandler, door: Door): RestService {
  return async (request, path, from) => {
    const credentials = basicCredentials(request.headers);
    if (credentials === undefined) return unauthorized();
    let guest: Pick<Caller, 'user' | 'policies'> | undefined;
    try {
      guest = await door.authenticateRequest(credentials.name, credentials.password, { via: 'rest-api', from }, neverCancelled);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'too-many')) throw error;
      return refusal(new RestError(503, error.message));
    }
    if (guest === undefined) return unauthorized();
    return handle(request, path, { user: guest.user, policies: guest.policies });
  };
}

function unauthorized(): Response {
  const challenge = ['WWW-Authenticate', 'Basic realm="signet", charset="UTF-8"'] as const;
  return answer(401, '{"error":401,"message":"Unauthorized"}', [challenge]);
}

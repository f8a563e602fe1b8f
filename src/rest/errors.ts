import type { HttpError } from '../http/error.ts';
import type { CommandError, CommandErrorCode } from '../menu/errors.ts';

/** The statuses of refusals. */
export type RestStatus = 400 | 401 | 403 | 404 | 405 | 406 | 413 | 415 | 503;

/** A request that is refused. `message` is the `detail` of the answer; where it is empty there is none. */
export class RestError extends Error {
  readonly code: RestStatus;
  /** The methods that there are, of a 405 (RFC 9110 15.5.6). */
  readonly allow: readonly string[];

  constructor(code: RestStatus, message = '', allow: readonly string[] = []) {
    super(message);
    this.name = 'RestError';
    this.code = code;
    this.allow = allow;
  }
}

/** RouterOS' wording. */
export function noSuchCommand(word: string): RestError {
  return new RestError(406, `no such command or directory (${word})`);
}

export function unknownParameter(name: string): RestError {
  return new RestError(400, `unknown parameter ${name}`);
}

/** RouterOS' answer to what took longer than a minute. */
export function sessionClosed(): RestError {
  return new RestError(400, 'Session closed');
}

const statuses: Readonly<Partial<Record<CommandErrorCode, RestStatus>>> = { 'bad-command': 406, 'no-such-item': 404, 'not-permitted': 403 };

/** What a command's refusal is over HTTP: what is missing is 404, what may not be 403, all else 400. */
export function ofCommand(error: CommandError): RestError {
  return new RestError(statuses[error.code] ?? 400, error.message);
}

/** What the message of HTTP itself was refused for. */
export function ofHttp(error: HttpError): RestError {
  return new RestError(error.status === 413 ? 413 : 400, error.message);
}

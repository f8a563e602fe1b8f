import { fromBase64 } from '../bytes/base64.ts';
import { fromUtf8 } from '../bytes/utf8.ts';
import type { Headers } from './headers.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Who a request says it is from (RFC 7617 2); undefined where it says nothing, or nothing that is clear. A name has no colon. */
export function basicCredentials(headers: Headers): Credentials | undefined {
  const [field, ...more] = headers.all('Authorization');
  const [, token] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(field ?? '') ?? [];
  const bytes = token === undefined || more.length > 0 ? undefined : fromBase64(token);
  const text = bytes === undefined ? undefined : fromUtf8(bytes);
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0) return undefined;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}

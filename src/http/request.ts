import { Body, framingOf, noBody } from './body.ts';
import { HttpError, malformed } from './error.ts';
import { type Headers, isToken } from './headers.ts';
import type { Input } from './input.ts';
import type { MessageLimits } from './limits.ts';
import { type Target, targetOf } from './target.ts';

/** What a client asks for. */
export interface Request {
  /** As it was sent: methods are in capitals, and "get" is none that is known (RFC 9110 9.1). */
  readonly method: string;
  readonly target: Target;
  readonly version: '1.0' | '1.1';
  readonly headers: Headers;
  readonly body: Body;
}

/** Reads one from its first line to its header's end; the body is read when somebody asks for it. Throws `HttpError` and `Interrupted`. */
export async function readRequest(input: Input, limits: MessageLimits): Promise<Request> {
  const tooLong = new HttpError(414, 'the first line is too long');
  let line = await input.line(limits.line, tooLong);
  // RFC 9112 2.2: one empty line may come first.
  if (line === '') line = await input.line(limits.line, tooLong);
  const [method = '', target = '', protocol = '', ...more] = line.split(' ');
  if (!isToken(method) || target === '' || more.length > 0) throw malformed('the first line is no request');
  const version = versionOf(protocol);
  const headers = await input.header(limits);
  const asked = targetIn(target, hostOf(headers, version));
  const body = new Body(input, framingOf(headers, version, noBody), limits);
  return { method, target: asked, version, headers, body };
}

export function versionOf(protocol: string): '1.0' | '1.1' {
  if (protocol === 'HTTP/1.1') return '1.1';
  if (protocol === 'HTTP/1.0') return '1.0';
  throw /^HTTP\/\d\.\d$/.test(protocol) ? new HttpError(505, 'only HTTP/1.1 and HTTP/1.0 are known') : malformed('that is not HTTP');
}

/** RFC 9112 3.2: exactly one, of which a request of HTTP/1.0 may do without. */
function hostOf(headers: Headers, version: '1.0' | '1.1'): string {
  const hosts = headers.all('Host');
  if (hosts.length > 1 || (hosts.length === 0 && version === '1.1')) throw malformed('a request names one host');
  const [host = ''] = hosts;
  if (!/^(?:[A-Za-z0-9._~-]*|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/.test(host)) throw malformed('the host is none');
  return host;
}

/** Proxies are sent the whole of it (RFC 9112 3.2.2), and servers have to take that. */
function targetIn(target: string, host: string): Target {
  const [, authority, rest = ''] = /^https?:\/\/([^/?]*)(.*)$/i.exec(target) ?? [];
  if (authority === undefined) return targetOf(target);
  if (authority.toLowerCase() !== host.toLowerCase()) throw malformed('the target is of another host');
  return targetOf(rest.startsWith('/') ? rest : `/${rest}`);
}

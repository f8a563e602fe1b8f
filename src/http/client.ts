import { type Cancel, Cancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { type Connection, type Network, NetworkError } from '../platform/network.ts';
import { Body, framingOf, noBody } from './body.ts';
import { HttpError, malformed } from './error.ts';
import { Headers, isToken } from './headers.ts';
import { Input } from './input.ts';
import type { MessageLimits } from './limits.ts';
import { type Content, framingFields, ownFields, writeMessage } from './output.ts';
import { versionOf } from './request.ts';
import { hostOf, type Url } from './url.ts';
import { Watch } from './watch.ts';

export interface ClientRequest {
  readonly method: string;
  readonly url: Url;
  readonly headers?: Headers;
  readonly content?: Content;
}

export interface ClientOptions {
  readonly limits: MessageLimits;
  /** Milliseconds for each step: the handshake, each piece that is sent, and each that comes. To connect takes as long as the network says. */
  readonly patience: number;
  /** Milliseconds for all steps together. */
  readonly total: number;
  readonly cancel: Cancel;
  /** Throws where nothing is to be asked of that peer, "192.0.2.1:80", to which there is a connection by then. */
  readonly mayAsk: (peer: string) => void;
  /** Throws unless these certificates (DER, the server's own first) are to be trusted for that host. Nothing is sent before. */
  readonly trust: (certificates: readonly Uint8Array[], host: string) => Promise<void>;
}

export interface ClientResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The connection is closed when it was read to its end, and when that fails; otherwise by `close`. */
  readonly body: Body;
  close(): void;
}

/** Interim answers (RFC 9110 15.2) that are waited through. */
const mostInterim = 10;

/**
 * Asks, on a connection of its own, and resolves with the header of the answer. Rejects with `NetworkError`, `HttpError`, `Interrupted`,
 * `Cancelled`, or what `mayAsk` and `trust` throw. Redirects are answers like others.
 */
export async function ask(
  network: Network,
  clock: Pick<Clock, 'sleep' | 'monotonic'>,
  request: ClientRequest,
  options: ClientOptions,
): Promise<ClientResponse> {
  const { url } = request;
  const open = await network.connectTcp(url.host, url.port, options.cancel);
  let connection: Connection = open;
  const until = clock.monotonic() + options.total;
  const hangUp = (): void => {
    connection.drop();
    open.drop();
  };
  const watch = new Watch(clock, hangUp);
  const forget = options.cancel.onCancel(hangUp);
  const close = (): void => {
    forget();
    watch.dispose();
    hangUp();
  };
  /** Each step has its own time: a large answer may take long, if only it goes on. */
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    watch.allow(Math.min(options.patience, until - clock.monotonic()));
    try {
      return await watch.during(work);
    } catch (error) {
      if (options.cancel.cancelled) throw new Cancelled();
      throw watch.expired ? tooSlow(url) : error;
    }
  };
  try {
    options.mayAsk(open.peer);
    if (url.scheme === 'https') {
      const secure = await step(() => open.startTls({ name: url.host, versions: 'any' }));
      connection = secure;
      await options.trust(secure.peerCertificates, url.host);
    }
    await send({ write: (bytes) => step(() => connection.write(bytes)) }, request);
    const read = async (): Promise<Uint8Array | undefined> => {
      const bytes = await step(() => connection.read());
      // To whoever reads, a connection that was closed here is one that ended.
      options.cancel.check();
      if (watch.expired) throw tooSlow(url);
      return bytes;
    };
    const response = await readResponse(new Input({ read }), request, options.limits);
    response.body.whenOver(close);
    return { ...response, close };
  } catch (error) {
    close();
    throw error;
  }
}

function tooSlow(url: Url): NetworkError {
  return new NetworkError('unreachable', `${hostOf(url)} takes too long`);
}

function send(connection: Pick<Connection, 'write'>, { method, url, headers, content }: ClientRequest): Promise<void> {
  if (!isToken(method) || !/^\/[!-~]*$/.test(url.target)) throw new RangeError('no request has such a first line');
  const fields = new Headers([['Host', hostOf(url)], ...ownFields(headers ?? new Headers()), ['Connection', 'close']]);
  // What is compressed could be small here and without end there.
  if (!fields.has('Accept-Encoding')) fields.append('Accept-Encoding', 'identity');
  // RFC 9110 8.6: where a body is usual, none is said to be none.
  if (content !== undefined || method === 'POST' || method === 'PUT') {
    for (const [name, value] of framingFields(content ?? new Uint8Array(), '1.1')) fields.append(name, value);
  }
  return writeMessage(connection, `${method} ${url.target} HTTP/1.1`, fields, content ?? new Uint8Array());
}

async function readResponse(
  input: Input,
  { method, url }: ClientRequest,
  limits: MessageLimits,
): Promise<Pick<ClientResponse, 'status' | 'headers' | 'body'>> {
  for (let interim = 0; interim <= mostInterim; interim++) {
    const line = await input.line(limits.line, malformed('the first line of the answer is too long'));
    const [, protocol = '', digits = ''] = /^(\S+) (\d{3})(?: .*)?$/.exec(line) ?? [];
    if (digits === '') throw malformed('the first line is no answer');
    const version = versionOf(protocol);
    const status = Number(digits);
    const headers = await input.header(limits);
    if (status === 101) throw malformed('the server changes to what nobody asked for');
    if (status < 200) continue;
    // RFC 9112 6.3
    const bodiless = method === 'HEAD' || status === 204 || status === 304;
    const framing = bodiless ? noBody : framingOf(headers, version, { type: 'until-close' });
    // RFC 9112 9.8: anybody on the way can make an end.
    if (framing.type === 'until-close' && url.scheme === 'https') throw malformed('the answer does not say where it ends');
    const codings = headers.list('Content-Encoding').filter((coding) => coding !== 'identity');
    if (codings.length > 0 && !bodiless)
      throw new HttpError(415, `the answer is compressed (${codings.join(', ').slice(0, 40)}), which was not asked for`);
    return { status, headers, body: new Body(input, framing, limits) };
  }
  throw malformed('the server goes on saying that it will answer');
}

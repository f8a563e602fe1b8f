import { type Cancel, Cancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { type Connection, type Network, NetworkError } from '../platform/network.ts';
import { Body, framingOf, noBody } from './body.ts';
import { HttpError, malformed } from './error.ts';
import { Headers } from './headers.ts';
import { Input } from './input.ts';
import type { MessageLimits } from './limits.ts';
import { type Content, framingFields, writeMessage } from './output.ts';
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
  readonly cancel: Cancel;
  /** Throws where nothing is to be asked of that peer, "192.0.2.1:80". */
  readonly mayAsk: (peer: string) => void;
  /** Throws unless these certificates (DER, the server's own first) are to be trusted for that host. Nothing is sent before. */
  readonly trust: (certificates: readonly Uint8Array[], host: string) => Promise<void>;
}

export interface ClientResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Read to its end, or closed. */
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
  const hangUp = (): void => {
    connection.close();
    open.close();
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
    watch.allow(options.patience);
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
    return { ...(await readResponse(new Input({ read }), request.method, options.limits)), close };
  } catch (error) {
    close();
    throw error;
  }
}

function tooSlow(url: Url): NetworkError {
  return new NetworkError('unreachable', `${hostOf(url)} takes too long`);
}

function send(connection: Pick<Connection, 'write'>, { method, url, headers, content }: ClientRequest): Promise<void> {
  const fields = new Headers([['Host', hostOf(url)], ...(headers ?? []), ['Connection', 'close']]);
  // What is compressed could be small here and without end there.
  if (!fields.has('Accept-Encoding')) fields.append('Accept-Encoding', 'identity');
  if (content !== undefined) for (const [name, value] of framingFields(content, '1.1')) fields.append(name, value);
  return writeMessage(connection, `${method} ${url.target} HTTP/1.1`, fields, content ?? new Uint8Array());
}

async function readResponse(
  input: Input,
  method: string,
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
    const codings = headers.list('Content-Encoding').filter((coding) => coding !== 'identity');
    if (codings.length > 0 && !bodiless)
      throw new HttpError(415, `the answer is compressed (${codings.join(', ').slice(0, 40)}), which was not asked for`);
    return { status, headers, body: new Body(input, framing, limits) };
  }
  throw malformed('the server goes on saying that it will answer');
}

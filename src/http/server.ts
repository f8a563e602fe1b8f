import { utf8 } from '../bytes/utf8.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import type { Connection } from '../platform/network.ts';
import { HttpError } from './error.ts';
import type { Headers } from './headers.ts';
import { Input } from './input.ts';
import { type MessageLimits, usualLimits } from './limits.ts';
import { type Content, forget, framingFields, ownFields, writeMessage } from './output.ts';
import { plainText } from './plain-text.ts';
import { reasonOf } from './reason.ts';
import { type Request, readRequest } from './request.ts';
import { Watch } from './watch.ts';

/** What a request is answered with. How the body is delimited, and the fields Date and Connection, are the server's business. */
export interface Response {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Content;
}

/** From request to response. What it throws is an answer of 500, but for `HttpError`, which has a status of its own. */
export type Handler = (request: Request) => Promise<Response>;

/** Milliseconds that a client may take. */
export interface Times {
  /** Until its next request begins. */
  readonly idle: number;
  /** From there to the end of its header. */
  readonly header: number;
  /** From there to the end of its body, and for taking each piece of the answer. */
  readonly body: number;
}

export const usualTimes: Times = { idle: 60_000, header: 10_000, body: 60_000 };

export interface ServerOptions {
  readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
  readonly limits?: MessageLimits;
  readonly times?: Times;
  /** Now, where the clock can be believed: who does not know the time does not tell it (RFC 9110 6.6.1). */
  readonly now: () => Instant | undefined;
  /** Hears of what was refused, and what a handler threw, for the log. */
  readonly failed: (error: unknown) => void;
}

/** Answers the requests that come on a connection, one after the other, and closes it. Never rejects. */
export async function serveHttp(connection: Connection, handle: Handler, options: ServerOptions): Promise<void> {
  const conversation = new Conversation(connection, handle, options);
  try {
    while (await conversation.next());
  } catch (error) {
    // What came of a peer that went away, or was too slow, is nobody's business.
    if (!isGone(error)) options.failed(error);
  } finally {
    conversation.end();
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'interrupted' || error.code === 'closed');
}

/** Bytes of a body that nobody read, which are worth being read for the sake of the connection. */
const worthReading = 65_536;
/** Milliseconds in which a client that was refused may notice. */
const lingering = 1000;

class Conversation {
  readonly #connection: Connection;
  readonly #handle: Handler;
  readonly #options: ServerOptions;
  readonly #limits: MessageLimits;
  readonly #times: Times;
  readonly #input: Input;
  readonly #watch: Watch;

  constructor(connection: Connection, handle: Handler, options: ServerOptions) {
    this.#connection = connection;
    this.#handle = handle;
    this.#options = options;
    this.#limits = options.limits ?? usualLimits;
    this.#times = options.times ?? usualTimes;
    this.#watch = new Watch(options.clock, () => connection.drop());
    this.#input = new Input({ read: () => this.#watch.during(() => connection.read()) });
  }

  /** One request and its answer. False where nothing follows. */
  async next(): Promise<boolean> {
    this.#watch.allow(this.#times.idle);
    if (await this.#input.ended()) return false;
    this.#watch.allow(this.#times.header);
    let request: Request;
    try {
      request = await readRequest(this.#input, this.#limits);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      this.#options.failed(error);
      await this.#answer(plainText(error.status, error.message), { method: 'GET', version: '1.1' }, false);
      await this.#linger();
      return false;
    }
    this.#watch.allow(this.#times.body);
    const expected = request.headers.list('Expect');
    if (expected.includes('100-continue') && request.version === '1.1')
      request.body.whenRead(() => this.#watch.during(() => this.#connection.write(utf8('HTTP/1.1 100 Continue\r\n\r\n'))));
    const response = await this.#respond(request);
    const mayGoOn = request.version === '1.1' && !request.headers.list('Connection').includes('close');
    // An answer that is made piece by piece may be made of the request's body.
    const goesOn = mayGoOn && (response.content instanceof Uint8Array ? await this.#skip(request) : request.body.done);
    await this.#answer(response, request, goesOn);
    if (!goesOn && !request.body.done) await this.#linger();
    return goesOn;
  }

  /**
   * Reads on for a while after a refusal: a connection that is closed with bytes unread is reset, and the answer may be lost with it
   * (RFC 9112 9.6).
   */
  async #linger(): Promise<void> {
    this.#watch.allow(Math.min(this.#times.idle, lingering));
    for (let read = 0; read < worthReading; ) {
      const bytes = await this.#input.some(worthReading);
      if (bytes === undefined) return;
      read += bytes.length;
    }
  }

  end(): void {
    this.#watch.dispose();
    this.#connection.close();
  }

  async #respond(request: Request): Promise<Response> {
    try {
      return await this.#handle(request);
    } catch (error) {
      // Nobody is there to be answered.
      if (this.#watch.expired || isGone(error)) throw error;
      this.#options.failed(error);
      return error instanceof HttpError ? plainText(error.status, error.message) : plainText(500, 'the router failed');
    }
  }

  /** Reads what the handler left of a body; false where that is too much, or no body. */
  async #skip({ body }: Request): Promise<boolean> {
    let read = 0;
    try {
      if (body.done) return true;
      // A client that was not told to go on may never send it.
      if (body.isAwaited) return false;
      for await (const piece of body) {
        read += piece.length;
        if (read > worthReading) return false;
      }
      return body.done;
    } catch (error) {
      if (error instanceof HttpError) return false;
      throw error;
    }
  }

  async #answer(
    { status, headers, content }: Response,
    { method, version }: Pick<Request, 'method' | 'version'>,
    goesOn: boolean,
  ): Promise<void> {
    const fields = ownFields(headers);
    const bodiless = status === 204 || status === 304;
    if (!bodiless) for (const [name, value] of framingFields(content, version)) fields.append(name, value);
    const now = this.#options.now();
    if (now !== undefined) fields.append('Date', new Date(now * 1000).toUTCString());
    const isDelimited = bodiless || method === 'HEAD' || fields.has('Content-Length') || fields.has('Transfer-Encoding');
    if (!goesOn || !isDelimited) fields.append('Connection', 'close');
    const watched = {
      write: (bytes: Uint8Array): Promise<void> => {
        this.#watch.allow(this.#times.body);
        return this.#watch.during(() => this.#connection.write(bytes));
      },
    };
    const isSent = !bodiless && method !== 'HEAD';
    if (!isSent) await forget(content);
    await writeMessage(watched, `HTTP/1.1 ${status} ${reasonOf(status)}`, fields, isSent ? content : new Uint8Array());
  }
}

import { HttpError, malformed } from './error.ts';
import type { Headers } from './headers.ts';
import { type Input, Interrupted } from './input.ts';
import type { MessageLimits } from './limits.ts';

/** Where a body ends (RFC 9112 6.3). */
export type Framing =
  | { readonly type: 'length'; readonly length: number }
  | { readonly type: 'chunked' }
  | { readonly type: 'until-close' };

export const noBody: Framing = { type: 'length', length: 0 };

/**
 * How long the body of a message is, by its header; `otherwise` where that says nothing. Whatever two programs might read differently is
 * refused, although RFC 9112 6.3 would let some of it pass: it has no other use than to smuggle a message. Throws `HttpError`.
 */
export function framingOf(headers: Headers, version: '1.0' | '1.1', otherwise: Framing): Framing {
  const lengths = headers.all('Content-Length');
  if (headers.has('Transfer-Encoding')) {
    if (lengths.length > 0) throw malformed('a body has both a length and a transfer coding');
    if (version === '1.0') throw malformed('a message of HTTP/1.0 has a transfer coding');
    const codings = headers.all('Transfer-Encoding');
    if (codings.length !== 1 || codings[0]?.toLowerCase() !== 'chunked')
      throw new HttpError(501, 'only the transfer coding chunked is known');
    return { type: 'chunked' };
  }
  if (lengths.length === 0) return otherwise;
  const [length = ''] = lengths;
  if (lengths.length > 1 || !/^\d{1,15}$/.test(length)) throw malformed('the length of a body is no number');
  return { type: 'length', length: Number(length) };
}

/** Bytes at a time. */
const piece = 65_536;

/** The body of a message, once. Ends by throwing `Interrupted` where the connection ends before it, and `HttpError` where it is longer than it may be. */
export class Body implements AsyncIterable<Uint8Array> {
  readonly #input: Input;
  readonly #framing: Framing;
  readonly #limits: MessageLimits;
  #taken = 0;
  #pieces: AsyncGenerator<Uint8Array> | undefined;
  #done = false;
  #before: (() => Promise<void>) | undefined;
  #after: (() => void) | undefined;

  /** Throws `HttpError` for a length above the limit. */
  constructor(input: Input, framing: Framing, limits: MessageLimits) {
    if (framing.type === 'length' && framing.length > limits.body) throw tooLarge(limits);
    this.#input = input;
    this.#framing = framing;
    this.#limits = limits;
    this.#done = framing.type === 'length' && framing.length === 0;
  }

  /** Was all of it read, so that what follows on the connection is the next message? */
  get done(): boolean {
    return this.#done;
  }

  /** Done once, before the first byte is waited for: a client may wait until it is told to send them (RFC 9110 10.1.1). */
  whenRead(before: () => Promise<void>): void {
    this.#before = before;
  }

  /** Done when all was read, or no more can be. */
  whenOver(after: () => void): void {
    if (this.#done) after();
    else this.#after = after;
  }

  /** Does the other end still wait until it is told? */
  get isAwaited(): boolean {
    return this.#before !== undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    this.#pieces ??= this.#read();
    return this.#pieces;
  }

  /** All of it. However small the pieces are in which it comes, they take no more than twice its size. */
  async bytes(): Promise<Uint8Array> {
    let bytes = new Uint8Array(0);
    let length = 0;
    for await (const piece of this) {
      if (length + piece.length > bytes.length) {
        const larger = new Uint8Array(Math.max(2 * bytes.length, length + piece.length));
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(piece, length);
      length += piece.length;
    }
    return bytes.subarray(0, length);
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#all();
    } finally {
      this.#after?.();
    }
  }

  async *#all(): AsyncGenerator<Uint8Array> {
    if (this.#done) return;
    const before = this.#before;
    this.#before = undefined;
    await before?.();
    if (this.#framing.type === 'length') yield* this.#exactly(this.#framing.length);
    else if (this.#framing.type === 'chunked') yield* this.#chunks();
    else yield* this.#untilClose();
    this.#done = true;
  }

  async *#exactly(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      const bytes = await this.#input.some(Math.min(left, piece));
      if (bytes === undefined) throw new Interrupted();
      left -= bytes.length;
      yield this.#counted(bytes);
    }
  }

  /** RFC 9112 7.1; what trailers say is read and forgotten. */
  async *#chunks(): AsyncGenerator<Uint8Array> {
    const bad = malformed('a chunk has no length');
    for (;;) {
      const line = await this.#input.line(chunkLine, bad);
      const [, digits] = /^([0-9A-Fa-f]{1,8})(?:[\t ]*;.*)?$/.exec(line) ?? [];
      if (digits === undefined) throw bad;
      const length = Number.parseInt(digits, 16);
      if (length === 0) break;
      if (this.#taken + length > this.#limits.body) throw tooLarge(this.#limits);
      yield* this.#exactly(length);
      if ((await this.#input.line(0, malformed('a chunk is longer than it says'))) !== '')
        throw malformed('a chunk is longer than it says');
    }
    await this.#input.header(this.#limits);
  }

  async *#untilClose(): AsyncGenerator<Uint8Array> {
    for (let bytes = await this.#input.some(piece); bytes !== undefined; bytes = await this.#input.some(piece)) yield this.#counted(bytes);
  }

  #counted(bytes: Uint8Array): Uint8Array {
    this.#taken += bytes.length;
    if (this.#taken > this.#limits.body) throw tooLarge(this.#limits);
    return bytes;
  }
}

/** Bytes of the line before a chunk. */
const chunkLine = 256;

function tooLarge({ body }: MessageLimits): HttpError {
  return new HttpError(413, `a body of more than ${body} bytes`);
}

import { concat } from '../bytes/bytes.ts';
import type { Connection } from '../platform/network.ts';
import { HttpError, malformed } from './error.ts';
import { fieldOf, Headers } from './headers.ts';
import type { MessageLimits } from './limits.ts';

const lineFeed = 10;
const carriageReturn = 13;

/** The other end went away in the middle of a message. */
export class Interrupted extends Error {
  readonly code = 'interrupted';

  constructor() {
    super('the connection ended in the middle of a message');
    this.name = 'Interrupted';
  }
}

/** What comes on a connection, by lines and by bytes. Holds no more than one read brings and what is asked for. */
export class Input {
  readonly #connection: Pick<Connection, 'read'>;
  #held: Uint8Array = new Uint8Array();

  constructor(connection: Pick<Connection, 'read'>) {
    this.#connection = connection;
  }

  /** Is the end reached, with nothing more to come? Waits for what comes. */
  async ended(): Promise<boolean> {
    return this.#held.length === 0 && !(await this.#more());
  }

  /** The next line without its end, CR LF, byte by byte a character. `tooLong` is thrown for one of more than `most` bytes. Throws `Interrupted`. */
  async line(most: number, tooLong: HttpError): Promise<string> {
    for (let searched = 0; ; ) {
      const end = this.#held.indexOf(lineFeed, searched);
      if (end >= 0) {
        if (end > most + 1) throw tooLong;
        // RFC 9112 2.2 lets a lone LF end a line, and others have read on: not here.
        if (this.#held[end - 1] !== carriageReturn) throw malformed('a line does not end with CR LF');
        const line = latin1(this.#held.subarray(0, end - 1));
        this.#drop(end + 1);
        if (line.includes('\r')) throw malformed('a line has a carriage return in it');
        return line;
      }
      if (this.#held.length > most + 1) throw tooLong;
      searched = this.#held.length;
      if (!(await this.#more())) throw new Interrupted();
    }
  }

  /** Fields up to an empty line. Throws `HttpError` and `Interrupted`. */
  async header({ header, fields }: MessageLimits): Promise<Headers> {
    const tooLarge = new HttpError(431, 'the header is too long');
    const headers = new Headers();
    for (let count = 0, left = header; ; count++) {
      const line = await this.line(left, tooLarge);
      if (line === '') return headers;
      left -= line.length + 2;
      if (left < 0 || count >= fields) throw tooLarge;
      headers.append(...fieldOf(line));
    }
  }

  /** What comes next, at least one byte and at most `most`; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    if (await this.ended()) return undefined;
    const bytes = this.#held.subarray(0, most);
    this.#drop(bytes.length);
    return bytes;
  }

  /** Of what was taken whole nothing is held. */
  #drop(length: number): void {
    this.#held = length === this.#held.length ? new Uint8Array() : this.#held.subarray(length);
  }

  async #more(): Promise<boolean> {
    const bytes = await this.#connection.read();
    if (bytes === undefined) return false;
    this.#held = this.#held.length === 0 ? bytes : concat([this.#held, bytes]);
    return true;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

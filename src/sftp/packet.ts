import { type Holding, unlimited } from '../bytes/budget.ts';
import { concat } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import { SftpError } from './protocol.ts';

/** Reads the fields of one packet, each within its bounds. Throws `SftpError`. */
export class PacketReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** A length or place in a file; exact up to 2^53, beyond which no file is. */
  uint64(): number {
    const at = this.#take(8);
    return this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4);
  }

  /** `string`: its length and so many bytes, which stay those of the packet. */
  string(): Uint8Array {
    const length = this.uint32();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** All that is left: the data of an extension that is not known. */
  rest(): Uint8Array {
    const at = this.#take(this.#bytes.length - this.#at);
    return this.#bytes.subarray(at);
  }

  end(): void {
    if (this.#at < this.#bytes.length) throw new SftpError('a packet is longer than what it holds');
  }

  #take(length: number): number {
    const at = this.#at;
    if (this.#bytes.length - at < length) throw new SftpError('a packet is shorter than what it should hold');
    this.#at += length;
    return at;
  }
}

export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function uint64(value: number): Uint8Array {
  return concat([uint32(Math.floor(value / 2 ** 32)), uint32(value % 2 ** 32)]);
}

/** `string` */
export function string(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concat([uint32(bytes.length), bytes]);
}

/** A packet with its length in front, as it goes over the wire. */
export function packet(type: number, ...fields: readonly Uint8Array[]): Uint8Array {
  const payload = concat([Uint8Array.of(type), ...fields]);
  return string(payload);
}

/** What a piece of a packet takes beside its bytes. */
const perChunk = 128;

/** Puts packets together from a stream. */
export class PacketStream {
  readonly #read: () => Promise<Uint8Array | undefined>;
  readonly #longest: number;
  readonly #kept: Holding;
  #chunks: Uint8Array[] = [];
  #length = 0;

  /**
   * @param longest the most bytes of a packet behind its length
   * @param kept where it is counted what waits here
   */
  constructor(read: () => Promise<Uint8Array | undefined>, longest: number, kept = unlimited().holding()) {
    this.#read = read;
    this.#longest = longest;
    this.#kept = kept;
  }

  /** The next packet without its length; undefined at the end of the stream. Throws `SftpError`, also where the stream ends inside a packet. */
  async next(): Promise<Uint8Array | undefined> {
    this.#keep();
    if (!(await this.#has(4))) {
      if (this.#length > 0) throw cutShort();
      return undefined;
    }
    const length = new PacketReader(this.#taken(4)).uint32();
    if (length === 0 || length > this.#longest) throw new SftpError(`a packet has 1 to ${this.#longest} bytes, not ${length}`);
    if (!(await this.#has(length))) throw cutShort();
    return this.#taken(length);
  }

  async #has(length: number): Promise<boolean> {
    while (this.#length < length) {
      const bytes = await this.#read();
      if (bytes === undefined) return false;
      this.#chunks.push(bytes);
      this.#length += bytes.length;
      this.#keep();
    }
    return true;
  }

  /** What is not taken yet; a small rest does not keep all that it came with. */
  #keep(): void {
    const [first] = this.#chunks;
    if (first !== undefined && first.length < first.buffer.byteLength / 2) this.#chunks[0] = first.slice();
    this.#kept.resize(this.#length + this.#chunks.length * perChunk);
  }

  /** So many bytes of those that are there. */
  #taken(length: number): Uint8Array {
    const [first] = this.#chunks;
    const whole = first !== undefined && this.#chunks.length === 1 ? first : concat(this.#chunks);
    this.#chunks = whole.length > length ? [whole.subarray(length)] : [];
    this.#length = whole.length - length;
    return whole.subarray(0, length);
  }
}

function cutShort(): SftpError {
  return new SftpError('the stream ends inside a packet');
}

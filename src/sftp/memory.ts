import { BudgetError, type Share } from '../bytes/budget.ts';
import { FileError } from '../platform/files.ts';

/** The longest file that is read or written, in bytes. */
export const longestFile = 8 << 20;

/** The least that is taken for a file that is written; it doubles as it gets longer. */
const least = 64 << 10;

/** The memory that the open files of one client take. */
export class Memory {
  readonly #share: Share;

  constructor(share: Share) {
    this.#share = share;
  }

  /** Throws `FileError` (`too-large`) where so many bytes are not left, or no file may have them. `name` is for the message. */
  take(bytes: number, name: string): void {
    if (bytes > longestFile) throw new FileError('too-large', name, `file too large: at most ${longestFile} bytes are read or written`);
    try {
      this.#share.take(bytes);
    } catch (error) {
      throw error instanceof BudgetError ? new FileError('too-large', name, error.message) : error;
    }
  }

  giveBack(bytes: number): void {
    this.#share.giveBack(bytes);
  }
}

/** The bytes of a file while it is open. */
export class Content {
  readonly #memory: Memory;
  readonly #name: string;
  #bytes: Uint8Array = new Uint8Array(0);
  #length = 0;
  #taken = 0;

  constructor(memory: Memory, name: string) {
    this.#memory = memory;
    this.#name = name;
  }

  get length(): number {
    return this.#length;
  }

  /** All of it, as it is: no copy. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Takes what `read` reads of a file of that size. Throws as `Memory.take` does. */
  async load(size: number, read: () => Promise<Uint8Array>): Promise<void> {
    this.#memory.take(size, this.#name);
    this.#taken = size;
    try {
      this.#bytes = await read();
    } catch (error) {
      this.close();
      throw error;
    }
    this.#length = this.#bytes.length;
  }

  /** At most so many bytes from `offset` on; undefined at the end. */
  read(offset: number, length: number): Uint8Array | undefined {
    return offset >= this.#length ? undefined : this.#bytes.subarray(offset, Math.min(offset + length, this.#length));
  }

  /** Zeros fill a gap. Throws as `Memory.take` does. */
  write(offset: number, data: Uint8Array): void {
    const end = offset + data.length;
    this.#grow(end);
    this.#bytes.set(data, offset);
    this.#length = Math.max(this.#length, end);
  }

  /** Cuts it off, or fills it up with zeros. */
  resize(length: number): void {
    this.#grow(length);
    if (length < this.#length) this.#bytes.fill(0, length, this.#length);
    this.#length = length;
  }

  /** Forgets it: it may be a private key. */
  close(): void {
    this.#bytes.fill(0);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    this.#memory.giveBack(this.#taken);
    this.#taken = 0;
  }

  #grow(length: number): void {
    if (length <= this.#bytes.length) return;
    const doubled = Math.min(Math.max(least, 2 * this.#bytes.length), longestFile);
    const size = Math.max(doubled, length);
    // Both are there while one is copied to the other.
    this.#memory.take(size, this.#name);
    const larger = new Uint8Array(size);
    larger.set(this.#bytes);
    this.#bytes.fill(0);
    this.#bytes = larger;
    this.#memory.giveBack(this.#taken);
    this.#taken = size;
  }
}

import { type Holding, unlimited } from '../bytes/budget.ts';

/** As much as a person may type, or paste, ahead of the commands that run; then the sender has to wait. */
const roomForTypeAhead = 128 << 10;

/** What a piece of it takes beside its bytes: whoever types has them come one by one. */
const perChunk = 128;

/** Input between the end that types and the one that reads: what was typed ahead waits here. One reader at a time. */
export class TypeAhead {
  readonly #kept: Holding;
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** What the reader took last and may be at work on. */
  #read = 0;
  #ended = false;
  #reader: ((bytes: Uint8Array | undefined) => void) | undefined;
  #roomMade: (() => void) | undefined;

  /** @param kept where it is counted */
  constructor(kept: Holding = unlimited().holding()) {
    this.#kept = kept;
  }

  /** True while somebody waits for input. */
  get awaited(): boolean {
    return this.#reader !== undefined;
  }

  /** Resolves when there is room for more. Throws `BudgetError`. */
  async push(bytes: Uint8Array): Promise<void> {
    if (this.#ended || bytes.length === 0) return;
    const length = bytes.length + perChunk;
    this.#kept.resize(this.#length + this.#read + length);
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      this.#read = length;
      reader(bytes);
      return;
    }
    this.#chunks.push(bytes);
    this.#length += length;
    if (this.#length < roomForTypeAhead) return;
    await new Promise<void>((resolve) => {
      this.#roomMade = resolve;
    });
  }

  /** No more will come. What was typed before is still read. */
  end(): void {
    this.#ended = true;
    this.#makeRoom();
    this.#reader?.(undefined);
    this.#reader = undefined;
  }

  /** Forgets what nobody has read. */
  clear(): void {
    this.#chunks = [];
    this.#length = 0;
    this.#kept.resize(this.#read);
    this.#makeRoom();
  }

  read(): Promise<Uint8Array | undefined> {
    const chunk = this.#chunks.shift();
    this.#read = chunk === undefined ? 0 : chunk.length + perChunk;
    this.#length -= this.#read;
    this.#kept.resize(this.#length + this.#read);
    if (chunk !== undefined) {
      if (this.#length < roomForTypeAhead) this.#makeRoom();
      return Promise.resolve(chunk);
    }
    if (this.#ended) return Promise.resolve(undefined);
    if (this.#reader !== undefined) throw new Error('a terminal has one reader at a time');
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  #makeRoom(): void {
    this.#roomMade?.();
    this.#roomMade = undefined;
  }
}

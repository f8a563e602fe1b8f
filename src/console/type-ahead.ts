/** As much as a person may type, or paste, ahead of the commands that run; then the sender has to wait. */
const roomForTypeAhead = 1 << 20;

/** Input between the end that types and the one that reads: what was typed ahead waits here. One reader at a time. */
export class TypeAhead {
  #chunks: Uint8Array[] = [];
  #length = 0;
  #ended = false;
  #reader: ((bytes: Uint8Array | undefined) => void) | undefined;
  #roomMade: (() => void) | undefined;

  /** True while somebody waits for input. */
  get awaited(): boolean {
    return this.#reader !== undefined;
  }

  /** Resolves when there is room for more. */
  async push(bytes: Uint8Array): Promise<void> {
    if (this.#ended || bytes.length === 0) return;
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader(bytes);
      return;
    }
    this.#chunks.push(bytes);
    this.#length += bytes.length;
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
    this.#makeRoom();
  }

  read(): Promise<Uint8Array | undefined> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#length -= chunk.length;
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

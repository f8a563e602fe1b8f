/** The lines that a session ran, oldest first, bounded. What must not be kept (secrets) is left out by whoever adds. */
export class History {
  readonly #lines: string[] = [];
  readonly #most: number;

  constructor(most = 500) {
    this.#most = most;
  }

  /** Keeps a line, unless it is empty or the same as the last one. */
  add(line: string): void {
    if (line.trim() === '' || line === this.#lines.at(-1)) return;
    this.#lines.push(line);
    if (this.#lines.length > this.#most) this.#lines.shift();
  }

  get length(): number {
    return this.#lines.length;
  }

  at(index: number): string | undefined {
    return this.#lines[index];
  }

  /** The index of the newest line before `before` that contains `text`. */
  search(text: string, before = this.#lines.length): number | undefined {
    for (let i = Math.min(before, this.#lines.length) - 1; i >= 0; i--) {
      if (this.#lines[i]?.includes(text) === true) return i;
    }
    return undefined;
  }
}

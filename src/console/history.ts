import { BudgetError, type Holding, unlimited } from '../bytes/budget.ts';

/** Characters of all its lines. */
const longest = 131_072;

/** The lines that a session ran, oldest first, bounded. What must not be kept (secrets) is left out by whoever adds. */
export class History {
  readonly #lines: string[] = [];
  readonly #most: number;
  readonly #kept: Holding;
  #length = 0;

  /** @param kept where it is counted; the oldest lines are forgotten where there is no room */
  constructor({ most = 500, kept = unlimited().holding() }: { readonly most?: number; readonly kept?: Holding } = {}) {
    this.#most = most;
    this.#kept = kept;
  }

  /** Keeps a line, unless it is empty or the same as the last one. */
  add(line: string): void {
    if (line.trim() === '' || line === this.#lines.at(-1)) return;
    this.#lines.push(line);
    this.#length += line.length;
    while (this.#lines.length > this.#most || this.#length > longest || !this.#fits()) this.#length -= this.#lines.shift()?.length ?? 0;
  }

  /** A character takes two bytes at most. */
  #fits(): boolean {
    try {
      this.#kept.resize(2 * this.#length);
      return true;
    } catch (error) {
      if (error instanceof BudgetError && this.#lines.length > 0) return false;
      throw error;
    }
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

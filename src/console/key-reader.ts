import type { Terminal } from '../platform/terminal.ts';
import { type Key, KeyDecoder } from './keys.ts';

/** The keys of a terminal, one at a time, kept over from one question to the next: a paste holds many lines. */
export class KeyReader {
  readonly #terminal: Terminal;
  readonly #decoder = new KeyDecoder();
  readonly #keys: Key[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Undefined at the end of input. */
  async next(): Promise<Key | undefined> {
    for (;;) {
      const key = this.#keys.shift();
      if (key !== undefined) return key;
      const bytes = await this.#terminal.read();
      if (bytes === undefined) return undefined;
      this.#keys.push(...this.#decoder.push(bytes));
    }
  }

  /** True when keys have come that nobody has taken. */
  get waiting(): boolean {
    return this.#keys.length > 0;
  }

  /** Forgets what was typed ahead. */
  clear(): void {
    this.#keys.length = 0;
  }

  /** Takes a Ctrl-C that was typed ahead, with all before it; true if there was one. */
  takeInterrupt(): boolean {
    const at = this.#keys.findLastIndex((key) => key.type === 'control' && key.letter === 'C');
    this.#keys.splice(0, at + 1);
    return at >= 0;
  }
}

import type { Terminal } from '../platform/terminal.ts';
import { type Key, KeyDecoder } from './keys.ts';

const controlC = 0x03;

/** So many bytes at once are made keys, which take much more memory. */
const atOnce = 256;

/** The keys of a terminal, one at a time, kept over from one question to the next: a paste holds many lines. */
export class KeyReader {
  readonly #terminal: Terminal;
  readonly #decoder = new KeyDecoder();
  readonly #keys: Key[] = [];
  /** What came and is no keys yet. */
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Undefined at the end of input. */
  async next(): Promise<Key | undefined> {
    for (;;) {
      const key = this.#keys.shift();
      if (key !== undefined) return key;
      if (this.#bytes.length === 0) {
        const bytes = await this.#terminal.read();
        if (bytes === undefined) return undefined;
        this.#bytes = bytes;
      }
      this.#keys.push(...this.#decoder.push(this.#bytes.subarray(0, atOnce)));
      this.#bytes = this.#bytes.subarray(atOnce);
    }
  }

  /** True when keys have come that nobody has taken. */
  get waiting(): boolean {
    return this.#keys.length > 0 || this.#bytes.length > 0;
  }

  /** Forgets what was typed ahead. */
  clear(): void {
    this.#keys.length = 0;
    this.#bytes = new Uint8Array(0);
  }

  /** Takes a Ctrl-C that was typed ahead, with all before it; true if there was one. */
  takeInterrupt(): boolean {
    const behind = this.#bytes.lastIndexOf(controlC) + 1;
    const at = this.#keys.findLastIndex((key) => key.type === 'control' && key.letter === 'C');
    this.#keys.splice(0, behind > 0 ? this.#keys.length : at + 1);
    this.#bytes = this.#bytes.subarray(behind);
    return behind > 0 || at >= 0;
  }
}

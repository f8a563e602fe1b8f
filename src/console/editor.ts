import type { Terminal } from '../platform/terminal.ts';
import { type Edited, Editing, type LineOptions } from './editing.ts';
import type { KeyReader } from './key-reader.ts';

/** Edits one line after another on a terminal. */
export class LineEditor {
  readonly #terminal: Terminal;
  readonly #keys: KeyReader;

  constructor(terminal: Terminal, keys: KeyReader) {
    this.#terminal = terminal;
    this.#keys = keys;
  }

  /** Lets the person edit a line. The cursor is at the start of a row before and after. */
  async read(options: LineOptions): Promise<Edited> {
    const editing = new Editing(this.#terminal, options);
    // A terminal that is gone says so to the next read.
    const ignore = this.#terminal.onResize(() => void editing.paint().catch(() => undefined));
    try {
      await editing.paint();
      for (;;) {
        const key = await this.#keys.next();
        const ended = key === undefined ? { kind: 'end' as const } : await editing.press(key, this.#keys.waiting);
        if (ended !== undefined || !this.#keys.waiting) await editing.paint();
        if (ended === undefined) continue;
        await editing.leave();
        return ended;
      }
    } finally {
      ignore();
    }
  }
}

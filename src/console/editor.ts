import { BudgetError, type Holding, unlimited } from '../bytes/budget.ts';
import type { Terminal } from '../platform/terminal.ts';
import { type Edited, Editing, type LineOptions } from './editing.ts';
import type { KeyReader } from './key-reader.ts';

/** Bytes that a character takes while its line is edited: in the line, and in the picture of it. */
const perCharacter = 64;

/** Edits one line after another on a terminal. */
export class LineEditor {
  readonly #terminal: Terminal;
  readonly #keys: KeyReader;

  readonly #kept: Holding;

  /** @param kept where the line is counted */
  constructor(terminal: Terminal, keys: KeyReader, kept: Holding = unlimited().holding()) {
    this.#terminal = terminal;
    this.#keys = keys;
    this.#kept = kept;
  }

  /** Lets the person edit a line. The cursor is at the start of a row before and after. */
  async read(options: LineOptions): Promise<Edited> {
    const editing = new Editing(this.#terminal, options);
    const ignore = this.#terminal.onResize(repeatable(() => editing.paint()));
    try {
      await editing.paint();
      for (;;) {
        const key = await this.#keys.next();
        const pressed = key === undefined ? { kind: 'end' as const } : await editing.press(key, this.#keys.waiting);
        const ended = pressed ?? (this.#keeps(editing.length) ? undefined : { kind: 'no-room' as const });
        if (ended !== undefined || !this.#keys.waiting) await editing.paint();
        if (ended === undefined) continue;
        await editing.leave();
        return ended;
      }
    } finally {
      ignore();
      this.#kept.resize(0);
    }
  }

  #keeps(length: number): boolean {
    try {
      this.#kept.resize(length * perCharacter);
      return true;
    } catch (error) {
      if (error instanceof BudgetError) return false;
      throw error;
    }
  }
}

/**
 * Does `work` again when it was asked for while it was under way, once: a terminal may say its size a thousand times while it takes no picture.
 * What fails says so to whoever works with the terminal next.
 */
function repeatable(work: () => Promise<void>): () => void {
  let busy = false;
  let asked = false;
  const run = async (): Promise<void> => {
    asked = true;
    if (busy) return;
    busy = true;
    while (takeAsked()) await work().catch(() => undefined);
    busy = false;
  };
  const takeAsked = (): boolean => {
    const was = asked;
    asked = false;
    return was;
  };
  return () => void run();
}

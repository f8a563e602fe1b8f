import { setTimeout as sleep } from 'node:timers/promises';
import headless from '@xterm/headless';
import { vi } from 'vitest';
import { utf8 } from '../../src/bytes/utf8.ts';
import { TypeAhead } from '../../src/console/type-ahead.ts';
import type { Terminal } from '../../src/platform/terminal.ts';
import { patience } from '../patience.ts';

/** A terminal whose keys a test presses and whose screen it reads: xterm's own emulation without a window. */
export class TestTerminal implements Terminal {
  readonly interactive: boolean;
  readonly type: string;
  readonly #screen: headless.Terminal;
  readonly #typed = new TypeAhead();
  readonly #resized = new Set<() => void>();
  readonly #interrupted = new Set<() => void>();
  /** Everything that was written, as bytes came. */
  written = '';
  /** What was written to standard error. */
  errors = '';
  status: number | undefined;

  constructor(how: { columns?: number; rows?: number; type?: string; interactive?: boolean } = {}) {
    this.#screen = new headless.Terminal({ cols: how.columns ?? 80, rows: how.rows ?? 24, allowProposedApi: true, scrollback: 5000 });
    this.type = how.type ?? 'xterm-256color';
    this.interactive = how.interactive ?? true;
  }

  get columns(): number {
    return this.#screen.cols;
  }

  get rows(): number {
    return this.#screen.rows;
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#typed.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    this.written += new TextDecoder().decode(bytes);
    return new Promise((resolve) => {
      this.#screen.write(bytes, resolve);
    });
  }

  async writeError(bytes: Uint8Array): Promise<void> {
    this.errors += new TextDecoder().decode(bytes);
  }

  onResize(listener: () => void): () => void {
    this.#resized.add(listener);
    return () => this.#resized.delete(listener);
  }

  onInterrupt(listener: () => void): () => void {
    this.#interrupted.add(listener);
    return () => this.#interrupted.delete(listener);
  }

  async close(status: number): Promise<void> {
    this.status = status;
  }

  /** Presses keys and waits until whoever reads them wants more, or a moment if nobody does. */
  async press(keys: string | Uint8Array): Promise<void> {
    void this.#typed.push(typeof keys === 'string' ? utf8(keys) : keys);
    await this.idle();
  }

  /** The end of input. */
  async end(): Promise<void> {
    this.#typed.end();
    await sleep(0);
  }

  async idle(): Promise<void> {
    for (let i = 0; i < 30 && !this.#typed.awaited; i++) await sleep(1);
  }

  /** Waits until the screen shows this. */
  async shows(text: string): Promise<void> {
    await vi.waitUntil(() => this.screen.includes(text), { interval: 1, timeout: patience });
  }

  interrupt(): void {
    for (const listener of this.#interrupted) listener();
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.#screen.resize(columns, rows);
    for (const listener of this.#resized) listener();
    await sleep(1);
  }

  /** The whole screen with what scrolled off, without blanks at the ends of lines and empty lines at the end. */
  get lines(): string[] {
    const buffer = this.#screen.buffer.active;
    const lines = Array.from({ length: buffer.length }, (_, i) => buffer.getLine(i)?.translateToString(true).trimEnd() ?? '');
    while (lines.length > 0 && lines.at(-1) === '') lines.pop();
    return lines;
  }

  get screen(): string {
    return this.lines.join('\n');
  }

  /** Row and column of the cursor, rows counted as in `lines`. */
  get cursor(): readonly [row: number, column: number] {
    const { baseY, cursorY, cursorX } = this.#screen.buffer.active;
    return [baseY + cursorY, cursorX];
  }
}

import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { patience } from '../patience.ts';

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
  /** TERM */
  readonly type: string;
}

/** A program in a terminal, as a person has it: keys go in, and what the screen shows can be read. */
export class PseudoTerminal {
  readonly #process: IPty;
  readonly #screen: headless.Terminal;
  #status: number | undefined;

  constructor([program = '', ...args]: readonly string[], { columns, rows, type }: WindowSize, env: Readonly<Record<string, string>> = {}) {
    this.#screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 10_000 });
    this.#process = spawn(program, args, {
      cols: columns,
      rows,
      name: type,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC', ...env, TERM: type },
    });
    this.#process.onData((text) => this.#screen.write(text));
    this.#process.onExit(({ exitCode }) => {
      this.#status = exitCode;
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** The exit status, once the program has ended. */
  get status(): number | undefined {
    return this.#status;
  }

  press(keys: string): void {
    this.#process.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#process.resize(columns, rows);
  }

  kill(signal: string): void {
    this.#process.kill(signal);
  }

  /** What the screen shows and what scrolled off it; a line that the terminal wrapped is one line. No blanks at ends of lines. */
  get lines(): string[] {
    const buffer = this.#screen.buffer.active;
    const lines: string[] = [];
    for (let i = 0; i < buffer.length; i++) {
      const row = buffer.getLine(i);
      const text = row?.translateToString(false) ?? '';
      if (row?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${text}`);
      else lines.push(text);
    }
    const trimmed = lines.map((line) => line.trimEnd());
    while (trimmed.at(-1) === '') trimmed.pop();
    return trimmed;
  }

  /** Waits until `done` says so, or for as long as a slow machine may need. Tells which of both. */
  async until(done: () => boolean): Promise<boolean> {
    for (const deadline = performance.now() + patience; performance.now() < deadline; ) {
      if (done()) return true;
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
    return false;
  }
}

import type { Readable, Writable } from 'node:stream';
import { NetworkError } from '../network.ts';
import type { Terminal } from '../terminal.ts';

/** The parts of `process.stdin` that a terminal has and a pipe has not. */
export interface TerminalInput extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** The parts of `process.stdout` that a terminal has and a pipe has not. */
export interface TerminalOutput extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** ETX: what Ctrl-C sends on a line in raw mode. */
const controlC = 3;

/** Bytes typed ahead of a reader that are kept; then the typing line is told to wait. */
const mostAhead = 65_536;

/** The terminal, or the pipes, that a program was started on. */
export class NodeTerminal implements Terminal {
  readonly interactive: boolean;
  readonly type: string;
  readonly #input: TerminalInput;
  readonly #output: TerminalOutput;
  readonly #errors: Writable;
  readonly #interruptListeners = new Set<() => void>();
  readonly #resizeListeners = new Set<() => void>();
  #ahead: Uint8Array[] = [];
  #reader: ((bytes: Uint8Array | undefined) => void) | undefined;
  #ended = false;

  /** `type` is the TERM of the environment. A terminal is put in raw mode until `close`. */
  constructor(input: TerminalInput, output: TerminalOutput, errors: Writable, type: string) {
    this.#input = input;
    this.#output = output;
    this.#errors = errors;
    this.type = type;
    this.interactive = input.isTTY === true && output.isTTY === true;
    if (this.interactive) input.setRawMode?.(true);
    input.on('data', (chunk: Uint8Array) => this.#typed(new Uint8Array(chunk)));
    input.on('end', () => this.#end());
    input.on('error', () => this.#end());
    // A failed write is told by the promise of that write.
    output.on('error', () => undefined);
    errors.on('error', () => undefined);
    output.on('resize', () => {
      for (const listener of this.#resizeListeners) listener();
    });
  }

  get columns(): number {
    return this.#output.columns ?? 0;
  }

  get rows(): number {
    return this.#output.rows ?? 0;
  }

  read(): Promise<Uint8Array | undefined> {
    const next = this.#ahead.shift();
    if (next !== undefined || this.#ended) {
      this.#input.resume();
      return Promise.resolve(next);
    }
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return written(this.#output, this.interactive ? withoutReturns(bytes) : bytes);
  }

  writeError(bytes: Uint8Array): Promise<void> {
    return written(this.#errors, this.interactive ? withoutReturns(bytes) : bytes);
  }

  onResize(listener: () => void): () => void {
    this.#resizeListeners.add(listener);
    return () => this.#resizeListeners.delete(listener);
  }

  onInterrupt(listener: () => void): () => void {
    this.#interruptListeners.add(listener);
    return () => this.#interruptListeners.delete(listener);
  }

  close(status: number): Promise<void> {
    this.#interruptListeners.clear();
    this.#end();
    if (this.interactive) this.#input.setRawMode?.(false);
    this.#input.pause();
    process.exitCode = status;
    return Promise.resolve();
  }

  #typed(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#reader !== undefined) {
      this.#give(bytes);
      return;
    }
    const interrupt = this.interactive ? bytes.lastIndexOf(controlC) : -1;
    if (interrupt >= 0) {
      // As a terminal's own Ctrl-C does: what was typed ahead goes.
      this.#ahead = [];
      this.#interrupt();
    }
    if (interrupt + 1 < bytes.length) this.#ahead.push(bytes.subarray(interrupt + 1));
    if (this.#ahead.reduce((length, chunk) => length + chunk.length, 0) > mostAhead) this.#input.pause();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#give(undefined);
    // The person hung up; the end of a script's input is no reason to stop its last command.
    if (this.interactive) this.#interrupt();
  }

  #interrupt(): void {
    for (const listener of this.#interruptListeners) listener();
  }

  #give(bytes: Uint8Array | undefined): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(bytes);
  }
}

function written(output: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(bytes, (error) => (error ? reject(new NetworkError('closed', `the terminal is gone: ${error.message}`)) : resolve()));
  });
}

/** Node's raw mode leaves the terminal to write LF as CR LF (ONLCR): CR LF becomes LF here, not CR CR LF there. */
function withoutReturns(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => !(byte === 0x0d && bytes[i + 1] === 0x0a));
}

import type { Readable, Writable } from 'node:stream';
import { Typing, withoutReturns } from '../common/typing.ts';
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

/** The terminal, or the pipes, that a program was started on. */
export class NodeTerminal implements Terminal {
  readonly interactive: boolean;
  readonly type: string;
  readonly #input: TerminalInput;
  readonly #output: TerminalOutput;
  readonly #errors: Writable;
  readonly #typing: Typing;
  readonly #resizeListeners = new Set<() => void>();

  /** `type` is the TERM of the environment. A terminal is put in raw mode until `close`. */
  constructor(input: TerminalInput, output: TerminalOutput, errors: Writable, type: string) {
    this.#input = input;
    this.#output = output;
    this.#errors = errors;
    this.type = type;
    this.interactive = input.isTTY === true && output.isTTY === true;
    if (this.interactive) input.setRawMode?.(true);
    this.#typing = new Typing(this.interactive, { pause: () => input.pause(), resume: () => input.resume() });
    input.on('data', (chunk: Uint8Array) => this.#typing.typed(new Uint8Array(chunk)));
    input.on('end', () => this.#typing.end());
    input.on('error', () => this.#typing.end());
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
    return this.#typing.read();
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
    return this.#typing.onInterrupt(listener);
  }

  close(status: number): Promise<void> {
    this.#typing.close();
    if (this.interactive) this.#input.setRawMode?.(false);
    this.#input.pause();
    process.exitCode = status;
    return Promise.resolve();
  }
}

function written(output: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(bytes, (error) => (error ? reject(new NetworkError('closed', `the terminal is gone: ${error.message}`)) : resolve()));
  });
}

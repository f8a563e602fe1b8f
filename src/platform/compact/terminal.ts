import { isTerminal, nextResize, readInput, setRawMode, windowSize, writeError, writeOutput } from 'signet:terminal';
import { Typing, withoutReturns } from '../common/typing.ts';
import { NetworkError } from '../network.ts';
import type { Terminal } from '../terminal.ts';
import { attemptLater } from './work.ts';

/** The terminal, or the pipes, that the program was started on. */
export class CompactTerminal implements Terminal {
  readonly interactive: boolean;
  readonly type: string;
  readonly #typing: Typing;
  readonly #resizeListeners = new Set<() => void>();
  /** Pending while the reader is too far behind. */
  #letOn: Promise<void> | undefined;
  #resume: () => void = () => undefined;
  #closed = false;

  /** `type` is the TERM of the environment; `input` takes the place of what is typed. A terminal is put in raw mode until `close`. */
  constructor(type: string, input?: Uint8Array) {
    this.type = type;
    this.interactive = input === undefined && isTerminal();
    this.#typing = new Typing(this.interactive, {
      pause: () => {
        this.#letOn ??= new Promise((resolve) => {
          this.#resume = resolve;
        });
      },
      resume: () => {
        this.#resume();
        this.#letOn = undefined;
      },
    });
    if (input === undefined) void this.#readAll();
    else {
      this.#typing.typed(input);
      this.#typing.end();
    }
    if (!this.interactive) return;
    setRawMode(true);
    void this.#watchSize();
  }

  get columns(): number {
    return this.interactive ? windowSize()[0] : 0;
  }

  get rows(): number {
    return this.interactive ? windowSize()[1] : 0;
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#typing.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    return attemptLater(() => writeOutput(this.interactive ? withoutReturns(bytes) : bytes), gone);
  }

  writeError(bytes: Uint8Array): Promise<void> {
    return attemptLater(() => writeError(this.interactive ? withoutReturns(bytes) : bytes), gone);
  }

  onResize(listener: () => void): () => void {
    this.#resizeListeners.add(listener);
    return () => this.#resizeListeners.delete(listener);
  }

  onInterrupt(listener: () => void): () => void {
    return this.#typing.onInterrupt(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#typing.close();
    this.#resume();
    if (this.interactive) setRawMode(false);
  }

  async #readAll(): Promise<void> {
    for (let bytes = await readInput(); bytes !== undefined && !this.#closed; bytes = await readInput()) {
      this.#typing.typed(bytes);
      await this.#letOn;
    }
    this.#typing.end();
  }

  async #watchSize(): Promise<void> {
    for (;;) {
      await nextResize();
      if (this.#closed) return;
      for (const listener of this.#resizeListeners) listener();
    }
  }
}

function gone(code: 'closed', message: string): NetworkError {
  return new NetworkError(code, message);
}

/** ETX: what Ctrl-C sends on a line in raw mode. */
const controlC = 3;

/** Bytes typed ahead of a reader that are kept; then the typing line is told to wait. */
const mostAhead = 65_536;

/** What comes from a terminal, or a pipe: kept for one reader at a time; Ctrl-C interrupts while nobody reads. */
export class Typing {
  readonly #interactive: boolean;
  readonly #flow: { pause(): void; resume(): void };
  readonly #listeners = new Set<() => void>();
  #ahead: Uint8Array[] = [];
  #reader: ((bytes: Uint8Array | undefined) => void) | undefined;
  #ended = false;

  /** `flow` holds back and lets on what brings the bytes. */
  constructor(interactive: boolean, flow: { pause(): void; resume(): void }) {
    this.#interactive = interactive;
    this.#flow = flow;
  }

  /** The next bytes, or undefined at the end. */
  read(): Promise<Uint8Array | undefined> {
    const next = this.#ahead.shift();
    if (next !== undefined || this.#ended) {
      this.#flow.resume();
      return Promise.resolve(next);
    }
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  onInterrupt(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Bytes have come. */
  typed(bytes: Uint8Array): void {
    if (this.#ended) return;
    if (this.#reader !== undefined) {
      this.#give(bytes);
      return;
    }
    const interrupt = this.#interactive ? bytes.lastIndexOf(controlC) : -1;
    if (interrupt >= 0) {
      // As a terminal's own Ctrl-C does: what was typed ahead goes.
      this.#ahead = [];
      this.#interrupt();
    }
    if (interrupt + 1 < bytes.length) this.#ahead.push(bytes.subarray(interrupt + 1));
    if (this.#ahead.reduce((length, chunk) => length + chunk.length, 0) > mostAhead) this.#flow.pause();
  }

  /** No more will come. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#give(undefined);
    // The person hung up; the end of a script's input is no reason to stop its last command.
    if (this.#interactive) this.#interrupt();
  }

  /** The session is over: who waits gets the end, and nobody is interrupted. */
  close(): void {
    this.#listeners.clear();
    this.end();
  }

  #interrupt(): void {
    for (const listener of this.#listeners) listener();
  }

  #give(bytes: Uint8Array | undefined): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(bytes);
  }
}

/** Raw mode leaves the terminal to write LF as CR LF (ONLCR): CR LF becomes LF here, not CR CR LF there. */
export function withoutReturns(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => !(byte === 0x0d && bytes[i + 1] === 0x0a));
}

/** https://no-color.org: whoever sets NO_COLOR sits at a terminal without colours, which terminfo calls `-mono`. */
export function terminalType(variable: (name: string) => string | undefined): string {
  const type = variable('TERM') ?? '';
  return (variable('NO_COLOR') ?? '') !== '' && type !== '' && type !== 'dumb' ? `${type}-mono` : type;
}

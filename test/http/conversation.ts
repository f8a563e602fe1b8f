import { type Handler, serveHttp, type Times } from '../../src/http/server.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';

/** A connection that a client has already written, in these pieces, and whose answers are kept. */
class Written {
  readonly peer = 'test';
  readonly user = undefined;
  readonly answers: Uint8Array[] = [];
  closed = false;
  readonly #pieces: readonly Uint8Array[];
  #next = 0;
  readonly #hangs: boolean;
  #wake: () => void = () => undefined;

  constructor(pieces: readonly Uint8Array[], hangs: boolean) {
    this.#pieces = pieces;
    this.#hangs = hangs;
  }

  async read(): Promise<Uint8Array | undefined> {
    const piece = this.closed ? undefined : this.#pieces[this.#next++];
    if (piece === undefined && this.#hangs && !this.closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return piece;
  }

  write(bytes: Uint8Array): Promise<void> {
    this.answers.push(bytes);
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
    this.#wake();
  }

  drop(): void {
    this.close();
  }
}

export interface Conversation {
  /** All that the server wrote. */
  readonly answer: string;
  /** The statuses of its answers. */
  readonly statuses: number[];
  /** What it had to tell its log. */
  readonly failures: unknown[];
}

export interface Manner {
  /** Bytes at a time; all at once where it is not said. */
  readonly pieces?: number;
  /** The client waits for ever after it wrote, in place of ending. */
  readonly hangs?: boolean;
  readonly times?: Times;
}

/** What a server says to a client that writes this, a character a byte. */
export async function converse(text: string, handle: Handler, { pieces, hangs = false, times }: Manner = {}): Promise<Conversation> {
  const bytes = Buffer.from(text, 'latin1');
  const size = pieces ?? Math.max(bytes.length, 1);
  const written = new Written(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => new Uint8Array(bytes.subarray(i * size, (i + 1) * size))),
    hangs,
  );
  const failures: unknown[] = [];
  await serveHttp(written, handle, {
    clock: new NodeClock(),
    now: () => 1_000_000_000,
    failed: (error) => failures.push(error),
    ...(times === undefined ? {} : { times }),
  });
  if (!written.closed) throw new Error('the server left the connection open');
  const answer = Buffer.concat(written.answers).toString('latin1');
  return { answer, statuses: [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status)), failures };
}

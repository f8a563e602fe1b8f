import { CancelSource } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';

/** Ends what the other end of a connection makes last too long: its time is that in which it is waited for, and no other. */
export class Watch {
  readonly #clock: Pick<Clock, 'sleep' | 'monotonic'>;
  readonly #end: () => void;
  #left = 0;
  /** When the wait that is under way is too long. */
  #until: number | undefined;
  /** One timer outlives many waits, each of which is short: a peer that sends single bytes does not cost a timer each. */
  #timer: { readonly at: number; readonly source: CancelSource } | undefined;
  #expired = false;

  /** `end` is called when the time is over: it drops the connection, so that what waits for it ends. */
  constructor(clock: Pick<Clock, 'sleep' | 'monotonic'>, end: () => void) {
    this.#clock = clock;
    this.#end = end;
  }

  get expired(): boolean {
    return this.#expired;
  }

  /** From now on there are so many milliseconds. */
  allow(milliseconds: number): void {
    this.#left = milliseconds;
  }

  /** Waits for the other end. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const begun = this.#clock.monotonic();
    this.#until = begun + this.#left;
    this.#arm(this.#until);
    try {
      return await work();
    } finally {
      this.#until = undefined;
      this.#left -= this.#clock.monotonic() - begun;
    }
  }

  /** Nothing is waited for any more. */
  dispose(): void {
    this.#timer?.source.cancel();
    this.#timer = undefined;
  }

  #arm(at: number): void {
    if (this.#timer !== undefined && this.#timer.at <= at) return;
    this.dispose();
    const timer = { at, source: new CancelSource() };
    this.#timer = timer;
    this.#clock.sleep(Math.max(at - this.#clock.monotonic(), 0), timer.source).then(
      () => this.#wake(),
      () => undefined,
    );
  }

  #wake(): void {
    this.#timer = undefined;
    if (this.#until === undefined) return;
    if (this.#clock.monotonic() < this.#until) {
      this.#arm(this.#until);
      return;
    }
    this.#expired = true;
    this.#end();
  }
}

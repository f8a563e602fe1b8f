import type { Clock } from '../platform/clock.ts';

/** Milliseconds that the first failure costs, and each further one twice as much, up to the most. */
const first = 1000;
const most = 32_000;
/** Milliseconds after which failures are forgotten. */
const memory = 600_000;
/** Names come from outside: of more than so many the oldest are forgotten. */
const capacity = 256;

interface Failures {
  readonly count: number;
  /** Monotonic milliseconds of the last one. */
  readonly last: number;
}

/** The failed attempts to log in, by name or by place: whoever guesses has to wait. */
export class Attempts {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until the next attempt may be looked at. */
  delay(key: string): number {
    const failures = this.#remembered(key);
    if (failures === undefined) return 0;
    const penalty = Math.min(first * 2 ** (failures.count - 1), most);
    return Math.max(failures.last + penalty - this.#clock.monotonic(), 0);
  }

  failed(key: string): void {
    const count = (this.#remembered(key)?.count ?? 0) + 1;
    // Put at the end: the map's order is that of the last failures.
    this.#failures.delete(key);
    this.#failures.set(key, { count, last: this.#clock.monotonic() });
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > capacity && oldest.done !== true) this.#failures.delete(oldest.value);
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  #remembered(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    return failures !== undefined && this.#clock.monotonic() - failures.last < memory ? failures : undefined;
  }
}

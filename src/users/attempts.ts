import type { Clock } from '../platform/clock.ts';
import { Recent } from './recent.ts';

/** Milliseconds that the first failure costs, and each further one twice as much, up to the most. */
const first = 1000;
const most = 32_000;
/** Milliseconds after which failures are forgotten. */
const memory = 600_000;
const capacity = 256;

/** The failed attempts to log in, by name or by place: whoever guesses has to wait. */
export class Attempts {
  readonly #clock: Clock;
  /** How many, one after another. */
  readonly #failures: Recent<number>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#failures = new Recent(clock, memory, capacity);
  }

  /** Milliseconds until the next attempt may be looked at. */
  delay(key: string): number {
    const failures = this.#failures.get(key);
    if (failures === undefined) return 0;
    const penalty = Math.min(first * 2 ** (failures.value - 1), most);
    return Math.max(failures.at + penalty - this.#clock.monotonic(), 0);
  }

  failed(key: string): void {
    this.#failures.note(key, (this.#failures.get(key)?.value ?? 0) + 1);
  }

  succeeded(key: string): void {
    this.#failures.forget(key);
  }
}

import type { Clock } from '../platform/clock.ts';

/**
 * What is known of some for a while. Their names come from outside: of more than `capacity` those are forgotten of whom something was noted
 * longest ago.
 */
export class Recent<Value> {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Milliseconds. */
  readonly #memory: number;
  readonly #capacity: number;
  /** In the order in which it was noted. */
  readonly #noted = new Map<string, { readonly value: Value; readonly at: number }>();

  constructor(clock: Pick<Clock, 'monotonic'>, memory: number, capacity: number) {
    this.#clock = clock;
    this.#memory = memory;
    this.#capacity = capacity;
  }

  /** With when it was noted, by the stopwatch. */
  get(key: string): { readonly value: Value; readonly at: number } | undefined {
    const noted = this.#noted.get(key);
    if (noted === undefined || this.#clock.monotonic() - noted.at < this.#memory) return noted;
    this.#noted.delete(key);
    return undefined;
  }

  note(key: string, value: Value): void {
    this.#noted.delete(key);
    this.#noted.set(key, { value, at: this.#clock.monotonic() });
    const oldest = this.#noted.keys().next();
    if (this.#noted.size > this.#capacity && oldest.done !== true) this.#noted.delete(oldest.value);
  }

  forget(key: string): void {
    this.#noted.delete(key);
  }
}

import { neverCancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';

/** Milliseconds in which whoever comes again is only counted. */
const quiet = 60_000;

/** More are told of as one: whoever makes accounts on the machine must not fill the memory with them. */
const capacity = 100;

interface Counted {
  times: number;
  /** Where the last one came from. */
  place: string;
}

/** Accounts that are refused, as the log tells it: nothing makes them wait, so that one could fill it. The first one is told, then how many. */
export class Refusals {
  readonly #clock: Clock;
  readonly #log: (message: string) => void;
  readonly #counted = new Map<string, Counted>();

  constructor(clock: Clock, log: (message: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  refused(who: string, place: string): void {
    const key = this.#counted.has(who) || this.#counted.size < capacity ? who : 'other accounts';
    const counted = this.#counted.get(key);
    if (counted !== undefined) {
      counted.times++;
      counted.place = place;
      return;
    }
    this.#log(`login failure for ${key} ${place}`);
    void this.#count(key, { times: 0, place });
  }

  async #count(key: string, counted: Counted): Promise<void> {
    this.#counted.set(key, counted);
    for (;;) {
      await this.#clock.sleep(quiet, neverCancelled);
      if (counted.times === 0) break;
      this.#log(`login failure for ${key} ${counted.place}, ${counted.times} ${counted.times === 1 ? 'time' : 'times'} in a minute`);
      counted.times = 0;
    }
    this.#counted.delete(key);
  }
}

import type { Clock, Instant } from '../platform/clock.ts';
import type { Work } from './scheduler.ts';

/** Seconds between looks at the ends of certificates. */
const interval = 3600;

/** Tells the log that certificates come to their end, in time for somebody to do something. */
export class Notices implements Work {
  readonly name = 'notices';
  readonly topics = ['certificate'];
  readonly atAnyTime = true;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #give: () => void;
  #last: Instant | undefined;

  /** @param give gives those that are due, each once */
  constructor(clock: Pick<Clock, 'now'>, give: () => void) {
    this.#clock = clock;
    this.#give = give;
  }

  due(): ReadonlyMap<string, Instant> {
    // A clock that was set back starts anew.
    const last = this.#last !== undefined && this.#last <= this.#clock.now() ? this.#last : undefined;
    return new Map([['of coming ends', last === undefined ? 0 : last + interval]]);
  }

  async run(): Promise<void> {
    this.#give();
    this.#last = this.#clock.now();
  }
}

import type { Clock } from '../platform/clock.ts';
import type { Severity } from '../platform/log.ts';

/** Lines a minute that strangers may fill a log with. */
const most = 20;
const minute = 60_000;

/** What strangers on the network did wrong, for the log, which they must not fill. */
export class Complaints {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #log: (severity: Severity, topics: readonly string[], message: string) => void;
  #since = 0;
  #count = 0;

  constructor(clock: Pick<Clock, 'monotonic'>, log: (severity: Severity, topics: readonly string[], message: string) => void) {
    this.#clock = clock;
    this.#log = log;
  }

  add(severity: Severity, topics: readonly string[], message: string): void {
    const now = this.#clock.monotonic();
    if (now - this.#since >= minute) {
      if (this.#count > most) this.#log('warning', ['web'], `${this.#count - most} more failed requests are not in this log`);
      this.#since = now;
      this.#count = 0;
    }
    this.#count++;
    if (this.#count <= most) this.#log(severity, topics, message);
  }
}

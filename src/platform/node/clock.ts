import { spawnSync } from 'node:child_process';
import type { Cancel } from '../cancel.ts';
import { Cancelled } from '../cancel.ts';
import type { Clock, Instant } from '../clock.ts';
import { ClockError } from '../clock.ts';

/** The longest delay that Node's timers keep; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

export class NodeClock implements Clock {
  readonly #dateProgram: string;

  /** @param dateProgram sets the time: Node can't. Called as `date -u -s @SECONDS`, which coreutils and busybox understand. */
  constructor(dateProgram = 'date') {
    this.#dateProgram = dateProgram;
  }

  now(): Instant {
    return Math.floor(Date.now() / 1000);
  }

  monotonic(): number {
    return performance.now();
  }

  offsetAt(instant: Instant): number {
    return Math.round(new Date(instant * 1000).getTimezoneOffset() * -60) + 0;
  }

  zone(): string {
    return new Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  set(instant: Instant): void {
    if (!Number.isSafeInteger(instant)) throw new RangeError('a clock is set to whole seconds');
    const date = spawnSync(this.#dateProgram, ['-u', '-s', `@${instant}`], { shell: false, stdio: 'ignore', timeout: 10_000 });
    if (date.error !== undefined || date.status !== 0) throw new ClockError('this process may not set the system clock');
  }

  sleep(milliseconds: number, cancel: Cancel): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = this.monotonic() + milliseconds;
      let turn: NodeJS.Immediate | undefined;
      let timer: NodeJS.Timeout | undefined;
      let forget: () => void = () => undefined;
      const wait = (): void => {
        const left = end - this.monotonic();
        if (left > 0) {
          timer = setTimeout(wait, Math.min(Math.ceil(left), longestTimer));
          return;
        }
        forget();
        resolve();
      };
      forget = cancel.onCancel(() => {
        clearImmediate(turn);
        clearTimeout(timer);
        reject(new Cancelled());
      });
      // Never at once: whoever sleeps for 0 ms in a loop wants input and timers to have their turn.
      if (!cancel.cancelled) turn = setImmediate(wait);
    });
  }
}

import { setImmediate } from 'node:timers/promises';
import { type Cancel, Cancelled } from '../../src/platform/cancel.ts';
import type { Clock, Instant } from '../../src/platform/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock whose time passes when a test says so: from one sleeper's end to the next. */
export class FakeClock implements Clock {
  #milliseconds = 0;
  /** What the wall clock is ahead of the stopwatch, in seconds. */
  #ahead: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(now: Instant) {
    this.#ahead = now;
  }

  now(): Instant {
    return this.#ahead + Math.floor(this.#milliseconds / 1000);
  }

  monotonic(): number {
    return this.#milliseconds;
  }

  offsetAt(): number {
    return 0;
  }

  zone(): string {
    return 'UTC';
  }

  set(instant: Instant): void {
    this.#ahead += instant - this.now();
  }

  sleep(milliseconds: number, cancel: Cancel): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        at: this.#milliseconds + milliseconds,
        wake: () => {
          forget();
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      const forget = cancel.onCancel(() => {
        this.#sleepers.delete(sleeper);
        reject(new Cancelled());
      });
    });
  }

  /** Lets time pass. `isBusy`: while it says so, time stands, and what really takes time is waited for. */
  async pass(seconds: number, isBusy: () => boolean = () => false): Promise<void> {
    const end = this.#milliseconds + seconds * 1000;
    await settled();
    for (;;) {
      while (isBusy()) await setImmediate();
      const next = [...this.#sleepers].toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#sleepers.delete(next);
      this.#milliseconds = Math.max(this.#milliseconds, next.at);
      next.wake();
      await settled();
    }
    this.#milliseconds = end;
    await settled();
  }
}

/** Everybody who need not wait for time has gone on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

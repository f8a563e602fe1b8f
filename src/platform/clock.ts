import type { Cancel } from './cancel.ts';

/** A point in time: whole seconds since 1970-01-01T00:00:00Z, without leap seconds. May be negative. */
export type Instant = number;

/** The host's time. */
export interface Clock {
  /** The wall clock. It may be wrong (a router without a battery starts in 1970) and may jump. */
  now(): Instant;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Seconds east of UTC of the router's local time at `instant`, daylight saving included. */
  offsetAt(instant: Instant): number;
  /** Name of the local time zone ("UTC", "Europe/Riga"). */
  zone(): string;
  /** Sets the wall clock. Throws `ClockError` if this process may not. */
  set(instant: Instant): void;
  /**
   * Sleeps at least `milliseconds`, and so long that what arrived meanwhile is taken, also for 0; rejects with `Cancelled` if `cancel` fires
   * first.
   */
  sleep(milliseconds: number, cancel: Cancel): Promise<void>;
}

export class ClockError extends Error {
  readonly code: 'not-permitted';

  constructor(message: string) {
    super(message);
    this.name = 'ClockError';
    this.code = 'not-permitted';
  }
}

/** `2033-03-10 17:57:09` in the router's local time, as RouterOS writes dates from 7.10 on. */
export function localDateTime(instant: Instant, clock: Clock): string {
  return new Date((instant + clock.offsetAt(instant)) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

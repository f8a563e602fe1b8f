import * as host from 'signet:clock';
import type { Cancel } from '../cancel.ts';
import { type Clock, ClockError, type Instant } from '../clock.ts';
import { attempt, outcomeOf } from './work.ts';

export class CompactClock implements Clock {
  now(): Instant {
    return host.now();
  }

  monotonic(): number {
    return host.monotonic();
  }

  offsetAt(instant: Instant): number {
    return host.offsetAt(instant);
  }

  zone(): string {
    return host.zone();
  }

  set(instant: Instant): void {
    if (!Number.isSafeInteger(instant)) throw new RangeError('a clock is set to whole seconds');
    attempt(
      () => host.set(instant),
      (_, message) => new ClockError(message),
    );
  }

  sleep(milliseconds: number, cancel: Cancel): Promise<void> {
    return outcomeOf(() => host.sleep(milliseconds), cancel);
  }
}

import type { Clock, Instant } from '../platform/clock.ts';
import { CertificateError } from './errors.ts';

/** `2026-11-23 20:15:00` in the router's local time. */
export function localTimeText(instant: Instant, clock: Clock): string {
  return new Date((instant + clock.offsetAt(instant)) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** What a time can be held against: a right clock is past all of them. */
export interface Past {
  /** When this program was built. */
  readonly builtAt: Instant;
  /** The certificate that was made here last. */
  readonly last: { readonly name: string; readonly invalidBefore: Instant } | undefined;
}

/** The time, or a `CertificateError` `clock` if it can't be right: a certificate with a wrong date would be of no use. */
export function believableNow(clock: Clock, { builtAt, last }: Past): Instant {
  const now = clock.now();
  const reason =
    now < builtAt
      ? 'before this program was built'
      : last !== undefined && now < last.invalidBefore
        ? `before ${last.name} was signed, on ${localTimeText(last.invalidBefore, clock)}`
        : undefined;
  if (reason === undefined) return now;
  throw new CertificateError(
    'clock',
    `the clock is wrong: ${localTimeText(now, clock)} is ${reason}; set it with /system/clock set date=YYYY-MM-DD time=HH:MM:SS`,
  );
}

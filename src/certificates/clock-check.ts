import { type Clock, type Instant, localDateTime } from '../platform/clock.ts';
import { CertificateError } from './errors.ts';
import type { Context } from './ports.ts';

/** What a time can be held against: a right clock is past all of them. */
export interface Past {
  /** When this program was built. */
  readonly builtAt: Instant;
  /** The certificate that was made here last. */
  readonly last: { readonly name: string; readonly invalidBefore: Instant } | undefined;
}

/** Can the time be right? */
export function isBelievable(clock: Clock, past: Past): boolean {
  return whyWrong(clock.now(), clock, past) === undefined;
}

/** The time, or a `CertificateError` `clock` if it can't be right: a certificate with a wrong date would be of no use. */
export function believableNow(clock: Clock, past: Past): Instant {
  const now = clock.now();
  const reason = whyWrong(now, clock, past);
  if (reason === undefined) return now;
  throw new CertificateError(
    'clock',
    `the clock is wrong: ${localDateTime(now, clock)} is ${reason}; set it with /system/clock set date=YYYY-MM-DD time=HH:MM:SS`,
  );
}

function whyWrong(now: Instant, clock: Clock, { builtAt, last }: Past): string | undefined {
  if (now < builtAt) return 'before this program was built';
  if (last === undefined || now >= last.invalidBefore) return undefined;
  return `before ${last.name} was signed, on ${localDateTime(last.invalidBefore, clock)}`;
}

/** What a right clock is past. No certificate is made while the clock is before the last one, so that one's validity begins last. */
export function lastMadeHere({ store }: Pick<Context, 'store'>): { readonly name: string; readonly invalidBefore: Instant } | undefined {
  const last = store.certificates.lastMadeHere();
  const invalidBefore = last?.contents?.invalidBefore;
  return last === undefined || invalidBefore === undefined ? undefined : { name: last.name, invalidBefore };
}

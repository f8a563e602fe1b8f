import { latestInstant } from '../der/time.ts';
import type { Instant } from '../platform/clock.ts';
import { X509Error } from './errors.ts';

const day = 86_400;

/** The notAfter of a validity of `days` days from `notBefore`, at most 9999-12-31T23:59:59Z (RFC 5280 4.1.2.5). */
export function validityOf(notBefore: Instant, days: number): Instant {
  if (!Number.isSafeInteger(days) || days < 0)
    throw new X509Error('validity', `days-valid: expected a whole number of days, found ${days}`);
  return Math.min(notBefore + days * day, latestInstant);
}

import { type Instant, localDateTime } from '../platform/clock.ts';
import { CertificateError } from './errors.ts';
import type { CertificatePorts } from './ports.ts';

/** What a time is held against: a right clock is past the build of this program and the certificate that was made here last. */
type ClockPorts = Pick<CertificatePorts, 'clock' | 'store' | 'builtAt'>;

/** Can the time be right? */
export function isBelievable(ports: ClockPorts): boolean {
  return whyWrong(ports.clock.now(), ports) === undefined;
}

/** The time, or a `CertificateError` `clock` if it can't be right: a certificate with a wrong date would be of no use. */
export function believableNow(ports: ClockPorts): Instant {
  const { clock } = ports;
  const now = clock.now();
  const reason = whyWrong(now, ports);
  if (reason === undefined) return now;
  throw new CertificateError(
    'clock',
    `the clock is wrong: ${localDateTime(now, clock)} is ${reason}; set it with /system/clock set date=YYYY-MM-DD time=HH:MM:SS`,
  );
}

/** No certificate is made while the clock is before the last one, so that one's validity begins last. */
function whyWrong(now: Instant, { clock, store, builtAt }: ClockPorts): string | undefined {
  if (now < builtAt) return 'before this program was built';
  const last = store.certificates.lastMadeHere();
  const begun = last?.contents?.invalidBefore;
  if (last === undefined || begun === undefined || now >= begun) return undefined;
  return `before ${last.name} was signed, on ${localDateTime(begun, clock)}`;
}

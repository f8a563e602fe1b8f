import { utf8 } from '../bytes/utf8.ts';
import { neverCancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';

const fewest = 10_000;
const most = 600_000;
const goal = 250;
const sample = 10_000;
const samples = 3;

/**
 * How many rounds of PBKDF2 with HMAC-SHA-256 take about 250 ms on this CPU: 10,000 to 600,000, in thousands. Ask once and keep
 * the answer: it costs the time of 30,000 rounds, of which the best 10,000 count, since other work may come between and weak keys would
 * be the result.
 */
export async function calibrateRounds(crypto: Crypto, clock: Clock): Promise<number> {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let taken = 0; taken < samples; taken++) {
    const start = clock.monotonic();
    await crypto.pbkdf2('sha256', utf8('calibration'), new Uint8Array(16), sample, 32, neverCancelled);
    milliseconds = Math.min(milliseconds, Math.max(clock.monotonic() - start, 0.001));
  }
  const rounds = Math.round((sample * goal) / milliseconds / 1000) * 1000;
  return Math.min(Math.max(rounds, fewest), most);
}

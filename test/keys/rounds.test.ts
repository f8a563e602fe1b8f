import { describe, expect, it } from 'vitest';
import { calibrateRounds } from '../../src/keys/rounds.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { crypto } from './host.ts';

/** A clock on which every second look comes so many milliseconds after the one before. */
function clockOf(...milliseconds: readonly number[]): Clock {
  const times = milliseconds.flatMap((each) => [1000, 1000 + each]);
  return Object.assign(new NodeClock(), { monotonic: () => times.shift() ?? Number.NaN });
}

describe('the rounds of PBKDF2 for this CPU', () => {
  it.each([
    ['10,000 take 10 ms', 10, 250_000],
    ['10,000 take 33 ms', 33, 76_000],
    ['10,000 take 250 ms', 250, 10_000],
    ['10,000 take 4 s: never fewer than that', 4000, 10_000],
    ['10,000 take 1 ms: never more than 600,000', 1, 600_000],
    ['the clock is too coarse to tell', 0, 600_000],
  ])('where %s', async (_, milliseconds, rounds) => {
    expect(await calibrateRounds(crypto, clockOf(milliseconds, milliseconds, milliseconds))).toBe(rounds);
  });

  it.each([[[3000, 33, 50]], [[50, 3000, 33]]])(
    'are those of its best time, also when other work comes between (%j)',
    async (milliseconds) => {
      expect(await calibrateRounds(crypto, clockOf(...milliseconds))).toBe(76_000);
    },
  );
});

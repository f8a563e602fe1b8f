import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/platform/clock.ts';
import { Refusals } from '../../src/users/refusals.ts';

/** A clock whose minute passes when it is told to. */
function newRefusals() {
  const log: string[] = [];
  let sleepers: (() => void)[] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    offsetAt: () => 0,
    zone: () => 'UTC',
    set: () => undefined,
    sleep: () =>
      new Promise((resolve) => {
        sleepers.push(resolve);
      }),
  };
  const minute = async (): Promise<void> => {
    const woken = sleepers;
    sleepers = [];
    for (const wake of woken) wake();
    await setImmediate();
  };
  return { log, minute, refusals: new Refusals(clock, (message) => log.push(message)) };
}

describe('accounts that are refused', () => {
  it('fill no log: the first one is told, then how many in each minute', async () => {
    const { log, minute, refusals } = newRefusals();
    for (let i = 0; i < 1000; i++) refusals.refused('user ann', 'via ssh');
    refusals.refused('user bob', 'via sftp');
    expect(log).toEqual(['login failure for user ann via ssh', 'login failure for user bob via sftp']);
    await minute();
    expect(log.slice(2)).toEqual(['login failure for user ann via ssh, 999 times in a minute']);
    refusals.refused('user ann', 'from 192.0.2.7 via ssh');
    await minute();
    expect(log.slice(3)).toEqual(['login failure for user ann from 192.0.2.7 via ssh, 1 time in a minute']);
    await minute();
    refusals.refused('user ann', 'via ssh');
    expect(log.slice(4)).toEqual(['login failure for user ann via ssh']);
  });

  it('fill no memory: of more than a hundred the others are one', () => {
    const { log, refusals } = newRefusals();
    for (let uid = 1; uid <= 1000; uid++) refusals.refused(`the account with uid ${uid}`, 'via ssh');
    expect(log.length).toBe(101);
    expect(log.at(-1)).toBe('login failure for other accounts via ssh');
  });
});

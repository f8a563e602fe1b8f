import { expect, it } from 'vitest';
import { lazily } from '../../src/job/lazily.ts';

it('loads when it is first asked, and once for all', async () => {
  let loads = 0;
  const load = lazily(() => Promise.resolve(++loads));
  expect(loads).toBe(0);
  expect(await Promise.all([load(), load()])).toEqual([1, 1]);
  expect(await load()).toBe(1);
});

it('tries again after a failure, which all who waited are told', async () => {
  let tries = 0;
  const load = lazily(async () => {
    if (++tries === 1) throw new Error('out of memory');
    return 'loaded';
  });
  const outcomes = await Promise.allSettled([load(), load()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await load()).toBe('loaded');
  expect(tries).toBe(2);
});

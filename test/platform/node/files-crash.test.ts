import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { killAtEach, powerCuts, type Subject } from '../../crash/crash.ts';
import { testWith } from '../../judges/run.ts';

vi.setConfig({ testTimeout: 600_000 });

const judged = testWith('strace');
const replacing: Subject = {
  module: join(import.meta.dirname, '../../crash/replacing.ts'),
  durability: { journal: 'wal', synchronous: 'extra' },
};

describe('a file that is being replaced', () => {
  judged.each([
    ['rename', 2],
    ['fsync', 5],
  ] as const)('is the old or the new one when the program is killed at any %s', async (call, least) => {
    expect(await killAtEach(replacing, call)).toBeGreaterThan(least);
  });

  judged('is the old or the new one when the power is cut, and the new one once that was said', async () => {
    expect(await powerCuts(replacing)).toBeGreaterThan(10);
  });
});

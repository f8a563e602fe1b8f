import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { byNight, failAtEach, killAtEach, killLoop, powerCuts, type Subject } from '../crash/crash.ts';
import { testWith } from '../judges/run.ts';

// Dozens of programs are started and killed: a slow machine may take its time.
vi.setConfig({ testTimeout: 3_600_000 });

const judged = testWith('strace');
const module = join(import.meta.dirname, '../crash/issuing.ts');
const durable: Subject = { module, durability: { journal: 'wal', synchronous: 'extra' } };

describe('signing, importing, answering, revoking and removing are done as a whole or not at all when the router', () => {
  judged('is killed (SIGKILL) again and again', () => killLoop(durable, byNight ? 20 : 8));

  judged.each([
    ['pwrite64', byNight ? 1 : 3, 80],
    ['fsync', 1, 5],
  ] as const)('is killed at a %s', async (call, step, least) => {
    expect(await killAtEach(durable, call, step)).toBeGreaterThan(least);
  });

  judged('loses its power', async () => {
    expect(await powerCuts(durable)).toBeGreaterThan(100);
  });

  judged('has no room on its disk, and once there is room they are done', async () => {
    expect(await failAtEach(durable, 'pwrite64', 'ENOSPC', byNight ? 1 : 7)).toEqual(['StoreError full']);
  });

  judged.each([
    ['pwrite64', byNight ? 1 : 9],
    ['fsync', 1],
  ] as const)('has a disk that fails at a %s', async (call, step) => {
    expect(await failAtEach(durable, call, 'EIO', step)).toEqual(['StoreError failed']);
  });
});

describe('the same', () => {
  judged('without syncing is seen to lose what was acknowledged', async () => {
    await expect(powerCuts({ module, durability: { journal: 'wal', synchronous: 'off' } })).rejects.toThrow(
      /was acknowledged and is gone|is damaged/,
    );
  });

  judged.each(['pwrite64', 'power'] as const)('without transactions is seen to be done in part: %s', async (cut) => {
    const inParts = { ...durable, module: join(import.meta.dirname, '../crash/issuing-in-parts.ts') };
    await expect(cut === 'power' ? powerCuts(inParts) : killAtEach(inParts, cut)).rejects.toThrow(
      /in part|unused_key|is not the one that seals/,
    );
  });
});

import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { failAtEach, killAtEach, killLoop, powerCuts, type Subject } from '../crash/crash.ts';
import { testWith } from '../judges/run.ts';

// Dozens of programs are started and killed: a slow machine may take its time.
vi.setConfig({ testTimeout: 600_000 });

const judged = testWith('strace');
const module = join(import.meta.dirname, '../crash/counting.ts');
const durable: Subject = { module, durability: { journal: 'wal', synchronous: 'extra' } };

describe('a store that is killed', () => {
  judged('again and again (SIGKILL) has every acknowledged transaction', () => killLoop(durable, 8));

  judged.each([
    ['pwrite64', 20],
    ['fsync', 4],
  ] as const)('at each %s has every acknowledged transaction', async (call, least) => {
    expect(await killAtEach(durable, call)).toBeGreaterThan(least);
  });
});

describe('a disk that fails', () => {
  judged('one write for want of room fails that transaction, and loses none before it', async () => {
    expect(await failAtEach(durable, 'pwrite64', 'ENOSPC', 3)).toEqual(['StoreError full']);
  });

  judged('one sync fails that transaction, and loses none before it', async () => {
    expect(await failAtEach(durable, 'fsync', 'EIO', 1)).toEqual(['StoreError failed']);
  });
});

describe('a store whose power is cut', () => {
  judged('has every acknowledged transaction, whatever of the rest reached the disk', async () => {
    expect(await powerCuts(durable)).toBeGreaterThan(50);
  });

  judged('while it is being made opens all the same, with what it acknowledged', async () => {
    expect(await powerCuts(durable, 'empty')).toBeGreaterThan(100);
  });

  judged('has them with a rollback journal as well', async () => {
    expect(await powerCuts({ module, durability: { journal: 'truncate', synchronous: 'extra' } })).toBeGreaterThan(50);
  });

  judged.each(['wal', 'truncate'] as const)('and that does not sync is seen to lose them: %s', async (journal) => {
    await expect(powerCuts({ module, durability: { journal, synchronous: 'off' } })).rejects.toThrow(/acknowledged and is gone|is damaged/);
  });
});

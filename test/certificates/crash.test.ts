import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { killAtEach, killLoop, powerCuts, type Subject } from '../crash/crash.ts';
import { testWith } from '../judges/run.ts';

// Dozens of programs are started and killed: a slow machine may take its time.
vi.setConfig({ testTimeout: 600_000 });

const judged = testWith('strace');
const module = join(import.meta.dirname, '../crash/issuing.ts');
const durable: Subject = { module, durability: { journal: 'wal', synchronous: 'extra' } };

describe('signing, importing and removing leave every certificate with its own key, or did nothing, when the router', () => {
  judged('is killed (SIGKILL) again and again', () => killLoop(durable, 6));

  judged.each([
    ['pwrite64', 10],
    ['fsync', 2],
  ] as const)('is killed at each %s', async (call, least) => {
    expect(await killAtEach(durable, call)).toBeGreaterThan(least);
  });

  judged('loses its power', async () => {
    expect(await powerCuts(durable)).toBeGreaterThan(20);
  });

  judged('loses its power and did not sync: then what was acknowledged is lost', async () => {
    await expect(powerCuts({ module, durability: { journal: 'wal', synchronous: 'off' } })).rejects.toThrow(
      /acknowledged and is|is gone|is damaged/,
    );
  });
});

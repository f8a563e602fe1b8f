import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import { ClockError } from '../../../src/platform/clock.ts';
import { NodeClock } from '../../../src/platform/node/clock.ts';
import { clockContract } from '../contract/clock.ts';

clockContract(() => new NodeClock());

describe('NodeClock', () => {
  describe('local time', () => {
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    it.each([
      ['Europe/Riga', '2026-01-15T12:00:00Z', 7200],
      ['Europe/Riga', '2026-07-15T12:00:00Z', 10_800],
      ['America/St_Johns', '2026-01-15T12:00:00Z', -12_600],
      ['Australia/Adelaide', '2026-01-15T12:00:00Z', 37_800],
      ['UTC', '2026-01-15T12:00:00Z', 0],
    ])('in %s at %s is %i seconds east of UTC', (name, time, seconds) => {
      vi.stubEnv('TZ', name);
      const clock = new NodeClock();
      expect(clock.offsetAt(Date.parse(time) / 1000)).toBe(seconds);
      expect(clock.zone()).toBe(name);
    });
  });

  describe('a sleep longer than a timer can count', () => {
    it('goes on when the timer ends', async () => {
      vi.useFakeTimers();
      try {
        const awake = vi.fn<() => void>();
        void new NodeClock().sleep(2 ** 32, neverCancelled).then(awake);
        await vi.advanceTimersByTimeAsync(2 ** 31);
        expect(awake).not.toHaveBeenCalled();
        await vi.advanceTimersByTimeAsync(2 ** 31);
        expect(awake).toHaveBeenCalledOnce();
      } finally {
        vi.useRealTimers();
      }
    });
  });

  describe('setting the time', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'signet-clock-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    async function program(script: string): Promise<string> {
      const path = join(folder, 'date');
      await writeFile(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
      return path;
    }

    it('is the work of date, which gets UTC seconds', async () => {
      const clock = new NodeClock(await program(`printf '%s ' "$@" > '${folder}/arguments'`));
      clock.set(1_767_225_600);
      expect(await readFile(join(folder, 'arguments'), 'utf8')).toBe('-u -s @1767225600 ');
    });

    it('is not permitted when date fails', async () => {
      const clock = new NodeClock(await program('exit 1'));
      expect(() => clock.set(0)).toThrow(new ClockError('this process may not set the system clock'));
    });

    it('is not permitted when there is no date', () => {
      expect(() => new NodeClock(join(folder, 'none')).set(0)).toThrow(ClockError);
    });
  });
});

import { describe, expect, it } from 'vitest';
import { Cancelled, CancelSource, neverCancelled } from '../../../src/platform/cancel.ts';
import type { Clock } from '../../../src/platform/clock.ts';

/** What every host's clock must do; `set` is tested host by host, because a test must not change the time of the machine. */
export function clockContract(make: () => Clock): void {
  describe('Clock', () => {
    it('tells whole seconds since 1970', () => {
      const clock = make();
      const before = Math.floor(Date.now() / 1000);
      const now = clock.now();
      expect(Number.isSafeInteger(now)).toBe(true);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(Date.now() / 1000);
    });

    it('has a monotonic time that never goes back', () => {
      const clock = make();
      const times = Array.from({ length: 1000 }, () => clock.monotonic());
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('counts the offset of local time in whole seconds of at most 15 hours', () => {
      const clock = make();
      for (const instant of [0, clock.now(), Date.UTC(2026, 0, 1) / 1000, Date.UTC(2026, 6, 1) / 1000, Date.UTC(9999, 11, 31) / 1000]) {
        const offset = clock.offsetAt(instant);
        expect(Number.isSafeInteger(offset)).toBe(true);
        expect(Math.abs(offset)).toBeLessThanOrEqual(15 * 3600);
        expect(Object.is(offset, -0)).toBe(false);
      }
    });

    it('names its zone', () => {
      expect(make().zone()).toMatch(/^[A-Za-z][A-Za-z0-9_+/-]*$/);
    });

    it('sleeps at least as long as asked by its own monotonic time', async () => {
      const clock = make();
      const start = clock.monotonic();
      await clock.sleep(20, neverCancelled);
      expect(clock.monotonic() - start).toBeGreaterThanOrEqual(20);
    });

    it.each([0, -1])('does not wait when asked to sleep %i ms', async (milliseconds) => {
      await expect(make().sleep(milliseconds, neverCancelled)).resolves.toBeUndefined();
    });

    it('gives other work its turn, also when asked to sleep 0 ms', async () => {
      const clock = make();
      let turned = false;
      setImmediate(() => {
        turned = true;
      });
      await clock.sleep(0, neverCancelled);
      expect(turned).toBe(true);
    });

    it('wakes when cancelled, however long it was to sleep', async () => {
      const cancel = new CancelSource();
      const sleep = make().sleep(1e12, cancel);
      cancel.cancel();
      await expect(sleep).rejects.toBeInstanceOf(Cancelled);
    });

    it('does not fall asleep when it is cancelled already', async () => {
      const cancel = new CancelSource();
      cancel.cancel();
      await expect(make().sleep(1e12, cancel)).rejects.toBeInstanceOf(Cancelled);
      await expect(make().sleep(0, cancel)).rejects.toBeInstanceOf(Cancelled);
    });

    it('is not disturbed by a cancellation that comes after the sleep', async () => {
      const cancel = new CancelSource();
      await make().sleep(1, cancel);
      expect(() => cancel.cancel()).not.toThrow();
    });

    it('refuses to be set to what is not a whole second', () => {
      expect(() => make().set(0.5)).toThrow(RangeError);
      expect(() => make().set(Number.NaN)).toThrow(RangeError);
    });
  });
}

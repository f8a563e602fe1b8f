import { describe, expect, it } from 'vitest';
import type { Random } from '../../../src/platform/random.ts';

/** What every host's random generator must do. */
export function randomContract(make: () => Random): void {
  describe('Random', () => {
    it.each([0, 1, 16, 65_537])('gives %i bytes when asked for as many', (length) => {
      const bytes = make().bytes(length);
      expect(bytes).toHaveLength(length);
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    });

    it('never gives the same 16 bytes twice', () => {
      const random = make();
      const seen = new Set(Array.from({ length: 1000 }, () => random.bytes(16).join()));
      expect(seen.size).toBe(1000);
    });

    it('gives every caller bytes of its own', () => {
      const random = make();
      const first = random.bytes(8);
      const copy = first.slice();
      random.bytes(8).fill(0);
      expect(first).toEqual(copy);
    });

    it('favours no bit', () => {
      const bytes = make().bytes(100_000);
      for (let bit = 0; bit < 8; bit++) {
        const ones = bytes.reduce((count, byte) => count + ((byte >> bit) & 1), 0);
        // 100,000 fair coins: the standard deviation is 158; ten of them never happen.
        expect(Math.abs(ones - 50_000)).toBeLessThan(1580);
      }
    });
  });
}

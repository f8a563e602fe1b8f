import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encoded } from '../../../src/bytes/utf8.ts';

/** What a host's encoder must do; see `encodeBy`. */
export function textContract(encode: (text: string) => Uint8Array | undefined): void {
  describe('a host that encodes text', () => {
    it('gives the bytes that the core would', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
          expect(encode(text)).toEqual(encoded(text));
        }),
      );
    });

    it.each(['', 'a'.repeat(100_000), 'ä'.repeat(1000), '\u0000', '\u{1f600}'])('also of an unusual length: %#', (text) => {
      expect(encode(text)).toEqual(encoded(text));
    });

    it.each(['\ud800', 'a\udc00b'])('leaves a lone surrogate to the core, or does as it does: %j', (text) => {
      expect([undefined, encoded(text)]).toContainEqual(encode(text));
    });
  });
}

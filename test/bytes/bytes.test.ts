import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64, fromBase64 } from '../../src/bytes/base64.ts';
import { concat, equalBytes } from '../../src/bytes/bytes.ts';
import { fromHex, hex } from '../../src/bytes/hex.ts';
import { fromUtf8, fromUtf8Lossy, utf8 } from '../../src/bytes/utf8.ts';

/** Any string, lone surrogates included. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
const anyBytes = fc.uint8Array({ maxLength: 200 });

/** Bytes that are nearly UTF-8: the interesting failures. */
const nearlyUtf8 = fc.tuple(anyText, fc.nat(), fc.nat(255)).map(([text, place, byte]) => {
  const bytes = utf8(text);
  if (bytes.length > 0) bytes[place % bytes.length] = byte;
  return bytes;
});

describe('UTF-8, judged by the host', () => {
  test('encodes every string as TextEncoder does', () => {
    fc.assert(fc.property(anyText, (text) => equalBytes(utf8(text), new TextEncoder().encode(text))));
  });

  test('decodes what TextDecoder decodes and refuses what it refuses', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const judged = (bytes: Uint8Array): string | undefined => {
      try {
        return strict.decode(bytes);
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(fc.oneof(anyBytes, nearlyUtf8), (bytes) => fromUtf8(bytes) === judged(bytes)),
      { numRuns: 2000 },
    );
  });

  test('the lossy form keeps what is right around what is wrong', () => {
    expect(fromUtf8Lossy(Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xc3))).toBe('a\ufffdé\ufffd');
  });

  test('a text longer than one block', () => {
    const text = 'é'.repeat(10_000);
    expect(fromUtf8(utf8(text))).toBe(text);
  });
});

describe('base 64 and hex, judged by the host', () => {
  test('encode as Buffer does and come back', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(hex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromBase64(base64(bytes))).toEqual(bytes);
        expect(fromHex(hex(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each(['A', 'AA', 'AAA', 'A===', '====', 'AA=A', 'AAAA AAAA', 'AAA\n', 'AB==', 'AAB=', 'AA-_'])('%j is no base 64', (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });

  test.each(['A', 'ab c', '0x', 'gg'])('%j is no hex', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});

test('concat puts parts one after another', () => {
  expect(concat([Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)])).toEqual(Uint8Array.of(1, 2, 3));
});

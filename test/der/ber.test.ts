import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { berToDer, readImplicitOctets } from '../../src/der/ber.ts';
import { DerError, type DerErrorCode } from '../../src/der/errors.ts';
import { DerReader } from '../../src/der/reader.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors } from '../mutations.ts';

function refused(code: DerErrorCode, message: string | RegExp): object {
  return errorLike('DerError', code, message);
}

describe('BER becomes DER', () => {
  test.each([
    ['DER stays as it is', '30 05 02 01 05 05 00', '30050201050500'],
    ['an indefinite length', '30 80 02 01 05 00 00', '3003020105'],
    ['indefinite in indefinite', '30 80 30 80 05 00 00 00 00 00', '300430020500'.replace('3004', '3004')],
    ['a longer length than needed', '30 82 00 03 02 81 01 05'.replace('00 03', '00 04'), '3003020105'],
    ['an OCTET STRING in pieces', '24 80 04 02 01 02 04 01 03 00 00', '0403010203'],
    ['pieces in pieces', '24 09 24 04 04 02 01 02 04 01 03', '0403010203'],
    ['an OCTET STRING of no pieces', '24 80 00 00', '0400'],
    ['a BIT STRING in pieces', '23 80 03 02 00 01 03 02 04 f0 00 00', '03030401f0'],
    ['a piece of 200 octets', `24 80 04 81 c8 ${'aa'.repeat(200)} 00 00`, `0481c8${'aa'.repeat(200)}`],
  ])('%s', (_, ber, der) => {
    expect(hex(berToDer(bytes(ber)))).toBe(der);
  });
});

describe('what is no whole BER value is refused', () => {
  test.each<[string, string, DerErrorCode, RegExp]>([
    ['nothing', '', 'truncated', /expected 2 bytes, found 0/],
    ['an end without a beginning', '00 00', 'tag', /no type known here/],
    ['an indefinite length without an end', '30 80 05 00', 'truncated', /expected 2 bytes, found 0/],
    ['a primitive value of indefinite length', '04 80 00 00', 'length', /definite length in a primitive value/],
    ['an element longer than what holds it', '30 03 04 02 00 00 00', 'truncated', /expected 2 bytes, found 1/],
    ['bytes after the value', '05 00 00', 'trailing', /1 bytes are left over/],
    ['pieces of another type', '24 80 02 01 00 00 00', 'tag', /pieces of its own type/],
    ['a BIT STRING with bits missing in the middle', '23 08 03 02 04 f0 03 02 00 01', 'form', /whole octets but for the last/],
    ['a BIT STRING of no pieces', '23 00', 'form', /whole octets but for the last/],
    ['a length of 126 octets', 'fe'.replace('fe', '04 fe'), 'truncated', /expected 126 bytes/],
    ['a length of 2^64', '04 88 ff ff ff ff ff ff ff ff', 'truncated', /expected 18446744073709552000 bytes/],
  ])('%s', (_, ber, code, message) => {
    expect(() => berToDer(bytes(ber))).toThrow(refused(code, message));
  });

  test('nesting without end', () => {
    expect(() => berToDer(bytes('30 80'.repeat(40)))).toThrow(refused('depth', /at most 32 levels/));
  });

  test('more values than any file needs', () => {
    const crowd = (count: number): Uint8Array => bytes(`30 80 ${'05 00'.repeat(count)} 00 00`);
    expect(berToDer(crowd(32_767))).toHaveLength(2 * 32_767 + 4);
    expect(() => berToDer(crowd(32_768))).toThrow(refused('size', /at most 32768 values/));
  });

  test('a document over its limit', () => {
    expect(() => berToDer(bytes('30 03 02 01 00'), 4)).toThrow(refused('size', /at most 4 bytes, found 5/));
  });
});

test('pieces and elements may be many', () => {
  const pieces = '040101'.repeat(30_000);
  expect(berToDer(bytes(`2480 ${pieces} 0000`))).toHaveLength(30_004);
  expect(berToDer(bytes(`3080 ${pieces} 0000`))).toHaveLength(90_005);
});

test('an IMPLICIT OCTET STRING is read whole and in pieces', () => {
  const octets = (ber: string) => readImplicitOctets(DerReader.of(berToDer(bytes(ber))), 0);
  expect(octets('80 03 01 02 03')).toEqual(bytes('01 02 03'));
  expect(octets('a0 80 04 02 01 02 24 80 04 01 03 00 00 00 00')).toEqual(bytes('01 02 03'));
});

test('cut short or with a bit turned over, the result is DER or a DerError', () => {
  const ber = bytes('30 80 06 03 2a 86 48 a0 80 24 80 04 02 01 02 04 01 03 00 00 00 00 31 82 00 05 03 03 00 01 02 00 00');
  expect(hex(berToDer(ber))).toBe('301306032a8648a005040301020331050303000102');
  for (const { value } of survivors(ber, [DerError], (candidate) => berToDer(candidate))) {
    expect(berToDer(value)).toEqual(value);
  }
});

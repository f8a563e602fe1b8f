import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import type { DerErrorCode } from '../../src/der/errors.ts';
import { decodeDer } from '../../src/der/reader.ts';
import {
  bitString,
  bmpString,
  boolean,
  enumerated,
  explicit,
  ia5String,
  implicit,
  integer,
  namedBits,
  nullValue,
  octetString,
  oid,
  printableString,
  sequence,
  sequenceOf,
  set,
  setOf,
  unsignedInteger,
  utf8String,
} from '../../src/der/writer.ts';
import { bytes } from '../bytes.ts';
import { errorLike } from '../mutations.ts';

function refused(code: DerErrorCode, message: string | RegExp): object {
  return errorLike('DerError', code, message);
}

test.each([
  ['0', integer(0), '020100'],
  ['127', integer(127), '02017f'],
  ['128', integer(128), '02020080'],
  ['-128', integer(-128), '020180'],
  ['-129', integer(-129), '0202ff7f'],
  ['2^53 - 1', integer(Number.MAX_SAFE_INTEGER), '02071fffffffffffff'],
  ['octets', integer(bytes('00 00 80')), '02020080'],
  ['negative octets', integer(bytes('ff ff 80')), '020180'],
  ['a magnitude with its highest bit set', unsignedInteger(bytes('80 00')), '0203008000'],
  ['a magnitude with leading zeros', unsignedInteger(bytes('00 00 01')), '020101'],
  ['an empty magnitude', unsignedInteger(bytes('')), '020100'],
])('INTEGER of %s', (_, der, expected) => {
  expect(hex(der)).toBe(expected);
});

test.each([
  ['BOOLEAN', boolean(true), '0101ff'],
  ['ENUMERATED', enumerated(10), '0a010a'],
  ['NULL', nullValue, '0500'],
  ['BIT STRING', bitString(bytes('80'), 7), '03020780'],
  ['OCTET STRING of 128 bytes', octetString(new Uint8Array(128)), `048180${'00'.repeat(128)}`],
  ['OBJECT IDENTIFIER', oid('2.999.3'), '0603883703'],
  ['UTF8String', utf8String('é'), '0c02c3a9'],
  ['BMPString', bmpString('é😀'), '1e0600e9d83dde00'],
  ['EXPLICIT', explicit(0, integer(1)), 'a003020101'],
  ['IMPLICIT of a primitive type', implicit(1, octetString(bytes('01'))), '810101'],
  ['IMPLICIT of a constructed type', implicit(1, sequence(nullValue)), 'a1020500'],
  ['named bits, trailing zeros left away', namedBits([0, 5]), '03020284'],
  ['named bits beyond the first octet', namedBits([8]), '0303070080'],
  ['no named bits', namedBits([]), '030100'],
])('%s', (_, der, expected) => {
  expect(hex(der)).toBe(expected);
});

test('SET OF is sorted by its octets, a shorter element before its continuation', () => {
  const elements = [octetString(bytes('02')), octetString(bytes('01 02')), octetString(bytes('01'))];
  expect(hex(setOf(elements))).toBe('310a04010104010204020102');
  expect(hex(set(...elements))).toBe('310a04010204020102040101');
});

test('SEQUENCE OF and SET OF take any number of elements', () => {
  const elements = Array.from({ length: 200_000 }, () => nullValue);
  expect(sequenceOf(elements).length).toBe(400_005);
  expect(setOf(elements).length).toBe(400_005);
});

describe('values without an encoding are refused', () => {
  test.each([
    ['PrintableString', () => printableString('a@b'), /"a@b" has a character that PrintableString lacks/],
    ['IA5String', () => ia5String('é'), /"é" has a character that IA5String lacks/],
    ['OID of one arc', () => oid('1'), /"1" is not an OID/],
    ['OID with a second arc over 39', () => oid('1.40'), /"1.40" is not an OID/],
    ['OID under 3', () => oid('3.1'), /"3.1" is not an OID/],
    ['OID with a leading zero', () => oid('1.02'), /"02" is not an arc/],
    ['OID of letters', () => oid('1.a'), /"a" is not an arc/],
    ['number with a fraction', () => integer(1.5), /1.5 is not a safe integer/],
    ['no octets', () => integer(bytes('')), /at least one octet/],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(refused('value', message));
  });

  test('an OID longer than any in use', () => {
    expect(() => oid(`1.2${'.1'.repeat(64)}`)).toThrow(refused('length', /longer than 64 octets/));
  });
});

const arcs = fc.tuple(
  fc.oneof(fc.tuple(fc.nat(1), fc.nat(39)), fc.tuple(fc.constant(2), fc.nat())),
  fc.array(fc.bigInt({ min: 0n, max: 1n << 128n }), { maxLength: 2 }),
);

describe('round trips', () => {
  test('every safe integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        const content = decodeDer('test', integer(value), 20, (r) => r.integer());
        expect(BigInt.asIntN(content.length * 8, BigInt(`0x${hex(content)}`))).toBe(BigInt(value));
        expect(integer(content)).toEqual(integer(value));
      }),
    );
  });

  test('every small integer that is not negative', () => {
    fc.assert(
      fc.property(fc.nat(0x7fffffff), (value) => {
        expect(decodeDer('test', integer(value), 20, (r) => r.smallInteger(value))).toBe(value);
      }),
    );
  });

  test('every OID, arcs of a UUID included', () => {
    fc.assert(
      fc.property(arcs, ([[top, second], rest]) => {
        const dotted = [top, second, ...rest].join('.');
        expect(decodeDer('test', oid(dotted), 100, (r) => r.oid())).toBe(dotted);
      }),
    );
  });
});

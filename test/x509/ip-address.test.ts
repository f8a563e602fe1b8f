import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIp, formatIpPrefix, parseIp, parseIpPrefix } from '../../src/x509/ip-address.ts';
import { bytes } from '../bytes.ts';

describe('text of an address', () => {
  test.each([
    ['192.0.2.1', 'c0000201', '192.0.2.1'],
    ['0.0.0.0', '00000000', '0.0.0.0'],
    ['2001:db8::1', '20010db8000000000000000000000001', '2001:db8::1'],
    ['2001:0DB8:0:0:0:0:0:1', '20010db8000000000000000000000001', '2001:db8::1'],
    ['::', '00000000000000000000000000000000', '::'],
    ['1::', '00010000000000000000000000000000', '1::'],
    ['::1:0:0:1:0:0', '00000000000100000000000100000000', '::1:0:0:1:0:0'],
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000', '1:2:3:4:5:6:7:0'],
  ])('%s', (text, octets, shortest) => {
    expect(parseIp(text)).toEqual(bytes(octets));
    expect(formatIp(bytes(octets))).toBe(shortest);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4 ',
    '0x1.2.3.4',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
    '::1.2.3.4:1',
    '1:2:3:4:5:6:7:1.2.3.4',
    'fe80::1%eth0',
    '[::1]',
    '::1/64',
  ])('%j is no address', (text) => {
    expect(parseIp(text)).toBeUndefined();
  });
});

describe('text of a range', () => {
  test.each([
    ['10.0.0.0/8', '0a000000ff000000'],
    ['0.0.0.0/0', '0000000000000000'],
    ['192.0.2.1/32', 'c0000201ffffffff'],
    ['192.0.2.128/25', 'c0000280ffffff80'],
    ['2001:db8::/32', '20010db8000000000000000000000000ffffffff000000000000000000000000'],
  ])('%s', (text, octets) => {
    expect(parseIpPrefix(text)).toEqual(bytes(octets));
    expect(formatIpPrefix(bytes(octets))).toBe(text);
  });

  test('a mask that is no prefix is written out', () => {
    expect(formatIpPrefix(bytes('0a000000 ff00ff00'))).toBe('10.0.0.0/255.0.255.0');
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.1/8', '10.0.0.0/8/8', '::/129', '/8', 'a/8'])(
    '%j is no range',
    (text) => {
      expect(parseIpPrefix(text)).toBeUndefined();
    },
  );
});

test.each([0, 1, 3, 5, 15, 17, 33])('%d octets are no address and no range', (length) => {
  expect(formatIp(new Uint8Array(length))).toBeUndefined();
  expect(formatIpPrefix(new Uint8Array(length))).toBeUndefined();
});

describe('properties', () => {
  test('parse(format(octets)) = octets', () => {
    const octets = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.array(fc.constantFrom(0, 1, 0xff), { minLength: 16, maxLength: 16 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(octets, (found) => {
        expect(parseIp(String(formatIp(found)))).toEqual(found);
      }),
    );
  });

  test('what is an address for the host is one here, and nothing else', () => {
    const pieces = fc.array(fc.constantFrom('::', ':', '.', '1', '0', 'ff', 'FFFF', '255', '256', '00', 'g', '1.2.3.4'), { maxLength: 16 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          fc.ipV6(),
          pieces.map((parts) => parts.join('')),
        ),
        (text) => {
          expect(parseIp(text) !== undefined).toBe(isIP(text) !== 0);
        },
      ),
      { numRuns: 5000 },
    );
  });
});

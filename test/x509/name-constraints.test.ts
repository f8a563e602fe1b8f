import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { X509Error } from '../../src/x509/errors.ts';
import type { GeneralName } from '../../src/x509/general-names.ts';
import { parseIpPrefix } from '../../src/x509/ip-address.ts';
import { nameOf } from '../../src/x509/name.ts';
import { decodeNameConstraints, encodeNameConstraints } from '../../src/x509/name-constraints.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors } from '../mutations.ts';

function range(text: string): GeneralName {
  return { type: 'ip', bytes: parseIpPrefix(text) ?? bytes('') };
}

const constraints = {
  permitted: [
    { type: 'dns' as const, value: 'a.example' },
    range('10.0.0.0/8'),
    range('2001:db8::/32'),
    { type: 'directory' as const, name: nameOf({ organization: 'Example' }) },
  ],
  excluded: [{ type: 'email' as const, value: '.b.example' }],
};
const extension = encodeNameConstraints(constraints);

describe('nameConstraints', () => {
  test('critical (RFC 5280 4.2.1.10), both ways', () => {
    expect(extension).toMatchObject({ oid: oids.nameConstraints, critical: true });
    expect(decodeNameConstraints(extension)).toEqual(constraints);
  });

  test('as the RFC has it', () => {
    expect(encodeNameConstraints({ permitted: [{ type: 'dns', value: 'a' }], excluded: [] }).value).toEqual(bytes('3007 a005 3003 820161'));
    expect(encodeNameConstraints({ permitted: [], excluded: [{ type: 'dns', value: 'a' }] }).value).toEqual(bytes('3007 a105 3003 820161'));
  });

  test('a minimum of 0 may be written out', () => {
    expect(decodeNameConstraints({ ...extension, value: bytes('300a a008 3006 820161 800100') }).permitted).toEqual([
      { type: 'dns', value: 'a' },
    ]);
  });

  test.each([
    [
      'another minimum',
      '300a a008 3006 820161 800101',
      'DerError',
      'value',
      /nameConstraints permittedSubtrees minimum: expected an INTEGER from 0 to 0/,
    ],
    ['a maximum', '300a a008 3006 820161 810101', 'DerError', 'trailing', /3 bytes are left over/],
    ['an address without a mask', '300a a008 3006 87040a000001', 'X509Error', 'extension', /expected 8 or 32 octets, address and mask/],
  ])('%s is refused', (_, value, name, code, message) => {
    expect(() => decodeNameConstraints({ ...extension, value: bytes(value) })).toThrow(errorLike(name, code, message));
  });

  test('nothing at all is not made, nor a range without a mask', () => {
    expect(() => encodeNameConstraints({ permitted: [], excluded: [] })).toThrow(
      errorLike('X509Error', 'extension', /at least one subtree/),
    );
    expect(() => encodeNameConstraints({ permitted: [{ type: 'ip', bytes: bytes('0a000001') }], excluded: [] })).toThrow(
      errorLike('X509Error', 'extension', /address and mask/),
    );
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    const found = survivors(extension.value, [DerError, X509Error], (value) => decodeNameConstraints({ ...extension, value }));
    for (const { bytes: damaged, value } of found.filter(
      (survivor) => Math.min(survivor.value.permitted.length, survivor.value.excluded.length) > 0,
    )) {
      expect(encodeNameConstraints(value).value).toEqual(damaged);
    }
  });
});

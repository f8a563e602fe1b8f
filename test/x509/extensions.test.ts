import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { decodeDer } from '../../src/der/reader.ts';
import { boolean, octetString, oid, sequence } from '../../src/der/writer.ts';
import { X509Error } from '../../src/x509/errors.ts';
import {
  decodeAuthorityKeyIdentifier,
  decodeBasicConstraints,
  decodeExtendedKeyUsage,
  decodeKeyUsage,
  decodeSubjectAltName,
  decodeSubjectKeyIdentifier,
  type Extension,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeExtensions,
  encodeKeyUsage,
  encodeSubjectAltName,
  encodeSubjectKeyIdentifier,
  extensionOf,
  readExtensions,
} from '../../src/x509/extensions.ts';
import { parseAltNames } from '../../src/x509/general-names.ts';
import { type KeyUsage, keyUsages, keyUsagesOfOids, sortKeyUsages } from '../../src/x509/key-usage.ts';
import { nameOf } from '../../src/x509/name.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors } from '../mutations.ts';

const decode = (der: Uint8Array): Extension[] => decodeDer('test', der, 1 << 20, (r) => readExtensions(r));

function refused(message: RegExp): object {
  return errorLike('X509Error', 'extension', message);
}

/** An extension with another value, in hexadecimal digits. */
function valued(extension: Extension | undefined, value: string): Extension {
  return { oid: '', critical: false, ...extension, value: bytes(value) };
}

describe('a list of extensions', () => {
  const list: Extension[] = [
    { oid: '1.2.3', critical: true, value: bytes('0500') },
    { oid: '1.2.4', critical: false, value: bytes('') },
  ];

  test('comes back as it was, whatever the extensions are', () => {
    expect(hex(encodeExtensions(list))).toBe('3015300b06022a030101ff04020500300606022a040400'.replace('3015', '3015'));
    expect(decode(encodeExtensions(list))).toEqual(list);
    expect(extensionOf({ extensions: list }, '1.2.4')).toEqual(list[1]);
    expect(extensionOf({ extensions: list }, '1.2.5')).toBeUndefined();
  });

  test('may have an extension but once (RFC 5280 4.2)', () => {
    expect(() => decode(encodeExtensions([...list, ...list]))).toThrow(refused(/expected each once, found 1.2.3 twice/));
  });

  test('may have critical FALSE written out, as some CAs do', () => {
    expect(decode(sequence(sequence(oid('1.2.4'), boolean(false), octetString(bytes('')))))).toEqual([list[1]]);
  });

  test('round trip', () => {
    const lists = fc.uniqueArray(
      fc.record({ oid: fc.constantFrom(...Object.values(oids)), critical: fc.boolean(), value: fc.uint8Array() }),
      { selector: (extension) => extension.oid },
    );
    fc.assert(
      fc.property(lists, (extensions) => {
        expect(decode(encodeExtensions(extensions))).toEqual(extensions);
      }),
    );
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    const damaged = survivors(encodeExtensions(list), [DerError, X509Error], decode);
    // TRUE that became FALSE is the one encoding that is not minimal and accepted all the same.
    for (const { bytes: found, value } of damaged.filter((survivor) => !hex(survivor.bytes).includes('010100'))) {
      expect(encodeExtensions(value)).toEqual(found);
    }
  });
});

describe('basicConstraints', () => {
  test.each([
    [{ ca: false }, '3000'],
    [{ ca: true }, '30030101ff'],
    [{ ca: true, pathLength: 0 }, '30060101ff020100'],
    [{ ca: true, pathLength: 300 }, '30070101ff0202012c'],
  ])('%j', (constraints, value) => {
    const extension = encodeBasicConstraints(constraints);
    expect(extension).toEqual({ oid: oids.basicConstraints, critical: true, value: bytes(value) });
    expect(decodeBasicConstraints(extension)).toEqual(constraints);
  });

  test('cA FALSE may be written out, and a path length without a CA is told as found', () => {
    const extension = encodeBasicConstraints({ ca: false });
    expect(decodeBasicConstraints(valued(extension, '3003010100'))).toEqual({ ca: false });
    expect(decodeBasicConstraints(valued(extension, '3003020105'))).toEqual({ ca: false, pathLength: 5 });
  });

  test.each([
    ['3006 0101ff 0201ff', 'value', /basicConstraints pathLenConstraint: expected an INTEGER from 0/],
    ['3006 020100 0101ff', 'trailing', /basicConstraints: 3 bytes are left over/],
    ['3003 0101ff 0500', 'trailing', /basicConstraints: 2 bytes are left over/],
    ['3100', 'tag', /basicConstraints: expected SEQUENCE, found SET/],
    ['', 'truncated', /basicConstraints: expected SEQUENCE, found the end/],
  ])('%s is refused', (value, code, message) => {
    expect(() => decodeBasicConstraints(valued(encodeBasicConstraints({ ca: true }), value))).toThrow(errorLike('DerError', code, message));
  });

  test.each([
    { ca: false, pathLength: 1 },
    { ca: true, pathLength: -1 },
    { ca: true, pathLength: 0.5 },
  ])('%j is not made', (constraints) => {
    expect(() => encodeBasicConstraints(constraints)).toThrow(refused(/expected a path length of 0 or more, with a CA only/));
  });
});

/** The usages written to the two extensions and read from them. */
function throughExtensions(usages: readonly KeyUsage[]): KeyUsage[] {
  const [bits, purposes] = [encodeKeyUsage(usages), encodeExtendedKeyUsage(usages)];
  return [
    ...(bits === undefined ? [] : decodeKeyUsage(bits)),
    ...(purposes === undefined ? [] : keyUsagesOfOids(decodeExtendedKeyUsage(purposes)).usages),
  ];
}

describe('keyUsage and extendedKeyUsage', () => {
  test.each<[KeyUsage[], string]>([
    [['digital-signature'], '03020780'],
    [['key-cert-sign', 'crl-sign'], '03020106'],
    [['digital-signature', 'decipher-only'], '0303078080'],
    [['tls-server', 'encipher-only'], '03020001'],
  ])('bits of %j', (usages, value) => {
    expect(encodeKeyUsage(usages)).toEqual({ oid: oids.keyUsage, critical: true, value: bytes(value) });
  });

  test('every set of usages comes back', () => {
    fc.assert(
      fc.property(fc.subarray([...keyUsages]), (usages) => {
        expect(throughExtensions(usages)).toEqual(sortKeyUsages(usages));
      }),
    );
  });

  test('none is no extension', () => {
    expect([encodeKeyUsage(['tls-server']), encodeExtendedKeyUsage(['crl-sign'])]).toEqual([undefined, undefined]);
  });

  test('purposes without a word are kept', () => {
    const extension = encodeExtendedKeyUsage(['tls-client'], ['1.2.3']);
    expect(extension).toEqual({ oid: oids.extendedKeyUsage, critical: false, value: bytes('300e 06082b06010505070302 06022a03') });
    expect(decodeExtendedKeyUsage(valued(extension, '300e 06082b06010505070302 06022a03'))).toEqual([oids.clientAuth, '1.2.3']);
  });

  test('bits beyond the nine are passed over, of a list however long', () => {
    expect(decodeKeyUsage(valued(encodeKeyUsage(['crl-sign']), `0382 0101 00 ${'ff'.repeat(256)}`))).toHaveLength(9);
  });
});

describe('subjectAltName', () => {
  const names = parseAltNames('DNS:a.example,IP:192.0.2.1,IP:2001:db8::1,email:x@a.example');

  test('both ways; critical where the subject is empty', () => {
    expect(decodeSubjectAltName(encodeSubjectAltName(names))).toEqual(names);
    expect(encodeSubjectAltName(names)).toMatchObject({ oid: oids.subjectAltName, critical: false });
    expect(encodeSubjectAltName(names, true).critical).toBe(true);
  });

  test('an address of another length is refused, and no name at all', () => {
    expect(() => decodeSubjectAltName(encodeSubjectAltName([{ type: 'ip', bytes: bytes('0a0000') }]))).toThrow(
      errorLike('X509Error', 'alternative-name', /^subjectAltName iPAddress: expected 4 or 16 octets$/),
    );
    expect(() => encodeSubjectAltName([])).toThrow(refused(/^subjectAltName: expected at least one name$/));
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    const extension = encodeSubjectAltName(names);
    const found = survivors(extension.value, [DerError, X509Error], (value) => decodeSubjectAltName({ ...extension, value }));
    // An empty list is read, but not written.
    for (const { bytes: damaged, value } of found.filter((survivor) => survivor.value.length > 0)) {
      expect(encodeSubjectAltName(value).value).toEqual(damaged);
    }
  });
});

describe('key identifiers', () => {
  const keyIdentifier = bytes('0102030405060708090a0b0c0d0e0f1011121314');

  test('of the subject', () => {
    const extension = encodeSubjectKeyIdentifier(keyIdentifier);
    expect(extension).toEqual({ oid: oids.subjectKeyIdentifier, critical: false, value: octetString(keyIdentifier) });
    expect(decodeSubjectKeyIdentifier(extension)).toEqual(keyIdentifier);
  });

  test.each([
    ['nothing', {}, '3000'],
    ['the identifier', { keyIdentifier: bytes('01') }, '3003800101'],
    ['issuer and serial number', { issuer: parseAltNames('DNS:a'), serialNumber: bytes('0080') }, '3009a103820161 82020080'],
    [
      'all',
      {
        keyIdentifier: bytes('01'),
        issuer: [{ type: 'directory' as const, name: nameOf({ commonName: 'a' }) }],
        serialNumber: bytes('01'),
      },
      '3018800101a110a40e300c310a300806035504030c0161820101',
    ],
  ])('of the authority: %s', (_, authority, value) => {
    const extension = encodeAuthorityKeyIdentifier(authority);
    expect(hex(extension.value)).toBe(value.replaceAll(' ', ''));
    expect(decodeAuthorityKeyIdentifier(extension)).toEqual(authority);
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    const extension = encodeAuthorityKeyIdentifier({ keyIdentifier, issuer: parseAltNames('DNS:a'), serialNumber: bytes('01') });
    for (const { bytes: found, value } of survivors(extension.value, [DerError, X509Error], (value) =>
      decodeAuthorityKeyIdentifier({ ...extension, value }),
    )) {
      expect(encodeAuthorityKeyIdentifier(value).value).toEqual(found);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { latestInstant } from '../../src/der/time.ts';
import {
  bitString,
  boolean,
  explicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  tagged,
  time,
  unsignedInteger,
  utf8String,
} from '../../src/der/writer.ts';
import { type Certificate, decodeCertificate, signCertificate } from '../../src/x509/certificate.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { extensionOf } from '../../src/x509/extensions.ts';
import { encodeName, equalNames } from '../../src/x509/name.ts';
import { verifySignature } from '../../src/x509/signer.ts';
import { validityOf } from '../../src/x509/validity.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors, unnoticed } from '../mutations.ts';
import { crypto, newHolder, newYear, repeating, rootOf, serverOf } from './samples.ts';

const authority = newHolder('prime256v1');
const root = await signCertificate(rootOf(authority.key, 'Root'), authority.signer);
const server = await signCertificate(serverOf(newHolder('ed25519').key, root), authority.signer);

describe('a certificate that is signed', () => {
  test('is what was asked for, of version 3, and keeps its bytes', () => {
    expect(root).toMatchObject(rootOf(authority.key, 'Root'));
    expect(root.version).toBe(3);
    expect(root.subjectDer).toEqual(encodeName(root.subject));
    expect(root.issuerDer).toEqual(root.subjectDer);
    expect(decodeCertificate(root.der)).toEqual(root);
  });

  test('verifies with the key that signed it and no other', async () => {
    expect(await verifySignature(root, root.publicKey, crypto)).toBe(true);
    expect(await verifySignature(server, root.publicKey, crypto)).toBe(true);
    expect(await verifySignature(root, newHolder('prime256v1').key.publicKey, crypto)).toBe(false);
    expect(equalNames(server.issuer, root.subject)).toBe(true);
  });

  test.each(['rsa-1024', 'rsa-2048', 'secp384r1', 'secp521r1', 'ed25519'] as const)('with a key of %s verifies', async (type) => {
    const holder = newHolder(type, 'sha384');
    const certificate = await signCertificate(rootOf(holder.key, type), holder.signer);
    expect(await verifySignature(certificate, holder.key.publicKey, crypto)).toBe(true);
  });

  test('is of version 1 without extensions', async () => {
    const certificate = await signCertificate({ ...root, extensions: [] }, authority.signer);
    expect([certificate.version, certificate.extensions]).toEqual([1, []]);
  });

  test('has times in the form that RFC 5280 4.1.2.5 asks for, to the end of the year 9999', async () => {
    const certificate = await signCertificate({ ...root, notAfter: validityOf(newYear, 10_000_000) }, authority.signer);
    expect(certificate.notAfter).toBe(latestInstant);
    const found = Buffer.from(certificate.der).toString('latin1');
    expect(found).toContain('\u0017\u000d260101000000Z\u0018\u000f99991231235959Z');
  });

  test('finds its extensions by OID', () => {
    expect(extensionOf(root, oids.basicConstraints)?.critical).toBe(true);
    expect(extensionOf(root, oids.subjectAltName)).toBeUndefined();
  });
});

describe('a certificate that breaks a rule is not signed', () => {
  test.each([
    ['no serial number', { serialNumber: bytes('') }, 'serial-number', /^serialNumber: expected 1 to 20 octets, positive$/],
    ['serial number zero', { serialNumber: bytes('00') }, 'serial-number', /positive/],
    ['a negative serial number', { serialNumber: bytes('80') }, 'serial-number', /positive/],
    ['21 octets of serial number', { serialNumber: new Uint8Array(21).fill(1) }, 'serial-number', /positive/],
    ['a validity that ends before it begins', { notAfter: newYear - 1 }, 'validity', /expected notAfter not to be before notBefore/],
    ['an extension twice', { extensions: [...root.extensions, ...root.extensions] }, 'extension', /found 2.5.29.19 twice/],
  ])('%s', async (_, change, code, message) => {
    await expect(signCertificate({ ...root, ...change }, authority.signer)).rejects.toThrow(errorLike('X509Error', code, message));
  });

  test.each([
    ['a public key that is none', { publicKey: bytes('3000') }, 'truncated', /^subjectPublicKeyInfo algorithm/],
    ['a time after the year 9999', { notAfter: latestInstant + 1 }, 'value', /between the years 0 and 9999/],
  ])('%s', async (_, change, code, message) => {
    await expect(signCertificate({ ...root, ...change }, authority.signer)).rejects.toThrow(errorLike('DerError', code, message));
  });
});

const algorithm = sequence(oid(oids.ecdsaWithSHA256));
const publicKey = sequence(sequence(oid('1.2.3')), bitString(bytes('00')));
const validity = sequence(time(newYear), time(newYear));
const noName = sequence();
const v1 = [integer(1), algorithm, noName, validity, noName, publicKey];
const extensions = explicit(3, sequence(sequence(oid('1.2.3'), octetString(bytes('')))));

function certificateOf(tbs: readonly Uint8Array[], outer = algorithm): Uint8Array {
  return sequence(sequence(...tbs), outer, bitString(bytes('00')));
}

describe('what CAs have written, though the standard says otherwise, is read', () => {
  test.each<[string, Uint8Array[], Partial<Certificate>]>([
    ['version 1', v1, { version: 1, issuer: [], extensions: [], serialNumber: bytes('01'), notBefore: newYear }],
    ['version 1 written out', [explicit(0, integer(0)), ...v1], { version: 1 }],
    [
      'version 2 with unique identifiers',
      [explicit(0, integer(1)), ...v1, tagged(0x81, bytes('0080')), tagged(0x82, bytes('00'))],
      { version: 2 },
    ],
    ['version 3 without extensions', [explicit(0, integer(2)), ...v1], { version: 3, extensions: [] }],
    ['a negative serial number', [integer(-1), ...v1.slice(1)], { serialNumber: bytes('ff') }],
    ['serial number zero', [integer(0), ...v1.slice(1)], { serialNumber: bytes('00') }],
    [
      'a serial number of 30 octets',
      [unsignedInteger(new Uint8Array(30).fill(0x11)), ...v1.slice(1)],
      { serialNumber: new Uint8Array(30).fill(0x11) },
    ],
    [
      'GeneralizedTime before 2050',
      [...v1.slice(0, 3), sequence(tagged(0x18, Buffer.from('20260101000000Z')), time(newYear)), ...v1.slice(4)],
      { notBefore: newYear },
    ],
    ['a validity that ends before it begins', [...v1.slice(0, 3), sequence(time(newYear), time(0)), ...v1.slice(4)], { notAfter: 0 }],
    [
      'critical FALSE written out',
      [explicit(0, integer(2)), ...v1, explicit(3, sequence(sequence(oid('1.2.3'), boolean(false), octetString(bytes('')))))],
      { extensions: [{ oid: '1.2.3', critical: false, value: bytes('') }] },
    ],
  ])('%s', (_, tbs, expected) => {
    expect(decodeCertificate(certificateOf(tbs))).toMatchObject(expected);
  });
});

describe('what is no certificate is refused', () => {
  test.each<[string, Uint8Array, string, string, RegExp]>([
    ['nothing', bytes(''), 'DerError', 'truncated', /^certificate: expected SEQUENCE, found the end$/],
    ['bytes after it', Uint8Array.of(...certificateOf(v1), 0), 'DerError', 'trailing', /^certificate: 1 bytes are left over$/],
    ['more than 64 KiB', new Uint8Array(65_537), 'DerError', 'size', /^certificate: expected at most 65536 bytes, found 65537$/],
    [
      'a version that is not there yet',
      certificateOf([explicit(0, integer(3)), ...v1]),
      'X509Error',
      'version',
      /^certificate version: expected 1, 2 or 3, found 4$/,
    ],
    [
      'extensions in version 1',
      certificateOf([...v1, extensions]),
      'X509Error',
      'version',
      /^certificate: version 1 does not have the fields that were found$/,
    ],
    ['extensions in version 2', certificateOf([explicit(0, integer(1)), ...v1, extensions]), 'X509Error', 'version', /version 2/],
    ['unique identifiers in version 1', certificateOf([...v1, tagged(0x81, bytes('00'))]), 'X509Error', 'version', /version 1/],
    [
      'another algorithm outside than inside',
      certificateOf(v1, sequence(oid(oids.ed25519))),
      'X509Error',
      'algorithm',
      /expected the same inside and outside of what is signed/,
    ],
    [
      'the same algorithm with other parameters',
      certificateOf(v1, sequence(oid(oids.ecdsaWithSHA256), nullValue)),
      'X509Error',
      'algorithm',
      /inside and outside/,
    ],
    [
      'a serial number that is not minimal',
      certificateOf([bytes('02020001'), ...v1.slice(1)]),
      'DerError',
      'form',
      /^certificate tbsCertificate serialNumber: expected the shortest form/,
    ],
    [
      'a time that is text',
      certificateOf([...v1.slice(0, 3), sequence(utf8String('now'), time(0)), ...v1.slice(4)]),
      'DerError',
      'tag',
      /^certificate tbsCertificate validity notBefore: expected GeneralizedTime, found UTF8String$/,
    ],
    ['no public key', certificateOf(v1.slice(0, 5)), 'DerError', 'truncated', /^certificate tbsCertificate subjectPublicKeyInfo/],
    [
      'fields after the extensions',
      certificateOf([explicit(0, integer(2)), ...v1, extensions, nullValue]),
      'DerError',
      'trailing',
      /^certificate tbsCertificate: 2 bytes are left over$/,
    ],
  ])('%s', (_, der, name, code, message) => {
    expect(() => decodeCertificate(der)).toThrow(errorLike(name, code, message));
  });
});

describe('round trips', () => {
  const tbs = fc.record({
    serialNumber: fc.uint8Array({ minLength: 1, maxLength: 19 }).map((octets) => Uint8Array.of(1, ...octets)),
    notBefore: fc.integer({ min: -62_167_219_200, max: 0 }),
    notAfter: fc.integer({ min: 0, max: latestInstant }),
    extensions: fc.uniqueArray(
      fc.record({ oid: fc.constantFrom(...Object.values(oids)), critical: fc.boolean(), value: fc.uint8Array() }),
      { selector: (extension) => extension.oid },
    ),
  });

  test('decode(encode(certificate)) = certificate', async () => {
    await fc.assert(
      fc.asyncProperty(tbs, async (fields) => {
        expect(await signCertificate({ ...server, ...fields }, repeating(server))).toMatchObject(fields);
      }),
    );
  });

  test('encode(decode(bytes)) = bytes', async () => {
    const { der: rootDer } = await signCertificate(decodeCertificate(root.der), repeating(root));
    const { der: serverDer } = await signCertificate(decodeCertificate(server.der), repeating(server));
    expect([rootDer, serverDer]).toEqual([root.der, server.der]);
  });
});

test('cut short or with a bit turned over, it is refused or differs in what is signed or in the signature', () => {
  const found = survivors(server.der, [DerError, X509Error], decodeCertificate);
  expect(found.length).toBeGreaterThan(500);
  expect(unnoticed(server, found)).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { oids } from '../../src/der/oids.ts';
import { decodePem } from '../../src/pem/pem.ts';
import { decodeCertificate, signCertificate } from '../../src/x509/certificate.ts';
import { decodeCrl, signCrl } from '../../src/x509/crl.ts';
import { decodeCrlNumber, decodeCrlReason } from '../../src/x509/crl-extensions.ts';
import { decodeAuthorityKeyIdentifier, type Extension, extensionOf } from '../../src/x509/extensions.ts';
import { decodeCertificatePolicies } from '../../src/x509/issuer-information.ts';
import { formatName } from '../../src/x509/name.ts';
import { describePublicKey, keyIdentifier } from '../../src/x509/public-key.ts';
import { verifySignature } from '../../src/x509/signer.ts';
import { bytes } from '../bytes.ts';
import { readingOf } from './reading.ts';
import { crypto, repeating } from './samples.ts';

function fixture(name: string): Uint8Array {
  const [block] = decodePem(readFileSync(new URL(`../fixtures/rfc5280/${name}.pem`, import.meta.url), 'utf8'));
  return block?.der ?? bytes('');
}

const seconds = (iso: string): number => Date.parse(iso) / 1000;

function decoded<T>(
  holder: { readonly extensions: readonly Extension[] },
  oid: string,
  decode: (extension: Extension) => T,
): T | undefined {
  const extension = extensionOf(holder, oid);
  return extension && decode(extension);
}

const authority = decodeCertificate(fixture('c1'));
const authorityKeyId = '0868af8533c8394a7af882938e706a4a20842c32';

describe('the examples of RFC 5280, appendix C, say what its text says', () => {
  test('C.1: a CA of RSA that signs itself', async () => {
    expect(formatName(authority.subject)).toBe('DC=com,DC=example,CN=Example CA');
    expect(authority).toMatchObject({
      version: 3,
      serialNumber: bytes('11'),
      notBefore: seconds('2004-04-30T14:25:34Z'),
      notAfter: seconds('2005-04-30T14:25:34Z'),
    });
    expect(describePublicKey(authority.publicKey).keySize).toBe('1024');
    expect(readingOf(authority)).toMatchObject({ isCA: true, pathLength: -1, keyUsage: 0x60, subjectKeyId: authorityKeyId });
    expect(hex(keyIdentifier(authority.publicKey, crypto))).toBe(authorityKeyId);
    expect(await verifySignature(authority, authority.publicKey, crypto)).toBe(true);
  });

  test('C.2: an end entity of RSA', async () => {
    const certificate = decodeCertificate(fixture('c2'));
    expect(formatName(certificate.subject)).toBe('DC=com,DC=example,CN=End Entity');
    expect(certificate.serialNumber).toEqual(bytes('12'));
    expect(readingOf(certificate)).toMatchObject({
      basicConstraints: false,
      keyUsage: 3,
      authorityKeyId,
      emailAddresses: ['end.entity@example.com'],
    });
    expect(await verifySignature(certificate, authority.publicKey, crypto)).toBe(true);
  });

  test('C.3: an end entity of DSA', () => {
    const certificate = decodeCertificate(fixture('c3'));
    expect(formatName(certificate.issuer)).toBe('DC=com,DC=example,CN=Example DSA CA');
    expect(certificate.serialNumber).toEqual(bytes('0100'));
    expect(describePublicKey(certificate.publicKey)).toEqual({ type: 'dsa', bits: 1024, keySize: '1024' });
    expect(readingOf(certificate)).toMatchObject({ keyUsage: 1, uris: ['http://www.example.com/users/DSAendentity.html'] });
    expect(decoded(certificate, oids.certificatePolicies, decodeCertificatePolicies)).toEqual([
      { policy: '2.16.840.1.101.3.2.1.48.9', qualifiers: [] },
    ]);
  });

  test('C.4: a CRL', async () => {
    const crl = decodeCrl(fixture('c4'));
    expect(formatName(crl.issuer)).toBe('DC=com,DC=example,CN=Example CA');
    expect(crl).toMatchObject({ version: 2, thisUpdate: seconds('2005-02-05T12:00:00Z'), nextUpdate: seconds('2005-02-06T12:00:00Z') });
    expect(crl.revoked).toMatchObject([{ serialNumber: bytes('12'), revocationDate: seconds('2004-11-19T15:57:03Z') }]);
    expect(crl.revoked.map((entry) => decoded(entry, oids.reasonCode, decodeCrlReason))).toEqual(['keyCompromise']);
    expect(decoded(crl, oids.cRLNumber, decodeCrlNumber)).toEqual(bytes('0c'));
    expect(decoded(crl, oids.authorityKeyIdentifier, decodeAuthorityKeyIdentifier)).toEqual({ keyIdentifier: bytes(authorityKeyId) });
    expect(await verifySignature(crl, authority.publicKey, crypto)).toBe(true);
  });
});

test('they are written again byte for byte', async () => {
  const certificates = ['c1', 'c2', 'c3'].map((name) => decodeCertificate(fixture(name)));
  const written = await Promise.all(certificates.map((certificate) => signCertificate(certificate, repeating(certificate))));
  expect(written.map(({ der }) => der)).toEqual(certificates.map(({ der }) => der));
  const crl = decodeCrl(fixture('c4'));
  expect((await signCrl(crl, repeating(crl))).der).toEqual(crl.der);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { latestInstant } from '../../src/der/time.ts';
import { bitString, explicit, integer, octetString, oid, sequence, time } from '../../src/der/writer.ts';
import { decodeCrl, signCrl } from '../../src/x509/crl.ts';
import { encodeCrlNumber, encodeCrlReason } from '../../src/x509/crl-extensions.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { encodeAuthorityKeyIdentifier } from '../../src/x509/extensions.ts';
import { nameOf } from '../../src/x509/name.ts';
import { verifySignature } from '../../src/x509/signer.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors, unnoticed } from '../mutations.ts';
import { crypto, newHolder, newYear, repeating } from './samples.ts';

const holder = newHolder('prime256v1');
const wanted = {
  issuer: nameOf({ commonName: 'CA' }),
  thisUpdate: newYear,
  nextUpdate: newYear + 86_400,
  revoked: [
    { serialNumber: bytes('01'), revocationDate: newYear - 1, extensions: [] },
    {
      serialNumber: bytes('00ff'),
      revocationDate: newYear,
      extensions: [encodeCrlReason('keyCompromise')].filter((one) => one !== undefined),
    },
  ],
  extensions: [encodeAuthorityKeyIdentifier({ keyIdentifier: bytes('0102') }), encodeCrlNumber(1)],
};
const crl = await signCrl(wanted, holder.signer);

describe('a CRL', () => {
  test('holds what it was made with, is of version 2 and keeps its bytes', () => {
    expect(crl).toMatchObject(wanted);
    expect(crl.version).toBe(2);
    expect(decodeCrl(crl.der)).toEqual(crl);
  });

  test('verifies with the key that signed it and no other', async () => {
    expect(await verifySignature(crl, holder.key.publicKey, crypto)).toBe(true);
    expect(await verifySignature(crl, newHolder('prime256v1').key.publicKey, crypto)).toBe(false);
  });

  test('of nothing has no list of revoked certificates (RFC 5280 5.1.2.6)', async () => {
    const empty = await signCrl({ ...wanted, revoked: [], extensions: [] }, holder.signer);
    expect(empty).toMatchObject({ version: 2, revoked: [], extensions: [] });
    expect(empty.tbs.subarray(-30)).toEqual(Uint8Array.of(...time(wanted.thisUpdate), ...time(wanted.nextUpdate)));
  });

  test('is not made when it would break a rule', async () => {
    await expect(signCrl({ ...wanted, nextUpdate: newYear - 1 }, holder.signer)).rejects.toThrow(
      errorLike('X509Error', 'validity', /^CRL: expected nextUpdate not to be before thisUpdate$/),
    );
    const twice = { serialNumber: bytes('01'), revocationDate: 0, extensions: [encodeCrlNumber(1), encodeCrlNumber(2)] };
    await expect(signCrl({ ...wanted, revoked: [twice] }, holder.signer)).rejects.toThrow(
      errorLike('X509Error', 'extension', /^CRL extensions: expected each once, found 2.5.29.20 twice$/),
    );
  });
});

const algorithm = sequence(oid(oids.ecdsaWithSHA256));
const extension = sequence(sequence(oid('1.2.3'), octetString(bytes(''))));

function crlOf(...tbs: Uint8Array[]): Uint8Array {
  return sequence(sequence(...tbs), algorithm, bitString(bytes('00')));
}

describe('CRLs of others', () => {
  test.each([
    ['version 1', crlOf(algorithm, sequence(), time(newYear)), { version: 1, revoked: [], thisUpdate: newYear }],
    [
      'version 1 with entries',
      crlOf(algorithm, sequence(), time(0), time(1), sequence(sequence(integer(5), time(3)))),
      { version: 1, nextUpdate: 1, revoked: [{ serialNumber: bytes('05'), revocationDate: 3, extensions: [] }] },
    ],
    ['an empty list of entries', crlOf(integer(1), algorithm, sequence(), time(0), sequence()), { version: 2, revoked: [] }],
    [
      'extensions only',
      crlOf(integer(1), algorithm, sequence(), time(0), explicit(0, extension)),
      { extensions: [{ oid: '1.2.3', critical: false, value: bytes('') }] },
    ],
  ])('%s', (_, der, expected) => {
    expect(decodeCrl(der)).toMatchObject(expected);
  });

  test.each([
    ['nothing', bytes(''), 'DerError', 'truncated', /^CRL: expected SEQUENCE, found the end$/],
    [
      'another version',
      crlOf(integer(2), algorithm, sequence(), time(0)),
      'X509Error',
      'version',
      /^CRL version: expected 1 or 2, found 3$/,
    ],
    [
      'version 1 written out',
      crlOf(integer(0), algorithm, sequence(), time(0)),
      'X509Error',
      'version',
      /^CRL version: expected 1 or 2, found 1$/,
    ],
    [
      'extensions in version 1',
      crlOf(algorithm, sequence(), time(0), explicit(0, extension)),
      'X509Error',
      'version',
      /^CRL: version 1 has no extensions$/,
    ],
    [
      'extensions of an entry in version 1',
      crlOf(algorithm, sequence(), time(0), sequence(sequence(integer(1), time(0), extension))),
      'X509Error',
      'version',
      /^CRL: version 1 has no extensions$/,
    ],
    [
      'another algorithm inside',
      crlOf(integer(1), sequence(oid('1.2.3')), sequence(), time(0)),
      'X509Error',
      'algorithm',
      /^CRL signatureAlgorithm: expected the same inside and outside/,
    ],
    [
      'an entry without a date',
      crlOf(integer(1), algorithm, sequence(), time(0), sequence(sequence(integer(1)))),
      'DerError',
      'truncated',
      /^CRL tbsCertList revokedCertificates revocationDate/,
    ],
  ])('%s is refused', (_, der, name, code, message) => {
    expect(() => decodeCrl(der)).toThrow(errorLike(name, code, message));
  });
});

describe('round trips', () => {
  test('decode(encode(crl)) = crl', async () => {
    const lists = fc.record({
      thisUpdate: fc.integer({ min: -62_167_219_200, max: 0 }),
      nextUpdate: fc.integer({ min: 0, max: latestInstant }),
      revoked: fc.array(
        fc.record({
          serialNumber: fc.uint8Array({ maxLength: 19 }).map((octets) => Uint8Array.of(1, ...octets)),
          revocationDate: fc.integer({ min: 0, max: latestInstant }),
          extensions: fc.uniqueArray(
            fc.record({ oid: fc.constantFrom('1.2.3', '1.2.4'), critical: fc.boolean(), value: fc.uint8Array() }),
            { selector: ({ oid }) => oid },
          ),
        }),
      ),
    });
    await fc.assert(
      fc.asyncProperty(lists, async (fields) => {
        expect(await signCrl({ ...wanted, ...fields }, repeating(crl))).toMatchObject(fields);
      }),
    );
  });

  test('encode(decode(bytes)) = bytes', async () => {
    expect((await signCrl(decodeCrl(crl.der), repeating(crl))).der).toEqual(crl.der);
  });

  test('cut short or with a bit turned over, it is refused or differs in what is signed or in the signature', () => {
    const found = survivors(crl.der, [DerError, X509Error], decodeCrl);
    expect(found.length).toBeGreaterThan(500);
    expect(unnoticed(crl, found)).toEqual([]);
  });
});

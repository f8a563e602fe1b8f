import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '../../src/bytes/bytes.ts';
import { DerError } from '../../src/der/errors.ts';
import { type CertificateList, decodeCrl, signCrl, type TbsCertificateList } from '../../src/x509/crl.ts';
import { encodeCrlNumber, encodeCrlReason } from '../../src/x509/crl-extensions.ts';
import { CrlReader } from '../../src/x509/crl-reader.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { encodeAuthorityKeyIdentifier } from '../../src/x509/extensions.ts';
import { nameOf } from '../../src/x509/name.ts';
import { bytes, flipped } from '../bytes.ts';
import { errorLike, unlessRefused } from '../mutations.ts';
import { newHolder, newYear } from './samples.ts';

const holder = newHolder('prime256v1');
const limit = 1 << 20;
const reason = encodeCrlReason('keyCompromise');
const wanted: TbsCertificateList = {
  issuer: nameOf({ commonName: 'CA' }),
  thisUpdate: newYear,
  nextUpdate: newYear + 86_400,
  revoked: [
    { serialNumber: bytes('01'), revocationDate: newYear - 1, extensions: [] },
    { serialNumber: bytes('00ff'), revocationDate: newYear, extensions: reason === undefined ? [] : [reason] },
    { serialNumber: bytes('7fffffffffffffffffffffffffffffffffffffff'), revocationDate: newYear + 100 * 366 * 86_400, extensions: [] },
  ],
  extensions: [encodeAuthorityKeyIdentifier({ keyIdentifier: bytes('0102') }), encodeCrlNumber(1)],
};
const { der } = await signCrl(wanted, holder.signer);

/** What `decodeCrl` would give, put together from what comes by. */
function readIn(document: Uint8Array, sizes: (at: number) => number = () => document.length, most = limit): CertificateList {
  const heard: { head?: Pick<CertificateList, 'version' | 'issuer' | 'issuerDer' | 'thisUpdate' | 'nextUpdate'> } = {};
  const revoked: CertificateList['revoked'][number][] = [];
  const signed: Uint8Array[] = [];
  const reader = new CrlReader(
    {
      head: ({ version, issuer, issuerDer, thisUpdate, nextUpdate }) => {
        heard.head = { version, issuer, issuerDer, thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }) };
      },
      entry: ({ serialNumber, extensions, ...entry }) =>
        void revoked.push({
          ...entry,
          serialNumber: serialNumber.slice(),
          extensions: extensions.map((each) => ({ ...each, value: each.value.slice() })),
        }),
      signed: (part) => void signed.push(part.slice()),
    },
    most,
  );
  for (let at = 0; at < document.length; ) {
    const piece = document.slice(at, at + sizes(at));
    at += piece.length;
    reader.push(piece);
    // What was given is the giver's again.
    piece.fill(0xaa);
  }
  const tail = reader.end();
  if (heard.head === undefined) throw new Error('there was no head');
  return { ...heard.head, ...tail, revoked, tbs: concat(signed), der: document };
}

const errors = [DerError, X509Error] as const;

describe('a CRL that comes piece by piece', () => {
  test.each([1, 2, 3, 7, 64, 100_000])('of %i bytes is what it is as a whole', (size) => {
    expect(readIn(der, () => size)).toEqual(decodeCrl(der));
  });

  test('is that in any pieces, whatever it holds', async () => {
    const name = fc.string({ minLength: 1, maxLength: 20 });
    const entry = fc.record({
      serialNumber: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((octets) => Uint8Array.of(1, ...octets)),
      revocationDate: fc.integer({ min: -1_000_000_000, max: 4_000_000_000 }),
      extensions: fc.constantFrom([], reason === undefined ? [] : [reason]),
    });
    await fc.assert(
      fc.asyncProperty(
        name,
        fc.array(entry, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        async (cn, revoked, sizes) => {
          const made = await signCrl({ ...wanted, issuer: nameOf({ commonName: cn }), revoked }, holder.signer);
          expect(readIn(made.der, (at) => sizes[at % sizes.length] ?? 1)).toEqual(decodeCrl(made.der));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is refused where the whole is refused, and read alike where that is read, with any bit of it turned over', () => {
    const differing: number[] = [];
    for (let bit = 0; bit < der.length * 8; bit++) {
      const damaged = flipped(der, bit);
      const whole = unlessRefused(errors, () => decodeCrl(damaged));
      const pieces = unlessRefused(errors, () => readIn(damaged, () => 50));
      if (!isDeepStrictEqual(whole, pieces)) differing.push(bit);
    }
    expect(differing).toEqual([]);
  });

  test('is refused wherever it is cut short, and with more behind it', () => {
    for (let length = 0; length < der.length; length++) {
      expect(
        unlessRefused(errors, () => readIn(der.slice(0, length), () => 50)),
        String(length),
      ).toEqual([]);
    }
    expect(() => readIn(concat([der, bytes('00')]))).toThrow(errorLike('DerError', 'trailing', /^CRL: bytes are left over$/));
    expect(() => readIn(concat([der, bytes('00')]), () => der.length)).toThrow(
      errorLike('DerError', 'trailing', /^CRL: bytes are left over$/),
    );
  });

  test('is refused as soon as it says that it is too long', () => {
    expect(() => readIn(der.slice(0, 4), undefined, der.length - 1)).toThrow(
      errorLike('DerError', 'size', /^CRL: expected at most \d+ bytes$/),
    );
  });

  test('is refused where one of its parts is too long to be looked at, before that has come', () => {
    const list = bytes('3084020000003084010000000201013083100000');
    expect(() => readIn(list, undefined, 1 << 30)).toThrow(errorLike('DerError', 'size', 'expected parts of at most 65536 bytes'));
  });

  test('tells nobody to wait for what an endless one would still bring', () => {
    const reader = new CrlReader({ head: () => undefined, entry: () => undefined, signed: () => undefined }, limit);
    reader.push(der.slice(0, 100));
    expect(() => reader.end()).toThrow(errorLike('DerError', 'truncated', /^CRL: it ends too early$/));
  });
});

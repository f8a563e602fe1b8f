import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { explicit, integer, nullValue, oid, sequence } from '../../src/der/writer.ts';
import type { HashAlgorithm, SignatureScheme } from '../../src/platform/crypto.ts';
import { decodeAlgorithm, encodeAlgorithm, schemeOf, signatureAlgorithm } from '../../src/x509/algorithms.ts';
import { errorLike, survivors } from '../mutations.ts';

const digests: HashAlgorithm[] = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

describe('algorithms of signatures', () => {
  test.each<[SignatureScheme, string]>([
    [{ type: 'rsa-pkcs1', digest: 'md5' }, '300d06092a864886f70d0101040500'],
    [{ type: 'rsa-pkcs1', digest: 'sha1' }, '300d06092a864886f70d0101050500'],
    [{ type: 'rsa-pkcs1', digest: 'sha256' }, '300d06092a864886f70d01010b0500'],
    [{ type: 'ecdsa', digest: 'sha256' }, '300a06082a8648ce3d040302'],
    [{ type: 'ecdsa', digest: 'sha384' }, '300a06082a8648ce3d040303'],
    [{ type: 'ed25519' }, '300506032b6570'],
    [
      { type: 'rsa-pss', digest: 'sha256', saltLength: 32 },
      '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
    ],
    [{ type: 'rsa-pss', digest: 'sha1', saltLength: 20 }, '300d06092a864886f70d01010a3000'],
  ])('%j', (scheme, der) => {
    expect(hex(signatureAlgorithm(scheme))).toBe(der);
    expect(schemeOf(signatureAlgorithm(scheme))).toEqual(scheme);
  });

  test('every digest with every kind of key, both ways', () => {
    const [md5, ...others] = digests;
    const schemes: SignatureScheme[] = [
      ...digests.flatMap((digest): SignatureScheme[] => [
        { type: 'rsa-pkcs1', digest },
        { type: 'rsa-pss', digest, saltLength: 11 },
      ]),
      ...others.map((digest) => ({ type: 'ecdsa' as const, digest })),
    ];
    expect(md5).toBe('md5');
    expect(schemes.map((scheme) => schemeOf(signatureAlgorithm(scheme)))).toEqual(schemes);
  });

  test('there is no ECDSA with MD5', () => {
    expect(() => signatureAlgorithm({ type: 'ecdsa', digest: 'md5' })).toThrow(
      errorLike('X509Error', 'algorithm', /^digest-algorithm: there is no ecdsa signature with md5$/),
    );
  });

  const sha256 = encodeAlgorithm({ oid: oids.sha256, parameters: nullValue });
  const pss = (...parameters: Uint8Array[]) => encodeAlgorithm({ oid: oids.rsassaPss, parameters: sequence(...parameters) });

  test.each([
    ['RSA without its NULL', encodeAlgorithm({ oid: oids.sha256WithRSAEncryption }), { type: 'rsa-pkcs1', digest: 'sha256' }],
    ['RSA with other parameters', encodeAlgorithm({ oid: oids.sha256WithRSAEncryption, parameters: sequence() }), undefined],
    ['ECDSA with NULL', encodeAlgorithm({ oid: oids.ecdsaWithSHA256, parameters: nullValue }), undefined],
    ['Ed25519 with NULL', encodeAlgorithm({ oid: oids.ed25519, parameters: nullValue }), undefined],
    ['an algorithm not known here', encodeAlgorithm({ oid: '1.2.840.113549.1.1.2', parameters: nullValue }), undefined],
    ['a key algorithm', encodeAlgorithm({ oid: oids.rsaEncryption, parameters: nullValue }), undefined],
    ['PSS without parameters', encodeAlgorithm({ oid: oids.rsassaPss }), undefined],
    ['PSS with the default mask of SHA-1 under SHA-256', pss(explicit(0, sha256)), undefined],
    ['PSS with another mask', pss(explicit(1, encodeAlgorithm({ oid: '1.2.3' }))), undefined],
    ['PSS with another trailer', pss(explicit(3, integer(2))), undefined],
    ['PSS with a digest not known here', pss(explicit(0, encodeAlgorithm({ oid: '1.2.3' }))), undefined],
    [
      'PSS with its defaults written out',
      pss(explicit(2, integer(20)), explicit(3, integer(1))),
      { type: 'rsa-pss', digest: 'sha1', saltLength: 20 },
    ],
  ])('%s', (_, algorithm, scheme) => {
    expect(schemeOf(algorithm)).toEqual(scheme);
  });

  test('parameters of any type are kept', () => {
    const algorithm = { oid: '1.2.3', parameters: sequence(oid('1.2.4')) };
    expect(decodeAlgorithm(encodeAlgorithm(algorithm))).toEqual(algorithm);
    expect(decodeAlgorithm(encodeAlgorithm({ oid: '1.2.3' }))).toEqual({ oid: '1.2.3' });
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    const valid = signatureAlgorithm({ type: 'rsa-pss', digest: 'sha256', saltLength: 32 });
    for (const { bytes, value } of survivors(valid, [DerError], (der) => ({ scheme: schemeOf(der), algorithm: decodeAlgorithm(der) }))) {
      expect(encodeAlgorithm(value.algorithm)).toEqual(bytes);
    }
  });
});

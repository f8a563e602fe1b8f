import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { bitString, integer, nullValue, oid, sequence, unsignedInteger } from '../../src/der/writer.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { decodePublicKey, describePublicKey, keyIdentifier } from '../../src/x509/public-key.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors } from '../mutations.ts';
import { newKey } from './keys.ts';

function rsa(modulus: Uint8Array, exponent: Uint8Array = integer(65_537)): Uint8Array {
  return sequence(sequence(oid(oids.rsaEncryption), nullValue), bitString(sequence(modulus, exponent)));
}

function ec(curve: string, point: string): Uint8Array {
  return sequence(sequence(oid(oids.ecPublicKey), oid(curve)), bitString(bytes(point)));
}

function spkiOf(type: 'ed448' | 'x25519'): Uint8Array {
  const { publicKey } = type === 'ed448' ? generateKeyPairSync('ed448') : generateKeyPairSync('x25519');
  return new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
}

describe('what a public key is', () => {
  test.each([
    ['rsa-1024', { type: 'rsa', bits: 1024, keySize: '1024' }],
    ['rsa-1536', { type: 'rsa', bits: 1536, keySize: '1536' }],
    ['prime256v1', { type: 'ec', bits: 256, curve: 'prime256v1', keySize: 'prime256v1' }],
    ['secp384r1', { type: 'ec', bits: 384, curve: 'secp384r1', keySize: 'secp384r1' }],
    ['secp521r1', { type: 'ec', bits: 521, curve: 'secp521r1', keySize: 'secp521r1' }],
    ['ed25519', { type: 'ed25519', bits: 256, keySize: 'ed25519' }],
  ] as const)('%s of the host', (type, description) => {
    expect(describePublicKey(newKey(type).publicKey)).toEqual(description);
  });

  test.each([
    ['RSA of 8192 bits', rsa(unsignedInteger(new Uint8Array(1024).fill(0xff))), { type: 'rsa', bits: 8192, keySize: '8192' }],
    ['RSA of an odd size', rsa(unsignedInteger(bytes('01 ff'))), { type: 'rsa', bits: 9, keySize: '9' }],
    [
      'a compressed point',
      ec(oids.prime256v1, `02${'11'.repeat(32)}`),
      { type: 'ec', bits: 256, curve: 'prime256v1', keySize: 'prime256v1' },
    ],
    ['a curve without a word', ec('1.3.132.0.10', '04'), { type: 'ec', keySize: '1.3.132.0.10' }],
    [
      'explicit curve parameters',
      sequence(sequence(oid(oids.ecPublicKey), sequence()), bitString(bytes('04'))),
      { type: 'ec', keySize: 'explicit' },
    ],
    [
      'DSA',
      sequence(
        sequence(oid(oids.dsa), sequence(unsignedInteger(new Uint8Array(128).fill(0x80)), integer(1), integer(1))),
        bitString(integer(1)),
      ),
      { type: 'dsa', bits: 1024, keySize: '1024' },
    ],
    ['DSA with inherited parameters', sequence(sequence(oid(oids.dsa)), bitString(integer(1))), { type: 'dsa', keySize: 'inherited' }],
    ['Ed448', spkiOf('ed448'), { type: 'other', keySize: 'ed448' }],
    ['X25519', spkiOf('x25519'), { type: 'other', keySize: 'x25519' }],
    ['an algorithm not known here', sequence(sequence(oid('1.2.3')), bitString(bytes('00'))), { type: 'other', keySize: '1.2.3' }],
  ])('%s', (_, spki, description) => {
    expect(describePublicKey(spki)).toEqual(description);
  });

  test.each([
    ['an even modulus', rsa(integer(256)), /RSA key: expected a modulus and an exponent that are odd and positive/],
    ['a negative modulus', rsa(integer(-255)), /odd and positive/],
    ['an even exponent', rsa(integer(255), integer(2)), /odd and positive/],
    ['the exponent 1, with which anybody signs', rsa(integer(255), integer(1)), /expected an exponent of 3 or more/],
    ['a point too short', ec(oids.prime256v1, `04${'11'.repeat(63)}`), /EC key: expected a point of prime256v1/],
    ['a point of another curve', ec(oids.secp384r1, `04${'11'.repeat(64)}`), /EC key: expected a point of secp384r1/],
    ['the point at infinity', ec(oids.prime256v1, '00'), /EC key: expected a point/],
    ['a hybrid point', ec(oids.prime256v1, `06${'11'.repeat(64)}`), /EC key: expected a point/],
    ['no curve', sequence(sequence(oid(oids.ecPublicKey)), bitString(bytes('04'))), /EC key: expected the OID of a curve as parameters/],
    ['no point', ec(oids.prime256v1, ''), /EC key: expected a point/],
    ['Ed25519 too short', sequence(sequence(oid(oids.ed25519)), bitString(new Uint8Array(31))), /Ed25519 key: expected 32 octets/],
  ])('%s is refused', (_, spki, message) => {
    expect(() => describePublicKey(spki)).toThrow(errorLike('X509Error', 'public-key', message));
  });

  test.each([
    ['no key', bytes('3000'), 'truncated', /^subjectPublicKeyInfo algorithm: expected SEQUENCE, found the end$/],
    [
      'bits that are no octets',
      sequence(sequence(oid('1.2.3')), bitString(bytes('80'), 7)),
      'form',
      /subjectPublicKey: expected a BIT STRING of whole octets/,
    ],
    [
      'RSA that is no SEQUENCE',
      sequence(sequence(oid(oids.rsaEncryption), nullValue), bitString(integer(5))),
      'tag',
      /^RSAPublicKey: expected SEQUENCE/,
    ],
    [
      'RSA with more after it',
      sequence(sequence(oid(oids.rsaEncryption), nullValue), bitString(bytes('3006 020105 020103 0500'))),
      'trailing',
      /^RSAPublicKey/,
    ],
  ])('%s is refused', (_, spki, code, message) => {
    expect(() => describePublicKey(spki)).toThrow(errorLike('DerError', code, message));
  });
});

test('the key identifier is SHA-1 of the octets of the BIT STRING (RFC 5280 4.2.1.2)', () => {
  const { publicKey } = newKey('prime256v1');
  const expected = createHash('sha1').update(publicKey.subarray(-65)).digest();
  expect(keyIdentifier(publicKey, new NodeCrypto())).toEqual(new Uint8Array(expected));
});

test.each(['rsa-1024', 'prime256v1', 'ed25519'] as const)('%s: cut short or with a bit turned over, nothing crashes', (type) => {
  const found = survivors(newKey(type).publicKey, [DerError, X509Error], (spki) => [decodePublicKey(spki), describePublicKey(spki)]);
  expect(found.length).toBeGreaterThan(0);
});

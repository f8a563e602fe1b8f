import { verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import { bitString, integer, nullValue, octetString, oid, sequence, unsignedInteger } from '../../src/der/writer.ts';
import { signatureAlgorithm } from '../../src/x509/algorithms.ts';
import { signerFor, verifySignature } from '../../src/x509/signer.ts';
import { bytes, flipped } from '../bytes.ts';
import { errorLike } from '../mutations.ts';
import { newKey } from './keys.ts';
import { crypto } from './samples.ts';

const tbs = bytes('3003020101');

describe('a signer', () => {
  test.each([
    ['rsa-1024', 'sha512', { type: 'rsa-pkcs1', digest: 'sha512' }],
    ['rsa-1024', 'md5', { type: 'rsa-pkcs1', digest: 'md5' }],
    ['prime256v1', 'sha256', { type: 'ecdsa', digest: 'sha256' }],
    ['secp521r1', 'sha1', { type: 'ecdsa', digest: 'sha1' }],
    ['ed25519', 'sha384', { type: 'ed25519' }],
  ] as const)('with a key of %s and %s signs, and its signature verifies', async (type, digest, scheme) => {
    const key = newKey(type);
    const signer = signerFor(key.privateKey, digest, crypto);
    expect(signer.algorithm).toEqual(signatureAlgorithm(scheme));
    const signed = { tbs, signatureAlgorithm: signer.algorithm, signature: await signer.sign(tbs) };
    expect(await verifySignature(signed, key.publicKey, crypto)).toBe(true);
    expect(await verifySignature({ ...signed, tbs: flipped(tbs, 3) }, key.publicKey, crypto)).toBe(false);
    expect(await verifySignature({ ...signed, signature: flipped(signed.signature, 77) }, key.publicKey, crypto)).toBe(false);
    expect(await verifySignature({ ...signed, signature: bytes('') }, key.publicKey, crypto)).toBe(false);
    expect(await verifySignature(signed, newKey(type).publicKey, crypto)).toBe(false);
  });

  test('signs for the host to verify', async () => {
    const key = newKey('prime256v1');
    const signature = await signerFor(key.privateKey, 'sha256', crypto).sign(tbs);
    expect(verify('sha256', tbs, { key: Buffer.from(key.publicKey), format: 'der', type: 'spki' }, signature)).toBe(true);
  });

  test('is refused for other keys and other digests', () => {
    const pkcs8 = (algorithm: string) => sequence(integer(0), sequence(oid(algorithm)), octetString(bytes('')));
    expect(() => signerFor(pkcs8(oids.dsa), 'sha1', crypto)).toThrow(
      errorLike('X509Error', 'algorithm', /^private key: expected RSA, EC or Ed25519, found 1.2.840.10040.4.1$/),
    );
    expect(() => signerFor(pkcs8(oids.ecPublicKey), 'md5', crypto)).toThrow(
      errorLike('X509Error', 'algorithm', /no ecdsa signature with md5/),
    );
    expect(() => signerFor(bytes('04'), 'sha256', crypto)).toThrow(errorLike('DerError', 'tag', /^PrivateKeyInfo: expected SEQUENCE/));
  });
});

describe('a signature', () => {
  const signature = bytes('00');

  test('by a key of another type is no signature of that key', async () => {
    const signed = { tbs, signature, signatureAlgorithm: signatureAlgorithm({ type: 'ecdsa', digest: 'sha256' }) };
    expect(await verifySignature(signed, newKey('rsa-1024').publicKey, crypto)).toBe(false);
    expect(await verifySignature(signed, newKey('ed25519').publicKey, crypto)).toBe(false);
  });

  test('by an algorithm that is not known here is refused', async () => {
    const signed = { tbs, signature, signatureAlgorithm: sequence(oid('1.2.840.113549.1.1.2'), nullValue) };
    await expect(verifySignature(signed, newKey('rsa-1024').publicKey, crypto)).rejects.toThrow(
      errorLike('X509Error', 'algorithm', /can be verified/),
    );
  });

  test.each([
    ['too short', 127, 1016],
    ['too long', 1025, 8200],
  ])('by an RSA key %s to be relied on is refused', async (_, octets, bits) => {
    const modulus = unsignedInteger(new Uint8Array(octets).fill(0xff));
    const key = sequence(sequence(oid(oids.rsaEncryption), nullValue), bitString(sequence(modulus, integer(65_537))));
    const signed = { tbs, signature, signatureAlgorithm: signatureAlgorithm({ type: 'rsa-pkcs1', digest: 'sha256' }) };
    await expect(verifySignature(signed, key, crypto)).rejects.toThrow(
      errorLike('X509Error', 'public-key', `expected RSA of 1024 to 8192 bits, found ${bits}`),
    );
  });
});

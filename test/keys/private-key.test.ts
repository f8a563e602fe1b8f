import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { concat } from '../../src/bytes/bytes.ts';
import { hex } from '../../src/bytes/hex.ts';
import { utf8 } from '../../src/bytes/utf8.ts';
import { oids } from '../../src/der/oids.ts';
import {
  bitString,
  explicit,
  implicit,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  unsignedInteger,
} from '../../src/der/writer.ts';
import { decodePrivateKey, matches, publicKeyOf, toPkcs8 } from '../../src/keys/private-key.ts';
import { bytes } from '../bytes.ts';
import { errorLike } from '../mutations.ts';
import { crypto } from './host.ts';
import { allKeyPairs, ecKeyPair, ed25519KeyPair, rsaKeyPair } from './key-pairs.ts';

const pairs = allKeyPairs();
const rsa = rsaKeyPair(1024);
const p256 = ecKeyPair('prime256v1');
const ed25519 = ed25519KeyPair();

const damaged = (message: string): object => errorLike('KeyError', 'damaged', message);
const unsupported = (message: string): object => errorLike('KeyError', 'unsupported', message);

const scalar = new Uint8Array(32).fill(1);
const p256Algorithm = sequence(oid(oids.ecPublicKey), oid(oids.prime256v1));
const ed25519Algorithm = sequence(oid(oids.ed25519));
const privateKeyInfo = (algorithm: Uint8Array, key: Uint8Array, ...more: Uint8Array[]): Uint8Array =>
  sequence(integer(0), algorithm, octetString(key), ...more);
const ecPrivateKey = (key: Uint8Array, ...more: Uint8Array[]): Uint8Array => sequence(integer(1), octetString(key), ...more);

function lastBit(bytes: Uint8Array): number {
  return (bytes.at(-1) ?? 0) & 1;
}

function rsaParts(pkcs8: Uint8Array): Uint8Array[] {
  const key = decodePrivateKey(pkcs8);
  if (key.type !== 'rsa') throw new Error('not an RSA key');
  const { modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key.rsa;
  return [modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient];
}

function rsaKeyOf(parts: readonly Uint8Array[]): Uint8Array {
  return toPkcs8(sequence(integer(0), ...parts.map((part) => integer(part))));
}

describe('a private key in PKCS#8', () => {
  it.each(pairs)('of $name is kept byte for byte as OpenSSL writes it', ({ pkcs8 }) => {
    expect(toPkcs8(pkcs8)).toEqual(pkcs8);
  });

  it.each(pairs)('is made of the older form of $name', ({ traditional, pkcs8 }) => {
    expect(toPkcs8(traditional)).toEqual(pkcs8);
  });

  it('says its type and size', () => {
    expect(pairs.map(({ pkcs8 }) => decodePrivateKey(pkcs8))).toMatchObject([
      { type: 'rsa', bits: 1024 },
      { type: 'rsa', bits: 2048 },
      { type: 'ec', curve: 'prime256v1' },
      { type: 'ec', curve: 'secp384r1' },
      { type: 'ec', curve: 'secp521r1' },
      { type: 'ed25519' },
    ]);
  });

  it('loses attributes and the public key of version 2, which say nothing that is used', () => {
    const seed = new Uint8Array(32).fill(7);
    const attributes = implicit(0, setOf([sequence(oid(oids.keyUsage), setOf([bitString(Uint8Array.of(0x80), 7)]))]));
    const publicKey = implicit(1, bitString(new Uint8Array(32)));
    const plain = privateKeyInfo(ed25519Algorithm, octetString(seed));
    expect(toPkcs8(sequence(integer(1), ed25519Algorithm, octetString(octetString(seed)), attributes, publicKey))).toEqual(plain);
    expect(toPkcs8(privateKeyInfo(ed25519Algorithm, octetString(seed), attributes))).toEqual(plain);
  });

  it('keeps one place for the curve: the outer one', () => {
    const inner = ecPrivateKey(scalar, explicit(0, oid(oids.prime256v1)));
    expect(toPkcs8(privateKeyInfo(p256Algorithm, inner))).toEqual(privateKeyInfo(p256Algorithm, ecPrivateKey(scalar)));
    expect(toPkcs8(inner)).toEqual(privateKeyInfo(p256Algorithm, ecPrivateKey(scalar)));
  });

  it('has a scalar of the length of the curve, whatever zeros were left out or put before it', () => {
    const short = Uint8Array.of(1, 2, 3);
    const whole = new Uint8Array(32);
    whole.set(short, 29);
    for (const found of [short, whole, concat([new Uint8Array(5), whole])]) {
      expect(toPkcs8(privateKeyInfo(p256Algorithm, ecPrivateKey(found)))).toEqual(privateKeyInfo(p256Algorithm, ecPrivateKey(whole)));
    }
  });

  it('takes RSA with and without the NULL of its algorithm', () => {
    const key = rsa.traditional;
    expect(toPkcs8(privateKeyInfo(sequence(oid(oids.rsaEncryption)), key))).toEqual(rsa.pkcs8);
    expect(toPkcs8(privateKeyInfo(sequence(oid(oids.rsaEncryption), nullValue), key))).toEqual(rsa.pkcs8);
  });

  it.each([
    ['nothing', new Uint8Array(), 'expected SEQUENCE, found the end'],
    ['a text', utf8('no key at all'), 'expected SEQUENCE'],
    ['a key with a byte after it', concat([p256.pkcs8, Uint8Array.of(0)]), '1 bytes are left over'],
    ['more than any key needs', new Uint8Array(70_000), 'expected at most 65536 bytes'],
    ['version 7', sequence(integer(7), ed25519Algorithm, octetString(scalar)), 'version'],
    ['a seed of 31 bytes', privateKeyInfo(ed25519Algorithm, octetString(new Uint8Array(31))), 'expected 32 bytes'],
    [
      'two names for its curve',
      privateKeyInfo(p256Algorithm, ecPrivateKey(scalar, explicit(0, oid(oids.secp384r1)))),
      'expected prime256v1',
    ],
    ['a scalar longer than the curve', privateKeyInfo(p256Algorithm, ecPrivateKey(new Uint8Array(33).fill(1))), 'expected 32 bytes'],
    ['an EC key of version 2', privateKeyInfo(p256Algorithm, sequence(integer(2), octetString(scalar))), 'EC key version'],
    ['an RSA key with a modulus of 0', sequence(...Array.from({ length: 9 }, () => integer(0))), 'modulus: expected a positive INTEGER'],
    ['an RSA key without primes', sequence(integer(0), unsignedInteger(new Uint8Array(128).fill(255)), integer(3), integer(5)), 'prime1'],
  ])('is damaged with %s', (_, der, message) => {
    expect(() => toPkcs8(der)).toThrow(damaged(message));
  });

  const algorithm = (name: string, ...parameters: Uint8Array[]): Uint8Array => privateKeyInfo(sequence(oid(name), ...parameters), scalar);
  const rsaOfBits = (bits: number): Uint8Array => {
    const modulus = new Uint8Array(bits / 8).fill(255);
    return sequence(integer(0), unsignedInteger(modulus), ...Array.from({ length: 7 }, () => integer(3)));
  };

  it.each([
    [
      'RSASSA-PSS',
      new Uint8Array(generateKeyPairSync('rsa-pss', { modulusLength: 512 }).privateKey.export({ format: 'der', type: 'pkcs8' })),
      'an RSASSA-PSS key',
    ],
    ['X25519', new Uint8Array(generateKeyPairSync('x25519').privateKey.export({ format: 'der', type: 'pkcs8' })), 'an X25519 key'],
    ['DSA', algorithm(oids.dsa, sequence()), 'a DSA key'],
    ['an unknown algorithm', algorithm('1.2.3.4'), 'a private key of algorithm 1.2.3.4'],
    [
      'another curve',
      algorithm(oids.ecPublicKey, oid('1.3.132.0.10')),
      'the curve 1.3.132.0.10; expected prime256v1, secp384r1, secp521r1',
    ],
    ['a curve of its own', algorithm(oids.ecPublicKey, sequence(integer(1))), 'expected a named curve'],
    ['SEC 1 without a curve', ecPrivateKey(scalar), 'does not name its curve'],
    ['RSA of three primes', sequence(integer(1), integer(3)), 'more than two primes'],
    ['RSA of 512 bits', rsaOfBits(512), '512 bits; expected 1024 to 8192'],
    ['RSA of 8,200 bits', rsaOfBits(8200), '8200 bits; expected 1024 to 8192'],
  ])('is not supported for %s', (_, der, message) => {
    expect(() => toPkcs8(der)).toThrow(unsupported(message));
  });

  it('may be RSA of 8,192 bits', () => {
    expect(decodePrivateKey(toPkcs8(rsaOfBits(8192)))).toMatchObject({ type: 'rsa', bits: 8192 });
  });
});

describe('the public key of a private key', () => {
  it.each(pairs)('of $name is the one it was made with', ({ pkcs8, spki }) => {
    expect(publicKeyOf(pkcs8, crypto)).toEqual(spki);
  });

  it('is that of the scalar where the file has none', () => {
    const bare = sequence(integer(1), octetString(p256.traditional.subarray(7, 39)));
    expect(publicKeyOf(privateKeyInfo(p256Algorithm, bare), crypto)).toEqual(p256.spki);
  });

  it('may be compressed in the file', () => {
    const secret = p256.traditional.subarray(7, 39);
    const x = p256.spki.subarray(-64, -32);
    const withPoint = (prefix: number): Uint8Array =>
      privateKeyInfo(p256Algorithm, ecPrivateKey(secret, explicit(1, bitString(Uint8Array.of(prefix, ...x)))));
    const odd = lastBit(p256.spki);
    expect(publicKeyOf(withPoint(2 + odd), crypto)).toEqual(p256.spki);
    expect(() => publicKeyOf(withPoint(3 - odd), crypto)).toThrow(damaged('public point'));
  });

  it('shows that the EC key holds the point of another', () => {
    const mixed = p256.pkcs8.slice();
    mixed.set(ecKeyPair('prime256v1').pkcs8.subarray(-65), mixed.length - 65);
    expect(() => publicKeyOf(mixed, crypto)).toThrow(damaged('the public point in the EC key is not that of its scalar'));
  });

  it.each([
    ['zero', new Uint8Array(32)],
    ['the order of the curve', Uint8Array.from(Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex'))],
  ])('is not to be had where the scalar is %s', (_, bad) => {
    expect(() => publicKeyOf(privateKeyInfo(p256Algorithm, ecPrivateKey(bad)), crypto)).toThrow(errorLike('KeyError', 'damaged', ''));
  });

  it('is not to be had where the public exponent is not that of the RSA key', () => {
    const parts = rsaParts(rsa.pkcs8).with(1, Uint8Array.of(3));
    expect(() => publicKeyOf(rsaKeyOf(parts), crypto)).toThrow(damaged('the parts of the RSA key do not belong together'));
  });

  it.each([
    ['modulus', 0],
    ['private exponent', 2],
    ['first prime', 3],
    ['second prime', 4],
    ['first CRT exponent', 5],
    ['second CRT exponent', 6],
    ['CRT coefficient', 7],
  ])('is not to be had where the %s is that of another RSA key', (_, part) => {
    const theirs = rsaParts(rsaKeyPair(1024).pkcs8).slice(part, part + 1);
    const parts = rsaParts(rsa.pkcs8).toSpliced(part, 1, ...theirs);
    expect(() => publicKeyOf(rsaKeyOf(parts), crypto)).toThrow(damaged('the parts of the RSA key do not belong together'));
  });
});

describe('an RSA private exponent that fits one prime only', () => {
  const number = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes)}`);
  const octets = (value: bigint): Uint8Array => bytes(value.toString(16).padStart(258, '0'));

  it.each([
    ['first', 3, 4],
    ['second', 4, 3],
  ])('is damaged: the %s', (_, fitting, other) => {
    const parts = rsaParts(rsa.pkcs8).map((part) => number(part));
    const [d, p, q] = [parts[2] ?? 0n, parts[fitting] ?? 0n, parts[other] ?? 0n];
    const moved = d < p * (q - 1n) ? d + (p - 1n) : d - (p - 1n);
    // All that hangs on the exponent is moved with it.
    const key = parts
      .with(2, moved)
      .with(fitting + 2, moved % (p - 1n))
      .with(other + 2, moved % (q - 1n));
    expect(() => publicKeyOf(rsaKeyOf(key.map((part) => octets(part))), crypto)).toThrow(damaged('do not belong together'));
  });
});

describe('matching a private key and a public key', () => {
  it('finds each key its own', () => {
    const table = pairs.map(({ pkcs8 }) => pairs.map(({ spki }) => matches(pkcs8, spki, crypto)));
    expect(table).toEqual(pairs.map((_, row) => pairs.map((_, column) => row === column)));
  });

  it('sees through a compressed point and a missing NULL', () => {
    const point = Uint8Array.of(2 + lastBit(p256.spki), ...p256.spki.subarray(-64, -32));
    expect(matches(p256.pkcs8, sequence(p256Algorithm, bitString(point)), crypto)).toBe(true);
    const key = rsa.spki.subarray(-140);
    expect(matches(rsa.pkcs8, sequence(sequence(oid(oids.rsaEncryption)), bitString(key)), crypto)).toBe(true);
  });

  it('is false for a public key of an algorithm that is not used here', () => {
    expect(matches(ed25519.pkcs8, sequence(sequence(oid(oids.x25519)), bitString(ed25519.spki.subarray(-32))), crypto)).toBe(false);
  });

  it('throws for what is no public key', () => {
    expect(() => matches(ed25519.pkcs8, utf8('text'), crypto)).toThrow(damaged('public key'));
  });
});

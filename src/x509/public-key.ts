import { oids } from '../der/oids.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Curve } from '../platform/keygen.ts';
import { type AlgorithmIdentifier, readAlgorithm } from './algorithms.ts';
import { X509Error } from './errors.ts';

/** Longest SubjectPublicKeyInfo read, in bytes: an RSA key of 100,000 bits, or one of the post-quantum kinds. */
const publicKeyLimit = 1 << 14;

// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
export interface SubjectPublicKeyInfo {
  readonly algorithm: AlgorithmIdentifier;
  readonly subjectPublicKey: Uint8Array;
}

/** Reads the DER of a SubjectPublicKeyInfo of at most 16 KiB; the key inside is not looked at. */
export function decodePublicKey(spki: Uint8Array): SubjectPublicKeyInfo {
  return decodeDer('subjectPublicKeyInfo', spki, publicKeyLimit, (r) => readPublicKey(r));
}

/** Reads a SubjectPublicKeyInfo; the key inside is not looked at. */
export function readPublicKey(r: DerReader): SubjectPublicKeyInfo {
  return r.sequence((k) => ({
    algorithm: readAlgorithm(k.field('algorithm')),
    subjectPublicKey: k.field('subjectPublicKey').bitStringOctets(),
  }));
}

/** What a person wants to know of a public key: RouterOS' key-type and key-size. */
export interface PublicKeyDescription {
  readonly type: 'rsa' | 'ec' | 'ed25519' | 'dsa' | 'other';
  /** Bits of the modulus, the field or DSA's p. */
  readonly bits?: number;
  /** Absent for an EC key on a curve that RouterOS has no word for. */
  readonly curve?: Curve;
  /** RouterOS' text: "2048", "prime256v1", "ed25519"; the OID of the curve or algorithm where it has none. */
  readonly keySize: string;
}

const curves = new Map<string, { readonly curve: Curve; readonly bits: number }>([
  [oids.prime256v1, { curve: 'prime256v1', bits: 256 }],
  [oids.secp384r1, { curve: 'secp384r1', bits: 384 }],
  [oids.secp521r1, { curve: 'secp521r1', bits: 521 }],
]);

const otherNames = new Map<string, string>([
  [oids.ed448, 'ed448'],
  [oids.x25519, 'x25519'],
  [oids.x448, 'x448'],
  [oids.rsassaPss, 'rsassa-pss'],
  [oids.rsaesOaep, 'rsaes-oaep'],
]);

/**
 * What a SubjectPublicKeyInfo is, without a judgement on its strength. Throws `DerError` or `X509Error` when a key of a
 * known type is malformed; that a point is on its curve is for the crypto port to check.
 */
export function describePublicKey(spki: Uint8Array): PublicKeyDescription {
  const { algorithm, subjectPublicKey } = decodePublicKey(spki);
  switch (algorithm.oid) {
    case oids.rsaEncryption:
      return describeRsa(subjectPublicKey);
    case oids.ecPublicKey:
      return describeEc(algorithm, subjectPublicKey);
    case oids.ed25519:
      if (subjectPublicKey.length !== 32) throw new X509Error('public-key', 'Ed25519 key: expected 32 octets');
      return { type: 'ed25519', bits: 256, keySize: 'ed25519' };
    case oids.dsa:
      return describeDsa(algorithm);
    default:
      return { type: 'other', keySize: otherNames.get(algorithm.oid) ?? algorithm.oid };
  }
}

// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
function describeRsa(key: Uint8Array): PublicKeyDescription {
  const { modulus, exponent } = decodeDer('RSAPublicKey', key, publicKeyLimit, (r) =>
    r.sequence((k) => ({ modulus: k.field('modulus').integer(), exponent: k.field('publicExponent').integer() })),
  );
  const odd = ((modulus.at(-1) ?? 0) & (exponent.at(-1) ?? 0) & 1) === 1;
  if (!odd || isNegative(modulus) || isNegative(exponent)) {
    throw new X509Error('public-key', 'RSA key: expected a modulus and an exponent that are odd and positive');
  }
  // RFC 8017 3.1. With 1 a signature is its message: a request would prove nothing.
  if (bitLength(exponent) < 2) throw new X509Error('public-key', 'RSA key: expected an exponent of 3 or more');
  const bits = bitLength(modulus);
  return { type: 'rsa', bits, keySize: String(bits) };
}

/** A point is 04, x, y or 02/03, x (SEC 1 2.3.3). */
function describeEc({ parameters }: AlgorithmIdentifier, point: Uint8Array): PublicKeyDescription {
  if (parameters?.[0] === tags.sequence) return { type: 'ec', keySize: 'explicit' };
  if (parameters === undefined) throw new X509Error('public-key', 'EC key: expected the OID of a curve as parameters');
  const named = decodeDer('EC key namedCurve', parameters, publicKeyLimit, (r) => r.oid());
  const known = curves.get(named);
  if (known === undefined) return { type: 'ec', keySize: named };
  const octets = Math.ceil(known.bits / 8);
  const lengths = new Map([
    [2, 1 + octets],
    [3, 1 + octets],
    [4, 1 + 2 * octets],
  ]);
  if (point.length !== lengths.get(point[0] ?? 0)) throw new X509Error('public-key', `EC key: expected a point of ${known.curve}`);
  return { type: 'ec', bits: known.bits, curve: known.curve, keySize: known.curve };
}

// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }
function describeDsa({ parameters }: AlgorithmIdentifier): PublicKeyDescription {
  if (parameters === undefined) return { type: 'dsa', keySize: 'inherited' };
  const bits = decodeDer('Dss-Parms', parameters, publicKeyLimit, (r) =>
    r.sequence((p) => {
      const prime = p.field('p').integer();
      p.field('q').integer();
      p.field('g').integer();
      return bitLength(prime);
    }),
  );
  return { type: 'dsa', bits, keySize: String(bits) };
}

function isNegative(integer: Uint8Array): boolean {
  return (integer[0] ?? 0) >= 0x80;
}

function bitLength(integer: Uint8Array): number {
  const first = integer.findIndex((octet) => octet !== 0);
  return first === -1 ? 0 : (integer.length - first) * 8 - (Math.clz32(integer[first] ?? 0) - 24);
}

/** The key identifier of RFC 5280 4.2.1.2 (1): SHA-1 of the BIT STRING's octets. */
export function keyIdentifier(spki: Uint8Array, crypto: Pick<Crypto, 'hash'>): Uint8Array {
  return crypto.hash('sha1', decodePublicKey(spki).subjectPublicKey);
}

import { equalBytes } from '../bytes/bytes.ts';
import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { integer, nullValue, octetString, oid, sequence } from '../der/writer.ts';
import type { Crypto } from '../platform/crypto.ts';
import { CryptoError } from '../platform/crypto.ts';
import type { Curve } from '../platform/keygen.ts';
import { type EcPrivateKey, encodeCurve, encodeEcPrivateKey, isSamePoint, readCurve, readEcPrivateKey } from './ec-private-key.ts';
import { decode, KeyError } from './errors.ts';
import { bitLength, checkRsaPrivateKey, encodeRsaPrivateKey, type RsaPrivateKey, readRsaPrivateKey } from './rsa-private-key.ts';
import { withSecret } from './secret.ts';

/** Bytes of the largest private key that is looked at; one of RSA-8192 has 4,700. */
export const largestPrivateKey = 1 << 16;

/** A private key taken apart; its bytes are views of the PKCS#8 it was read from. */
export type PrivateKey =
  | { readonly type: 'rsa'; readonly bits: number; readonly rsa: RsaPrivateKey }
  | { readonly type: 'ec'; readonly curve: Curve; readonly ec: EcPrivateKey }
  | { readonly type: 'ed25519'; readonly seed: Uint8Array };

/** Reads PKCS#8. Throws `KeyError`: `damaged`, or `unsupported` for other algorithms, curves and sizes. */
export function decodePrivateKey(pkcs8: Uint8Array): PrivateKey {
  return decode('PKCS#8 key', pkcs8, largestPrivateKey, readPrivateKey);
}

/** PKCS#8 as we write it: version 0, no attributes, a named curve outside only, a scalar of full length. The caller wipes it. */
export function encodePrivateKey(key: PrivateKey): Uint8Array {
  switch (key.type) {
    case 'rsa':
      return withSecret(encodeRsaPrivateKey(key.rsa), (inner) => privateKeyInfo([oid(oids.rsaEncryption), nullValue], inner));
    case 'ec':
      return withSecret(encodeEcPrivateKey(key.ec), (inner) => privateKeyInfo([oid(oids.ecPublicKey), encodeCurve(key.curve)], inner));
    default:
      return withSecret(octetString(key.seed), (inner) => privateKeyInfo([oid(oids.ed25519)], inner));
  }
}

function privateKeyInfo(algorithm: readonly Uint8Array[], key: Uint8Array): Uint8Array {
  return withSecret(octetString(key), (privateKey) => sequence(integer(0), sequence(...algorithm), privateKey));
}

/**
 * PKCS#8, as `encodePrivateKey` writes it, of a key in PKCS#8, PKCS#1 (RSAPrivateKey) or SEC 1 (ECPrivateKey). The caller
 * wipes both. Throws `KeyError`.
 */
export function toPkcs8(der: Uint8Array): Uint8Array {
  return encodePrivateKey(decode('private key', der, largestPrivateKey, formatOf(der)));
}

/**
 * SubjectPublicKeyInfo of a private key, computed from its private parts. Throws `KeyError` `damaged` when these do not belong together
 * or the public key in the file is another.
 */
export function publicKeyOf(pkcs8: Uint8Array, crypto: Crypto): Uint8Array {
  const key = decodePrivateKey(pkcs8);
  if (key.type === 'rsa') checkRsaPrivateKey(key.rsa);
  const spki = computedPublicKey(pkcs8, crypto);
  const point = key.type === 'ec' ? key.ec.point : undefined;
  if (point !== undefined && !isSamePoint(point, subjectPublicKey(spki).key)) {
    throw new KeyError('damaged', 'the public point in the EC key is not that of its scalar');
  }
  return spki;
}

/** Whether a private key is that of a public key (SubjectPublicKeyInfo). False for public keys of other algorithms; throws for a damaged private key. */
export function matches(pkcs8: Uint8Array, spki: Uint8Array, crypto: Crypto): boolean {
  const [ours, theirs] = [subjectPublicKey(publicKeyOf(pkcs8, crypto)), subjectPublicKey(spki)];
  if (ours.algorithm !== theirs.algorithm) return false;
  if (ours.algorithm !== oids.ecPublicKey) return equalBytes(ours.key, theirs.key);
  return ours.curve === theirs.curve && isSamePoint(theirs.key, ours.key);
}

function computedPublicKey(pkcs8: Uint8Array, crypto: Crypto): Uint8Array {
  try {
    return crypto.publicKeyOf(pkcs8);
  } catch (error) {
    throw error instanceof CryptoError && error.code === 'bad-key' ? new KeyError('damaged', error.message) : error;
  }
}

// OneAsymmetricKey ::= SEQUENCE {
//   version             INTEGER { v1(0), v2(1) },
//   privateKeyAlgorithm AlgorithmIdentifier,
//   privateKey          OCTET STRING,
//   attributes      [0] IMPLICIT SET OF Attribute OPTIONAL,
//   publicKey       [1] IMPLICIT BIT STRING OPTIONAL }                              RFC 5958 2
function readPrivateKey(r: DerReader): PrivateKey {
  return r.sequence((r) => {
    r.field('version').smallInteger(1);
    const { algorithm, curve } = r.field('privateKeyAlgorithm').sequence(readKeyAlgorithm);
    const privateKey = r.field('privateKey').octetString();
    skipRest(r);
    switch (algorithm) {
      case oids.rsaEncryption:
        return decode('RSA key', privateKey, largestPrivateKey, readPkcs1);
      case oids.ecPublicKey:
        return decode('EC key', privateKey, largestPrivateKey, (r) => readSec1(r, curve));
      default:
        return decode('Ed25519 key', privateKey, largestPrivateKey, readSeed);
    }
  });
}

const otherAlgorithms: ReadonlyMap<string, string> = new Map([
  [oids.rsassaPss, 'an RSASSA-PSS key'],
  [oids.rsaesOaep, 'an RSAES-OAEP key'],
  [oids.dsa, 'a DSA key'],
  [oids.x25519, 'an X25519 key'],
  [oids.x448, 'an X448 key'],
  [oids.ed448, 'an Ed448 key'],
]);

function readKeyAlgorithm(r: DerReader): { readonly algorithm: string; readonly curve: Curve | undefined } {
  const algorithm = r.field('algorithm').oid();
  if (algorithm === oids.ecPublicKey) return { algorithm, curve: readCurve(r) };
  if (algorithm !== oids.rsaEncryption && algorithm !== oids.ed25519) {
    throw new KeyError('unsupported', otherAlgorithms.get(algorithm) ?? `a private key of algorithm ${algorithm}`);
  }
  // RFC 3279 2.3.1 wants NULL, RFC 8410 3 nothing; both are found.
  r.field('parameters').optional(tags.null, (r) => r.null());
  return { algorithm, curve: undefined };
}

function readPkcs1(r: DerReader): PrivateKey {
  const rsa = readRsaPrivateKey(r);
  return { type: 'rsa', bits: bitLength(rsa.modulus), rsa };
}

function readSec1(r: DerReader, curve?: Curve): PrivateKey {
  const ec = readEcPrivateKey(r, curve);
  return { type: 'ec', curve: ec.curve, ec };
}

// CurvePrivateKey ::= OCTET STRING                                                  RFC 8410 7
function readSeed(r: DerReader): PrivateKey {
  const seed = r.octetString();
  if (seed.length !== 32) throw new KeyError('damaged', 'Ed25519 key: expected 32 bytes');
  return { type: 'ed25519', seed };
}

/** All three are SEQUENCEs that begin with an INTEGER; the value after it tells them apart. */
function formatOf(der: Uint8Array): (r: DerReader) => PrivateKey {
  const values = decode('private key', der, largestPrivateKey, (r) => r.sequenceOf((r) => r.any()[0]));
  if (values[1] === tags.octetString) return (r) => readSec1(r);
  if (values[1] !== tags.integer) return readPrivateKey;
  // OpenSSL's old form of DSA: version, p, q, g, y, x.
  if (values.length === 6) throw new KeyError('unsupported', 'a DSA key');
  return readPkcs1;
}

function skipRest(r: DerReader): void {
  while (!r.atEnd) r.any();
}

// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }          RFC 5280 4.1
function subjectPublicKey(spki: Uint8Array): { readonly algorithm: string; readonly curve: string | undefined; readonly key: Uint8Array } {
  return decode('public key', spki, largestPrivateKey, (r) =>
    r.sequence((r) => {
      const { algorithm, curve } = r.sequence((r) => {
        const algorithm = r.field('algorithm').oid();
        const curve = r.optional(tags.oid, (r) => r.oid());
        skipRest(r);
        return { algorithm, curve };
      });
      return { algorithm, curve, key: r.field('subjectPublicKey').bitStringOctets() };
    }),
  );
}

import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { integer, nullValue, octetString, oid, sequence } from '../der/writer.ts';
import type { HashAlgorithm } from '../platform/crypto.ts';
import { CryptoError } from '../platform/crypto.ts';
import { KeyError } from './errors.ts';
import type { Workbench } from './scheme.ts';

/** How a key is made from a passphrase (RFC 8018 5.2, RFC 7914 7). `keyLength` where the file names it. */
export type KeyDerivation = { readonly salt: Uint8Array; readonly keyLength: number | undefined } & (
  | { readonly type: 'pbkdf2'; readonly rounds: number; readonly digest: HashAlgorithm }
  | { readonly type: 'scrypt'; readonly cost: number; readonly blockSize: number; readonly parallel: number }
);

const prfs: ReadonlyMap<string, HashAlgorithm> = new Map([
  [oids.hmacWithSHA1, 'sha1'],
  [oids.hmacWithSHA224, 'sha224'],
  [oids.hmacWithSHA256, 'sha256'],
  [oids.hmacWithSHA384, 'sha384'],
  [oids.hmacWithSHA512, 'sha512'],
]);

const longestKey = 1024;

/** An AlgorithmIdentifier of PBKDF2 or scrypt. Throws `KeyError` `unsupported` for others. */
export function readKeyDerivation(r: DerReader): KeyDerivation {
  return r.sequence((r) => {
    const algorithm = r.field('algorithm').oid();
    if (algorithm === oids.pbkdf2) return r.field('PBKDF2-params').sequence(readPbkdf2);
    if (algorithm === oids.scrypt) return r.field('scrypt-params').sequence(readScrypt);
    throw new KeyError('unsupported', `the key derivation ${algorithm}; expected PBKDF2 or scrypt`);
  });
}

// PBKDF2-params ::= SEQUENCE {
//   salt CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
//   iterationCount INTEGER (1..MAX),
//   keyLength      INTEGER (1..MAX) OPTIONAL,
//   prf            AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }                 RFC 8018 A.2
function readPbkdf2(r: DerReader): KeyDerivation {
  const salt = r.field('salt').octetString();
  const rounds = readCount(r.field('iterationCount'));
  const keyLength = r.field('keyLength').optional(tags.integer, (r) => r.smallInteger(longestKey));
  const digest = r.field('prf').optional(tags.sequence, (r) => r.sequence(readPrf)) ?? 'sha1';
  return { type: 'pbkdf2', salt, rounds, keyLength, digest };
}

/** The digest of an HMAC's AlgorithmIdentifier, inside its SEQUENCE. */
export function readPrf(r: DerReader): HashAlgorithm {
  const found = r.field('algorithm').oid();
  r.optional(tags.null, (r) => r.null());
  const digest = prfs.get(found);
  if (digest === undefined)
    throw new KeyError('unsupported', `the pseudo-random function ${found}; expected an HMAC with SHA-1 to SHA-512`);
  return digest;
}

// scrypt-params ::= SEQUENCE {
//   salt                     OCTET STRING,
//   costParameter            INTEGER (1..MAX),
//   blockSize                INTEGER (1..MAX),
//   parallelizationParameter INTEGER (1..MAX),
//   keyLength                INTEGER (1..MAX) OPTIONAL }                             RFC 7914 7.1
function readScrypt(r: DerReader): KeyDerivation {
  const salt = r.field('salt').octetString();
  const cost = readCount(r.field('costParameter'));
  const blockSize = readCount(r.field('blockSize'));
  const parallel = readCount(r.field('parallelizationParameter'));
  const keyLength = r.field('keyLength').optional(tags.integer, (r) => r.smallInteger(longestKey));
  return { type: 'scrypt', salt, cost, blockSize, parallel, keyLength };
}

/** An INTEGER (1..MAX); one too large for a number is as good as infinite. */
export function readCount(r: DerReader): number {
  const content = r.integer();
  if ((content[0] ?? 0) >= 0x80) throw new KeyError('damaged', 'expected a positive number of rounds');
  return content.length > 6 ? Number.POSITIVE_INFINITY : content.reduce((sum, octet) => sum * 256 + octet, 0);
}

// AlgorithmIdentifier { id-PBKDF2, PBKDF2-params { salt, iterationCount, prf hmacWithSHA256 } }
export function encodePbkdf2(salt: Uint8Array, rounds: number): Uint8Array {
  const prf = sequence(oid(oids.hmacWithSHA256), nullValue);
  return sequence(oid(oids.pbkdf2), sequence(octetString(salt), integer(rounds), prf));
}

/** Throws `KeyError` (`too-costly`, `damaged`) or `Cancelled`. The caller wipes the key. */
export async function deriveKey(derivation: KeyDerivation, password: Uint8Array, length: number, bench: Workbench): Promise<Uint8Array> {
  const { crypto, cancel, cost } = bench;
  const { salt, keyLength = length } = derivation;
  if (keyLength !== length) throw new KeyError('damaged', `key derivation keyLength: expected ${length}, found ${keyLength}`);
  if (derivation.type === 'pbkdf2') {
    cost.spendRounds(derivation.rounds);
    return crypto.pbkdf2(derivation.digest, password, salt, derivation.rounds, length, cancel);
  }
  const { cost: n, blockSize, parallel } = derivation;
  cost.spendScrypt(n, blockSize, parallel);
  cancel.check();
  try {
    return await crypto.scrypt(password, salt, n, blockSize, parallel, length);
  } catch (error) {
    throw error instanceof CryptoError ? new KeyError('damaged', error.message) : error;
  }
}

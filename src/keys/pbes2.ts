import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { octetString, oid, sequence } from '../der/writer.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { CbcCipher, Crypto } from '../platform/crypto.ts';
import type { Random } from '../platform/random.ts';
import { KeyError } from './errors.ts';
import { deriveKey, encodePbkdf2, readKeyDerivation } from './key-derivation.ts';
import { utf8Passphrase } from './passphrase.ts';
import { decryptBlocks, type EncryptionScheme } from './scheme.ts';
import { withSecretAsync } from './secret.ts';

/** What encrypting with a passphrase needs; `rounds` of PBKDF2, as `calibrateRounds` finds them. */
export interface Encryptor {
  readonly crypto: Crypto;
  readonly random: Random;
  readonly rounds: number;
}

interface Cipher {
  readonly cipher: CbcCipher;
  readonly keyLength: number;
  readonly iv: Uint8Array;
}

const ciphers: ReadonlyMap<string, Omit<Cipher, 'iv'> & { readonly ivLength: number }> = new Map([
  [oids.aes128Cbc, { cipher: 'aes-128-cbc', keyLength: 16, ivLength: 16 }],
  [oids.aes192Cbc, { cipher: 'aes-192-cbc', keyLength: 24, ivLength: 16 }],
  [oids.aes256Cbc, { cipher: 'aes-256-cbc', keyLength: 32, ivLength: 16 }],
  [oids.desEde3Cbc, { cipher: '3des-cbc', keyLength: 24, ivLength: 8 }],
  [oids.desCbc, { cipher: 'des-cbc', keyLength: 8, ivLength: 8 }],
]);

// PBES2-params ::= SEQUENCE {
//   keyDerivationFunc AlgorithmIdentifier {{ PBES2-KDFs }},
//   encryptionScheme  AlgorithmIdentifier {{ PBES2-Encs }} }                          RFC 8018 A.4
export function readPbes2(r: DerReader): EncryptionScheme {
  const { derivation, scheme } = r.sequence((r) => ({
    derivation: readKeyDerivation(r.field('keyDerivationFunc')),
    scheme: r.field('encryptionScheme').sequence(readCipher),
  }));
  return {
    passphrases: (passphrase) => [utf8Passphrase(passphrase)],
    decrypt: async (ciphertext, password, bench) =>
      withSecretAsync(await deriveKey(derivation, password, scheme.keyLength, bench), async (key) =>
        decryptBlocks(bench.crypto, scheme.cipher, key, scheme.iv, ciphertext),
      ),
  };
}

function readCipher(r: DerReader): Cipher {
  const algorithm = r.field('algorithm').oid();
  if (algorithm === oids.rc2Cbc) return r.field('RC2-CBC-Parameter').sequence(readRc2);
  const known = ciphers.get(algorithm);
  if (known === undefined) throw new KeyError('unsupported', `the cipher ${algorithm}; expected AES or triple DES in CBC mode`);
  const { cipher, keyLength, ivLength } = known;
  return { cipher, keyLength, iv: ofLength(ivLength, r.field('iv').octetString()) };
}

/** Effective key bits are numbers of RFC 8018 B.2.3. */
const rc2Versions: ReadonlyMap<number, Omit<Cipher, 'iv'>> = new Map([
  [160, { cipher: 'rc2-40-cbc', keyLength: 5 }],
  [120, { cipher: 'rc2-64-cbc', keyLength: 8 }],
  [58, { cipher: 'rc2-128-cbc', keyLength: 16 }],
]);

// RC2-CBC-Parameter ::= SEQUENCE { rc2ParameterVersion INTEGER OPTIONAL, iv OCTET STRING (SIZE(8)) }
function readRc2(r: DerReader): Cipher {
  const version = r.field('rc2ParameterVersion').optional(tags.integer, (r) => r.smallInteger(1024));
  const known = rc2Versions.get(version ?? 0);
  if (known === undefined) throw new KeyError('unsupported', 'RC2 with a key of an effective length other than 40, 64 or 128 bits');
  return { ...known, iv: ofLength(8, r.field('iv').octetString()) };
}

function ofLength(length: number, iv: Uint8Array): Uint8Array {
  if (iv.length !== length) throw new KeyError('damaged', `IV: expected ${length} bytes, found ${iv.length}`);
  return iv;
}

/** Encrypts with AES-256 in CBC mode under a key by PBKDF2 with HMAC-SHA-256; answers the AlgorithmIdentifier and the ciphertext. */
export async function encryptPbes2(
  plaintext: Uint8Array,
  passphrase: string,
  { crypto, random, rounds }: Encryptor,
  cancel: Cancel,
): Promise<{ readonly algorithm: Uint8Array; readonly ciphertext: Uint8Array }> {
  const [salt, iv] = [random.bytes(16), random.bytes(16)];
  const key = await withSecretAsync(utf8Passphrase(passphrase), (password) => crypto.pbkdf2('sha256', password, salt, rounds, 32, cancel));
  return withSecretAsync(key, async () => ({
    algorithm: sequence(oid(oids.pbes2), sequence(encodePbkdf2(salt, rounds), sequence(oid(oids.aes256Cbc), octetString(iv)))),
    ciphertext: crypto.encryptCbc('aes-256-cbc', key, iv, plaintext),
  }));
}

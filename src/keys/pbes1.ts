import { concat } from '../bytes/bytes.ts';
import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import type { CbcCipher, HashAlgorithm } from '../platform/crypto.ts';
import { KeyError } from './errors.ts';
import { readCount } from './key-derivation.ts';
import { utf8Passphrase } from './passphrase.ts';
import { decryptBlocks, type EncryptionScheme } from './scheme.ts';
import { withSecret, withSecretAsync } from './secret.ts';

interface Pbes1 {
  readonly digest: HashAlgorithm;
  readonly cipher: CbcCipher;
}

const schemes: ReadonlyMap<string, Pbes1> = new Map([
  [oids.pbeWithMD5AndDESCBC, { digest: 'md5', cipher: 'des-cbc' }],
  [oids.pbeWithMD5AndRC2CBC, { digest: 'md5', cipher: 'rc2-64-cbc' }],
  [oids.pbeWithSHA1AndDESCBC, { digest: 'sha1', cipher: 'des-cbc' }],
  [oids.pbeWithSHA1AndRC2CBC, { digest: 'sha1', cipher: 'rc2-64-cbc' }],
]);

export function isPbes1(algorithm: string): boolean {
  return schemes.has(algorithm);
}

// PBEParameter ::= SEQUENCE { salt OCTET STRING (SIZE(8)), iterationCount INTEGER }             RFC 8018 A.3
/** PBES1 (RFC 8018 6.1), only for reading: PBKDF1 makes eight bytes of key and eight of IV. */
export function readPbes1(algorithm: string, r: DerReader): EncryptionScheme {
  const scheme = schemes.get(algorithm);
  if (scheme === undefined) throw new KeyError('unsupported', `the encryption ${algorithm}`);
  const { salt, rounds } = r.sequence((r) => ({ salt: r.field('salt').octetString(), rounds: readCount(r.field('iterationCount')) }));
  return {
    passphrases: (passphrase) => [utf8Passphrase(passphrase)],
    decrypt: async (ciphertext, password, { crypto, cancel, cost }) => {
      cost.spendRounds(rounds);
      const derived = await withSecretAsync(concat([password, salt]), (input) => crypto.iterateHash(scheme.digest, input, rounds, cancel));
      return withSecret(derived, () => decryptBlocks(crypto, scheme.cipher, derived.subarray(0, 8), derived.subarray(8, 16), ciphertext));
    },
  };
}

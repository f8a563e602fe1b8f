import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { CryptoError } from '../platform/crypto.ts';
import { KeyError } from './errors.ts';
import { isPbes1, readPbes1 } from './pbes1.ts';
import { readPbes2 } from './pbes2.ts';
import { isPkcs12Encryption, readPkcs12Encryption } from './pkcs12-encryption.ts';
import type { EncryptionScheme, Workbench } from './scheme.ts';
import { withSecretAsync } from './secret.ts';

/** The AlgorithmIdentifier of encryption with a passphrase. Throws `KeyError` `unsupported` for what is not read here. */
export function readEncryptionScheme(r: DerReader): EncryptionScheme {
  return r.sequence((r) => {
    const algorithm = r.field('algorithm').oid();
    r.field('parameters');
    if (algorithm === oids.pbes2) return readPbes2(r);
    if (isPbes1(algorithm)) return readPbes1(algorithm, r);
    if (isPkcs12Encryption(algorithm)) return readPkcs12Encryption(algorithm, r);
    throw new KeyError('unsupported', `the encryption ${algorithm}`);
  });
}

/**
 * Decrypts what is a SEQUENCE inside: that, and the padding, tells a right passphrase from a wrong one. Throws `KeyError`
 * `wrong-passphrase` and what the scheme throws. The caller wipes the result.
 */
export async function decryptSequence(
  scheme: EncryptionScheme,
  ciphertext: Uint8Array,
  passphrase: string,
  bench: Workbench,
): Promise<Uint8Array> {
  for (const password of scheme.passphrases(passphrase)) {
    const plaintext = await withSecretAsync(password, () => attempt(scheme, ciphertext, password, bench));
    if (plaintext !== undefined && isWholeSequence(plaintext)) return plaintext;
    plaintext?.fill(0);
  }
  throw new KeyError('wrong-passphrase', 'the passphrase does not decrypt the key');
}

async function attempt(
  scheme: EncryptionScheme,
  ciphertext: Uint8Array,
  password: Uint8Array,
  bench: Workbench,
): Promise<Uint8Array | undefined> {
  try {
    return await scheme.decrypt(ciphertext, password, bench);
  } catch (error) {
    if (error instanceof CryptoError && error.code === 'bad-data') return undefined;
    throw error;
  }
}

/** Whether bytes begin and end as one SEQUENCE in BER does; random bytes do once in 2^16 or so. */
function isWholeSequence(bytes: Uint8Array): boolean {
  const [tag, first = 0] = bytes;
  if (tag !== tags.sequence) return false;
  if (first === 0x80) return bytes.at(-1) === 0 && bytes.at(-2) === 0;
  if (first < 0x80) return bytes.length === 2 + first;
  const octets = bytes.subarray(2, 2 + (first & 0x7f));
  return bytes.length === 2 + octets.length + octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

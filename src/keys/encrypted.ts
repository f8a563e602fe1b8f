import type { DerReader } from '../der/reader.ts';
import { octetString, sequence } from '../der/writer.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { Crypto } from '../platform/crypto.ts';
import { CostLimit } from './cost.ts';
import { decode } from './errors.ts';
import { decryptSequence, readEncryptionScheme } from './password-encryption.ts';
import { type Encryptor, encryptPbes2 } from './pbes2.ts';
import { largestPrivateKey, toPkcs8 } from './private-key.ts';
import type { EncryptionScheme } from './scheme.ts';
import { withSecretAsync } from './secret.ts';

/** EncryptedPrivateKeyInfo (`BEGIN ENCRYPTED PRIVATE KEY`) of a PKCS#8 key: PBES2 with AES-256 and PBKDF2-HMAC-SHA-256. Rejects with `Cancelled`. */
export async function encryptPrivateKey(pkcs8: Uint8Array, passphrase: string, encryptor: Encryptor, cancel: Cancel): Promise<Uint8Array> {
  const { algorithm, ciphertext } = await encryptPbes2(pkcs8, passphrase, encryptor, cancel);
  return sequence(algorithm, octetString(ciphertext));
}

/**
 * The PKCS#8 key in an EncryptedPrivateKeyInfo, as `toPkcs8` gives it; the caller wipes it. The keys of one file share their `cost`.
 * Rejects with `KeyError` or `Cancelled`.
 */
export async function decryptPrivateKey(
  der: Uint8Array,
  passphrase: string,
  crypto: Crypto,
  cancel: Cancel,
  cost = new CostLimit(),
): Promise<Uint8Array> {
  const { scheme, encryptedData } = decode('encrypted key', der, largestPrivateKey, readEncryptedPrivateKeyInfo);
  const plaintext = await decryptSequence(scheme, encryptedData, passphrase, { crypto, cancel, cost });
  return withSecretAsync(plaintext, async () => toPkcs8(plaintext));
}

// EncryptedPrivateKeyInfo ::= SEQUENCE {
//   encryptionAlgorithm AlgorithmIdentifier,
//   encryptedData       OCTET STRING }                                               RFC 5958 3
function readEncryptedPrivateKeyInfo(r: DerReader): { readonly scheme: EncryptionScheme; readonly encryptedData: Uint8Array } {
  return r.sequence((r) => ({
    scheme: readEncryptionScheme(r.field('encryptionAlgorithm')),
    encryptedData: r.field('encryptedData').octetString(),
  }));
}

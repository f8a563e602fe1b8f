import type { Cancel } from '../platform/cancel.ts';
import type { CbcCipher, Crypto } from '../platform/crypto.ts';
import type { CostLimit } from './cost.ts';
import { KeyError } from './errors.ts';

/** What work with a passphrase needs besides the file. */
export interface Workbench {
  readonly crypto: Crypto;
  readonly cancel: Cancel;
  readonly cost: CostLimit;
}

/** A way of encrypting with a passphrase, its parameters read from the file. */
export interface EncryptionScheme {
  /** The bytes that a passphrase may stand for, the likeliest first. The caller wipes them. */
  passphrases(passphrase: string): Uint8Array[];
  /** Throws `CryptoError` `bad-data` where the padding shows that the password is wrong, `KeyError`, `Cancelled`. The caller wipes the result. */
  decrypt(ciphertext: Uint8Array, password: Uint8Array, bench: Workbench): Promise<Uint8Array>;
}

/** CBC decryption of a ciphertext that must be whole blocks, whatever the passphrase. */
export function decryptBlocks(crypto: Crypto, cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  if (ciphertext.length === 0 || ciphertext.length % iv.length !== 0) {
    throw new KeyError('damaged', `encrypted part: expected whole blocks of ${iv.length} bytes, found ${ciphertext.length} bytes`);
  }
  return crypto.decryptCbc(cipher, key, iv, ciphertext);
}

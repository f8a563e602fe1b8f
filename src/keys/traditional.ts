import { concat } from '../bytes/bytes.ts';
import { fromHex } from '../bytes/hex.ts';
import type { CbcCipher, Crypto } from '../platform/crypto.ts';
import { CryptoError } from '../platform/crypto.ts';
import { KeyError } from './errors.ts';
import { utf8Passphrase } from './passphrase.ts';
import { decryptBlocks } from './scheme.ts';
import { withSecret } from './secret.ts';

interface Cipher {
  readonly cipher: CbcCipher;
  readonly keyLength: number;
  readonly ivLength: number;
}

/** By the names that OpenSSL writes after `DEK-Info:`. */
const ciphers: ReadonlyMap<string, Cipher> = new Map([
  ['AES-128-CBC', { cipher: 'aes-128-cbc', keyLength: 16, ivLength: 16 }],
  ['AES-192-CBC', { cipher: 'aes-192-cbc', keyLength: 24, ivLength: 16 }],
  ['AES-256-CBC', { cipher: 'aes-256-cbc', keyLength: 32, ivLength: 16 }],
  ['DES-EDE3-CBC', { cipher: '3des-cbc', keyLength: 24, ivLength: 8 }],
  ['DES-EDE-CBC', { cipher: '2des-cbc', keyLength: 16, ivLength: 8 }],
  ['DES-CBC', { cipher: 'des-cbc', keyLength: 8, ivLength: 8 }],
  ['RC2-40-CBC', { cipher: 'rc2-40-cbc', keyLength: 5, ivLength: 8 }],
  ['RC2-64-CBC', { cipher: 'rc2-64-cbc', keyLength: 8, ivLength: 8 }],
  ['RC2-CBC', { cipher: 'rc2-128-cbc', keyLength: 16, ivLength: 8 }],
]);

/**
 * Decrypts a key of the traditional form of OpenSSL (`Proc-Type: 4,ENCRYPTED`, after RFC 1421): `dekInfo` is "CIPHER,IV in hexadecimal".
 * The result is PKCS#1 or SEC 1 if the passphrase is right; nothing but its padding says so. The caller wipes it. Throws `KeyError`.
 */
export function decryptTraditional(ciphertext: Uint8Array, dekInfo: string, passphrase: string, crypto: Crypto): Uint8Array {
  const [name = '', digits = ''] = dekInfo.split(',');
  const cipher = ciphers.get(name.trim().toUpperCase());
  if (cipher === undefined) throw new KeyError('unsupported', `DEK-Info: the cipher ${JSON.stringify(name)}`);
  const iv = fromHex(digits.trim());
  if (iv?.length !== cipher.ivLength) throw new KeyError('damaged', `DEK-Info: expected an IV of ${cipher.ivLength} bytes in hexadecimal`);
  return withSecret(bytesToKey(passphrase, iv.subarray(0, 8), cipher.keyLength, crypto), (key) => {
    try {
      return decryptBlocks(crypto, cipher.cipher, key, iv, ciphertext);
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      throw new KeyError('wrong-passphrase', 'the passphrase does not decrypt the key');
    }
  });
}

/** OpenSSL's EVP_BytesToKey with MD5 and one round: D_1 = MD5(P || S), D_i = MD5(D_(i-1) || P || S). */
function bytesToKey(passphrase: string, salt: Uint8Array, length: number, crypto: Crypto): Uint8Array {
  return withSecret(concat([utf8Passphrase(passphrase), salt]), (input) => {
    const digests: Uint8Array[] = [];
    for (let last: Uint8Array = new Uint8Array(); digests.length * 16 < length; ) {
      last = withSecret(concat([last, input]), (data) => crypto.hash('md5', data));
      digests.push(last);
    }
    return withSecret(concat(digests), (key) => key.slice(0, length));
  });
}

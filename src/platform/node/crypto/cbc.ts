import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { CbcCipher } from '../../crypto.ts';
import { CryptoError } from '../../crypto.ts';
import { decryptRc2, encryptRc2 } from './rc2.ts';

interface CbcParameters {
  readonly keyLength: number;
  readonly blockLength: 8 | 16;
  /** OpenSSL's name; without one the cipher is RC2. */
  readonly openssl?: string;
  /** The key as that cipher wants it. */
  readonly expand?: (key: Uint8Array) => Uint8Array;
}

/** Single DES is triple DES with one key: E(K, D(K, E(K, x))) = E(K, x). OpenSSL 3 has no other without its legacy provider. */
const ciphers: Readonly<Record<CbcCipher, CbcParameters>> = {
  'aes-128-cbc': { keyLength: 16, blockLength: 16, openssl: 'aes-128-cbc' },
  'aes-192-cbc': { keyLength: 24, blockLength: 16, openssl: 'aes-192-cbc' },
  'aes-256-cbc': { keyLength: 32, blockLength: 16, openssl: 'aes-256-cbc' },
  '3des-cbc': { keyLength: 24, blockLength: 8, openssl: 'des-ede3-cbc' },
  '2des-cbc': { keyLength: 16, blockLength: 8, openssl: 'des-ede3-cbc', expand: (key) => repeat(key) },
  'des-cbc': { keyLength: 8, blockLength: 8, openssl: 'des-ede3-cbc', expand: (key) => repeat(key) },
  'rc2-40-cbc': { keyLength: 5, blockLength: 8 },
  'rc2-64-cbc': { keyLength: 8, blockLength: 8 },
  'rc2-128-cbc': { keyLength: 16, blockLength: 8 },
};

function repeat(key: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: 24 }, (_, i) => key[i % key.length] ?? 0);
}

export function encryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const { openssl, expand } = parametersFor(cipher, key, iv);
  if (openssl === undefined) return encryptRc2(key, iv, plaintext);
  const expanded = expand?.(key) ?? key;
  try {
    const encryption = createCipheriv(openssl, expanded, iv);
    return joined(encryption.update(plaintext), encryption.final());
  } finally {
    if (expanded !== key) expanded.fill(0);
  }
}

export function decryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const { openssl, expand, blockLength } = parametersFor(cipher, key, iv);
  if (ciphertext.length === 0 || ciphertext.length % blockLength !== 0) throw badPadding();
  if (openssl === undefined) return unpadded(decryptRc2(key, iv, ciphertext), blockLength);
  const expanded = expand?.(key) ?? key;
  try {
    const decryption = createDecipheriv(openssl, expanded, iv).setAutoPadding(false);
    return unpadded(joined(decryption.update(ciphertext), decryption.final()), blockLength);
  } finally {
    if (expanded !== key) expanded.fill(0);
  }
}

function parametersFor(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array): CbcParameters {
  const parameters = ciphers[cipher];
  if (key.length !== parameters.keyLength) throw new CryptoError('bad-key', `a key of ${cipher} has ${parameters.keyLength} bytes`);
  if (iv.length !== parameters.blockLength) throw new CryptoError('bad-key', `an IV of ${cipher} has ${parameters.blockLength} bytes`);
  return parameters;
}

/** PKCS#7 padding (RFC 5652 6.3) taken away. `padded` is wiped. */
function unpadded(padded: Uint8Array, blockLength: number): Uint8Array {
  const count = padded.at(-1) ?? 0;
  const text = padded.slice(0, padded.length - count);
  const fits = count > 0 && count <= blockLength && padded.subarray(padded.length - count).every((byte) => byte === count);
  padded.fill(0);
  if (fits) return text;
  text.fill(0);
  throw badPadding();
}

function badPadding(): CryptoError {
  return new CryptoError('bad-data', 'the decrypted text does not end in its padding');
}

function joined(body: Buffer, end: Buffer): Uint8Array {
  const whole = new Uint8Array(body.length + end.length);
  whole.set(body);
  whole.set(end, body.length);
  body.fill(0);
  end.fill(0);
  return whole;
}

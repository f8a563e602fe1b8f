import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Cancel } from '../cancel.ts';
import type { CbcCipher, Crypto, HashAlgorithm, SignatureScheme, Verifier } from '../crypto.ts';
import { decryptCbc, encryptCbc } from './crypto/cbc.ts';
import { openGcm, sealGcm } from './crypto/gcm.ts';
import { derivePbkdf2, deriveScrypt, iterateHash } from './crypto/key-derivation.ts';
import { publicKeyOf } from './crypto/public-key.ts';
import { rc4 } from './crypto/rc4.ts';
import { newVerifier, signData, verifyData } from './crypto/signature.ts';

/** The OpenSSL inside Node, with node-forge's RC2 and an RC4 where that OpenSSL has none. */
export class NodeCrypto implements Crypto {
  hash(algorithm: HashAlgorithm, data: Uint8Array): Uint8Array {
    return new Uint8Array(createHash(algorithm).update(data).digest());
  }

  hmac(algorithm: HashAlgorithm, key: Uint8Array, data: Uint8Array): Uint8Array {
    return new Uint8Array(createHmac(algorithm, key).update(data).digest());
  }

  iterateHash(algorithm: HashAlgorithm, data: Uint8Array, rounds: number, cancel: Cancel): Promise<Uint8Array> {
    return iterateHash(algorithm, data, rounds, cancel);
  }

  equal(a: Uint8Array, b: Uint8Array): boolean {
    return a.length === b.length && timingSafeEqual(a, b);
  }

  encryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return encryptCbc(cipher, key, iv, plaintext);
  }

  decryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    return decryptCbc(cipher, key, iv, ciphertext);
  }

  rc4(key: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    return rc4(key, ciphertext);
  }

  seal(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return sealGcm(key, nonce, associatedData, plaintext);
  }

  open(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array {
    return openGcm(key, nonce, associatedData, sealed);
  }

  sign(privateKey: Uint8Array, scheme: SignatureScheme, data: Uint8Array): Promise<Uint8Array> {
    return signData(privateKey, scheme, data);
  }

  verify(publicKey: Uint8Array, scheme: SignatureScheme, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
    return verifyData(publicKey, scheme, signature, data);
  }

  verifier(scheme: SignatureScheme): Verifier {
    return newVerifier(scheme);
  }

  publicKeyOf(privateKey: Uint8Array): Uint8Array {
    return publicKeyOf(privateKey);
  }

  pbkdf2(
    digest: HashAlgorithm,
    password: Uint8Array,
    salt: Uint8Array,
    rounds: number,
    length: number,
    cancel: Cancel,
  ): Promise<Uint8Array> {
    return derivePbkdf2(digest, password, salt, rounds, length, cancel);
  }

  scrypt(password: Uint8Array, salt: Uint8Array, cost: number, blockSize: number, parallel: number, length: number): Promise<Uint8Array> {
    return deriveScrypt(password, salt, cost, blockSize, parallel, length);
  }
}

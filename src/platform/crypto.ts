import type { Cancel } from './cancel.ts';

export type HashAlgorithm = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** Block ciphers in CBC mode with PKCS#7 padding. The last four are only for reading old files. */
export type CbcCipher =
  | 'aes-128-cbc'
  | 'aes-192-cbc'
  | 'aes-256-cbc'
  | '3des-cbc'
  | '2des-cbc'
  | 'des-cbc'
  | 'rc2-40-cbc'
  | 'rc2-64-cbc'
  | 'rc2-128-cbc';

/** How a signature is made. `digest` is absent for Ed25519 (RFC 8032 hashes by itself). */
export type SignatureScheme =
  | { readonly type: 'rsa-pkcs1'; readonly digest: HashAlgorithm }
  | { readonly type: 'rsa-pss'; readonly digest: HashAlgorithm; readonly saltLength: number }
  | { readonly type: 'ecdsa'; readonly digest: HashAlgorithm }
  | { readonly type: 'ed25519' };

export type CryptoErrorCode = 'unsupported' | 'bad-key' | 'bad-data' | 'failed';

export class CryptoError extends Error {
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string) {
    super(message);
    this.name = 'CryptoError';
    this.code = code;
  }
}

/** Takes in what is signed; there is no end to it but `verify`, which is called once. */
export interface Verifier {
  update(data: Uint8Array): void;
  /** As `Crypto.verify`. */
  verify(publicKey: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/**
 * The host's cryptography. Keys are DER: PKCS#8 PrivateKeyInfo and SubjectPublicKeyInfo. ECDSA signatures are the DER
 * SEQUENCE of RFC 3279 2.2.3. What may take long on a small CPU is asynchronous.
 */
export interface Crypto {
  hash(algorithm: HashAlgorithm, data: Uint8Array): Uint8Array;
  hmac(algorithm: HashAlgorithm, key: Uint8Array, data: Uint8Array): Uint8Array;
  /**
   * The digest of the digest … of `data`, `rounds` times (at least once): the core of PBKDF1 and of PKCS#12's key derivation.
   * Does not hold up other work; rejects with `Cancelled`.
   */
  iterateHash(algorithm: HashAlgorithm, data: Uint8Array, rounds: number, cancel: Cancel): Promise<Uint8Array>;
  /** Equality in a time that depends on the lengths alone. */
  equal(a: Uint8Array, b: Uint8Array): boolean;

  /** Encrypts with CBC and PKCS#7 padding. Throws `CryptoError` (`unsupported`, `bad-key`: wrong key or IV length). */
  encryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Decrypts; throws `CryptoError` `bad-data` when the padding does not fit, and says nothing more. */
  decryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array;
  /** RC4 with a key of 5 or 16 bytes, for reading old PKCS#12 files only. */
  rc4(key: Uint8Array, ciphertext: Uint8Array): Uint8Array;

  /** AES-256-GCM: key 32 bytes, nonce 12 bytes; the result is the ciphertext followed by the 16-byte tag. */
  seal(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Opposite of `seal`; throws `CryptoError` `bad-data` when anything was altered. */
  open(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array;

  /** Throws `CryptoError` (`bad-key`, `unsupported`: key and scheme don't go together). */
  sign(privateKey: Uint8Array, scheme: SignatureScheme, data: Uint8Array): Promise<Uint8Array>;
  /** False for a wrong signature and for one that is malformed; throws only for a key that can't be used at all. */
  verify(publicKey: Uint8Array, scheme: SignatureScheme, signature: Uint8Array, data: Uint8Array): Promise<boolean>;
  /** For a signature over what comes piece by piece. Throws `CryptoError` `unsupported` for Ed25519, which reads everything twice. */
  verifier(scheme: SignatureScheme): Verifier;
  /**
   * SubjectPublicKeyInfo of a private key. A public key that the file holds for EC and Ed25519 is not believed: it is computed. For RSA,
   * modulus and public exponent are parts of the private key; whether its parts belong together is for the caller to see.
   */
  publicKeyOf(privateKey: Uint8Array): Uint8Array;

  /** PBKDF2 (RFC 8018 5.2) off the event loop; rejects with `Cancelled`. */
  pbkdf2(
    digest: HashAlgorithm,
    password: Uint8Array,
    salt: Uint8Array,
    rounds: number,
    length: number,
    cancel: Cancel,
  ): Promise<Uint8Array>;
  /** scrypt (RFC 7914); memory is 128 * cost * blockSize bytes. */
  scrypt(password: Uint8Array, salt: Uint8Array, cost: number, blockSize: number, parallel: number, length: number): Promise<Uint8Array>;
}

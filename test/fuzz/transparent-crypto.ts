import type { Crypto } from '../../src/platform/crypto.ts';

/**
 * Cryptography that hides nothing: ciphertext is plaintext, every MAC fits, and deriving a key costs nothing. The fuzzer can so
 * reach what lies inside encrypted and authenticated files, where real ciphers would turn each mutation into noise.
 */
export const transparentCrypto: Crypto = {
  hash: (algorithm) => new Uint8Array(digestLength[algorithm]),
  hmac: (algorithm) => new Uint8Array(digestLength[algorithm]),
  iterateHash: (algorithm) => Promise.resolve(new Uint8Array(digestLength[algorithm])),
  equal: () => true,
  encryptCbc: (_cipher, _key, _iv, plaintext) => Uint8Array.from(plaintext),
  decryptCbc: (_cipher, _key, _iv, ciphertext) => Uint8Array.from(ciphertext),
  rc4: (_key, ciphertext) => Uint8Array.from(ciphertext),
  seal: (_key, _nonce, _associatedData, plaintext) => Uint8Array.from(plaintext),
  open: (_key, _nonce, _associatedData, sealed) => Uint8Array.from(sealed),
  sign: () => Promise.resolve(new Uint8Array(64)),
  verify: () => Promise.resolve(true),
  verifier: () => ({ update: () => undefined, verify: () => Promise.resolve(true) }),
  publicKeyOf: () => new Uint8Array(),
  pbkdf2: (_digest, _password, _salt, _rounds, length) => Promise.resolve(new Uint8Array(length)),
  scrypt: (_password, _salt, _cost, _blockSize, _parallel, length) => Promise.resolve(new Uint8Array(length)),
};

const digestLength = { md5: 16, sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;

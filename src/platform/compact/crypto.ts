import * as host from 'signet:crypto';
import type { Cancel } from '../cancel.ts';
import {
  type CbcCipher,
  type Crypto,
  CryptoError,
  type CryptoErrorCode,
  type HashAlgorithm,
  type SignatureScheme,
  type Verifier,
} from '../crypto.ts';
import { attempt, attemptLater, outcomeOf } from './work.ts';

/** RustCrypto and `native/keygen`, linked into the host (`native/host-crypto`). */
export class CompactCrypto implements Crypto {
  hash(algorithm: HashAlgorithm, data: Uint8Array): Uint8Array {
    return attempt(() => host.hash(algorithm, data), cryptoError);
  }

  hmac(algorithm: HashAlgorithm, key: Uint8Array, data: Uint8Array): Uint8Array {
    return attempt(() => host.hmac(algorithm, key, data), cryptoError);
  }

  iterateHash(algorithm: HashAlgorithm, data: Uint8Array, rounds: number, cancel: Cancel): Promise<Uint8Array> {
    return attemptLater(() => outcomeOf(() => host.iterateHash(algorithm, data, rounds), cancel), cryptoError);
  }

  equal(a: Uint8Array, b: Uint8Array): boolean {
    return host.equal(a, b);
  }

  encryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return attempt(() => host.encryptCbc(cipher, key, iv, plaintext), cryptoError);
  }

  decryptCbc(cipher: CbcCipher, key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    return attempt(() => host.decryptCbc(cipher, key, iv, ciphertext), cryptoError);
  }

  rc4(key: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    return attempt(() => host.rc4(key, ciphertext), cryptoError);
  }

  seal(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array {
    return attempt(() => host.seal(key, nonce, associatedData, plaintext), cryptoError);
  }

  open(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array {
    return attempt(() => host.open(key, nonce, associatedData, sealed), cryptoError);
  }

  sign(privateKey: Uint8Array, scheme: SignatureScheme, data: Uint8Array): Promise<Uint8Array> {
    return attemptLater(() => host.sign(privateKey, ...parametersOf(scheme), data), cryptoError);
  }

  verify(publicKey: Uint8Array, scheme: SignatureScheme, signature: Uint8Array, data: Uint8Array): Promise<boolean> {
    return attemptLater(() => host.verify(publicKey, ...parametersOf(scheme), signature, data), cryptoError);
  }

  verifier(scheme: SignatureScheme): Verifier {
    if (scheme.type === 'ed25519') throw new CryptoError('unsupported', 'ed25519 is verified over all of the data at once');
    const digester = attempt(() => host.digester(scheme.digest), cryptoError);
    return {
      update: (data) => digester.update(data),
      verify: (publicKey, signature) =>
        attemptLater(() => host.verifyDigest(publicKey, ...parametersOf(scheme), signature, digester.finish()), cryptoError),
    };
  }

  publicKeyOf(privateKey: Uint8Array): Uint8Array {
    return attempt(() => host.publicKeyOf(privateKey), cryptoError);
  }

  pbkdf2(
    digest: HashAlgorithm,
    password: Uint8Array,
    salt: Uint8Array,
    rounds: number,
    length: number,
    cancel: Cancel,
  ): Promise<Uint8Array> {
    return attemptLater(() => outcomeOf(() => host.pbkdf2(digest, password, salt, rounds, length), cancel), cryptoError);
  }

  scrypt(password: Uint8Array, salt: Uint8Array, cost: number, blockSize: number, parallel: number, length: number): Promise<Uint8Array> {
    return attemptLater(() => host.scrypt(password, salt, cost, blockSize, parallel, length), cryptoError);
  }
}

/** Type, digest ("" for Ed25519) and length of the salt (0 but for PSS) of a scheme. */
function parametersOf(scheme: SignatureScheme): [type: string, digest: string, saltLength: number] {
  return [scheme.type, 'digest' in scheme ? scheme.digest : '', 'saltLength' in scheme ? scheme.saltLength : 0];
}

function cryptoError(code: CryptoErrorCode, message: string): CryptoError {
  return new CryptoError(code, message);
}

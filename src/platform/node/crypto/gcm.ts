import { createCipheriv, createDecipheriv } from 'node:crypto';
import { CryptoError } from '../../crypto.ts';

const tagLength = 16;

export function sealGcm(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, plaintext: Uint8Array): Uint8Array {
  checkLengths(key, nonce);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(associatedData);
  const sealed = new Uint8Array(plaintext.length + tagLength);
  sealed.set(cipher.update(plaintext));
  cipher.final();
  sealed.set(cipher.getAuthTag(), plaintext.length);
  return sealed;
}

export function openGcm(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Uint8Array {
  checkLengths(key, nonce);
  if (sealed.length < tagLength) throw altered();
  const end = sealed.length - tagLength;
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(associatedData);
  cipher.setAuthTag(sealed.subarray(end));
  const text = cipher.update(sealed.subarray(0, end));
  try {
    cipher.final();
    return new Uint8Array(text);
  } catch {
    throw altered();
  } finally {
    text.fill(0);
  }
}

function checkLengths(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== 32) throw new CryptoError('bad-key', 'a key of AES-256-GCM has 32 bytes');
  if (nonce.length !== 12) throw new CryptoError('bad-key', 'a nonce of AES-256-GCM has 12 bytes');
}

function altered(): CryptoError {
  return new CryptoError('bad-data', 'the sealed text is not what was sealed with this key');
}

import rc2 from 'node-forge/lib/rc2.js';
import util from 'node-forge/lib/util.js';

/** RC2-CBC (RFC 2268) with PKCS#7 padding; all bits of the key are effective. */
export function encryptRc2(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = rc2.createEncryptionCipher(binary(key), key.length * 8);
  cipher.start(binary(iv));
  cipher.update(util.createBuffer(binary(plaintext)));
  cipher.finish();
  return bytesOf(cipher.output.getBytes());
}

/** The opposite, with the padding still on. */
export function decryptRc2(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const cipher = rc2.createDecryptionCipher(binary(key), key.length * 8);
  cipher.start(binary(iv));
  cipher.update(util.createBuffer(binary(ciphertext)));
  cipher.finish(() => true);
  return bytesOf(cipher.output.getBytes());
}

/** node-forge holds bytes in strings, one a character; they can't be wiped. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

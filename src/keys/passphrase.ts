import { utf8 } from '../bytes/utf8.ts';

/** The bytes of a passphrase for PBES1, PBES2 and PBMAC1: UTF-8 (RFC 8018 3), as OpenSSL, GnuTLS, NSS and Java do. */
export function utf8Passphrase(passphrase: string): Uint8Array {
  return utf8(passphrase);
}

/** The bytes of a passphrase for PKCS#12's own key derivation: a BMPString with two zero bytes after it (RFC 7292 B.1). */
export function bmpPassphrase(passphrase: string): Uint8Array {
  const bytes = new Uint8Array(2 * passphrase.length + 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < passphrase.length; i++) view.setUint16(2 * i, passphrase.charCodeAt(i));
  return bytes;
}

/**
 * The ways in which a PKCS#12 file may have been made with a passphrase. An empty one is two zero bytes by the letter, and
 * no bytes at all in files of programs that take "none" for it (OpenSSL tries both too).
 */
export function bmpPassphrases(passphrase: string): Uint8Array[] {
  return passphrase === '' ? [bmpPassphrase(''), new Uint8Array()] : [bmpPassphrase(passphrase)];
}

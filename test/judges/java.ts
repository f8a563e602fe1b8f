import { readFileSync } from 'node:fs';
import { fileOf, newPath, type Output, run } from './run.ts';

/** Java's keytool: slow to start (half a second), so ask it once for many things. */
export function keytool(args: readonly string[], input?: Uint8Array | string): Output {
  return run('keytool', ['-J-Duser.language=en', ...args], input);
}

/** What keytool lists of a PKCS#12 file, verbosely: aliases, entry types, certificate chains. Throws where Java can't read it. */
export function keytoolList(file: Uint8Array, passphrase: string): string {
  return keytool(['-list', '-v', '-storetype', 'PKCS12', '-storepass', passphrase, '-keystore', fileOf(file, '.p12')]).text;
}

/** Has Java decrypt every private key of a PKCS#12 file by copying it to a new store; throws where one can't be read. Answers the copy. */
export function keytoolCopy(file: Uint8Array, passphrase: string, options: readonly string[] = []): Uint8Array {
  const out = newPath('.p12');
  const from = ['-srckeystore', fileOf(file, '.p12'), '-srcstoretype', 'PKCS12', '-srcstorepass', passphrase];
  const to = ['-destkeystore', out, '-deststoretype', 'PKCS12', '-deststorepass', passphrase];
  keytool(['-importkeystore', '-noprompt', ...from, ...to, ...options]);
  return new Uint8Array(readFileSync(out));
}

/** A PKCS#12 file of Java's with a new key pair and self-signed certificate: `keytoolWrite('a', 'secret', ['-keyalg', 'EC', '-groupname', 'secp256r1'])`. */
export function keytoolWrite(alias: string, passphrase: string, options: readonly string[]): Uint8Array {
  const out = newPath('.p12');
  const store = ['-keystore', out, '-storetype', 'PKCS12', '-storepass', passphrase];
  keytool(['-genkeypair', '-alias', alias, '-dname', `CN=${alias}`, ...store, ...options]);
  return new Uint8Array(readFileSync(out));
}

import { readFileSync } from 'node:fs';
import { fileOf, newPath, type Output, run } from './run.ts';

/** OpenSSL's command line: `openssl(['x509', '-inform', 'DER', '-noout', '-text'], der).text`. */
export function openssl(args: readonly string[], input?: Uint8Array | string): Output {
  return run('openssl', args, input);
}

/** OpenSSL's path building and checking: throws unless `leaf` (PEM) is valid under `roots` through `intermediates` (each PEM, any number). */
export function opensslVerify(leaf: string, roots: string, intermediates = '', options: readonly string[] = []): void {
  const untrusted = intermediates === '' ? [] : ['-untrusted', fileOf(intermediates, '.pem')];
  openssl(['verify', '-no-CApath', '-x509_strict', ...options, '-CAfile', fileOf(roots, '.pem'), ...untrusted, fileOf(leaf, '.pem')]);
}

/** `openssl asn1parse` of DER, to compare structures in words. */
export function asn1parse(der: Uint8Array): string {
  return openssl(['asn1parse', '-inform', 'DER', '-i'], der).text;
}

/** A new private key as PKCS#8 PEM: `opensslKey('RSA', 'rsa_keygen_bits:2048')`, `opensslKey('EC', 'ec_paramgen_curve:P-256')`, `opensslKey('ED25519')`. */
export function opensslKey(algorithm: string, ...options: readonly string[]): string {
  return openssl(['genpkey', '-algorithm', algorithm, ...options.flatMap((option) => ['-pkeyopt', option])]).text;
}

/** What `openssl pkcs12 -nodes` shows of a PKCS#12 file: PEM blocks with their bag attributes. Throws where OpenSSL can't read it. */
export function opensslReadPkcs12(file: Uint8Array, passphrase: string, options: readonly string[] = []): string {
  return openssl(['pkcs12', '-nodes', '-in', fileOf(file, '.p12'), '-passin', `pass:${passphrase}`, ...options]).text;
}

/** A PKCS#12 file of OpenSSL's from a key and its certificate (PEM); options such as `-legacy`, `-name x`, `-certfile path`, `-keypbe NONE`. */
export function opensslWritePkcs12(key: string, certificate: string, passphrase: string, options: readonly string[] = []): Uint8Array {
  const out = newPath('.p12');
  const inputs = ['-inkey', fileOf(key, '.pem'), '-in', fileOf(certificate, '.pem')];
  openssl(['pkcs12', '-export', ...inputs, '-passout', `pass:${passphrase}`, ...options, '-out', out]);
  return new Uint8Array(readFileSync(out));
}

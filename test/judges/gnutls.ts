import { readFileSync } from 'node:fs';
import { fileOf, newPath, type Output, run } from './run.ts';

/** GnuTLS' command line: `certtool(['--certificate-info', '--inder'], der).text`. */
export function certtool(args: readonly string[], input?: Uint8Array | string): Output {
  return run('certtool', args, input);
}

/** GnuTLS' path checking: throws unless `chain` (PEM, leaf first) is valid under `roots` (PEM). */
export function certtoolVerify(chain: string, roots: string): void {
  certtool(['--verify', '--load-ca-certificate', fileOf(roots, '.pem'), '--infile', fileOf(chain, '.pem')]);
}

/** A new private key of GnuTLS' as PEM: `certtoolKey('rsa', '--bits=2048')`, `certtoolKey('ecdsa', '--curve=secp256r1')`, `certtoolKey('ed25519')`. */
export function certtoolKey(type: string, ...options: readonly string[]): string {
  const out = newPath('.pem');
  certtool(['--generate-privkey', `--key-type=${type}`, '--no-text', ...options, '--outfile', out]);
  return readFileSync(out, 'utf8');
}

/** A certification request of GnuTLS' (PEM) from a key (PEM) and the lines of a certtool template (`cn = "a"`, `dns_name = "a.example"`). */
export function certtoolRequest(key: string, template: string): string {
  return certtool(['--generate-request', '--no-text', '--load-privkey', fileOf(key, '.pem'), '--template', fileOf(template, '.cfg')]).text;
}

/** A self-signed certificate of GnuTLS' (PEM) from a key (PEM) and the lines of a certtool template. */
export function certtoolSelfSigned(key: string, template: string): string {
  return certtool(['--generate-self-signed', '--no-text', '--load-privkey', fileOf(key, '.pem'), '--template', fileOf(template, '.cfg')])
    .text;
}

/** What certtool shows of a PKCS#12 file; throws where GnuTLS can't read it. */
export function certtoolReadPkcs12(file: Uint8Array, passphrase: string): string {
  return certtool(['--p12-info', '--inder', '--password', passphrase, '--infile', fileOf(file, '.p12')]).text;
}

/** A PKCS#12 file of GnuTLS' from a key and its certificates (PEM); options such as `--pkcs-cipher=aes-256`, `--hash=SHA256`. */
export function certtoolWritePkcs12(
  key: string,
  certificates: string,
  passphrase: string,
  name: string,
  options: readonly string[] = [],
): Uint8Array {
  const inputs = ['--load-privkey', fileOf(key, '.pem'), '--load-certificate', fileOf(certificates, '.pem')];
  return certtool(['--to-p12', '--outder', ...inputs, '--p12-name', name, '--password', passphrase, ...options]).bytes;
}

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsServerSettings } from '../../../src/platform/network.ts';
import { openssl, opensslKey } from '../../judges/openssl.ts';
import { fileOf } from '../../judges/run.ts';

/** A server's key with its certificate, by OpenSSL, in all the forms that a test needs. */
export interface Identity {
  readonly settings: TlsServerSettings;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Self-signed, of a key as PKCS#8 PEM. */
export function selfSigned(key: string): Identity {
  const keyFile = fileOf(key, '.pem');
  const options = ['-subj', '/CN=router.lan', '-addext', 'subjectAltName=DNS:router.lan', '-days', '30'];
  return identity(keyFile, openssl(['req', '-x509', '-new', '-key', keyFile, ...options]).text, []);
}

/** Issued by `issuer`, whose certificates are shown with it. */
export function issuedBy(issuer: Identity, key: string): Identity {
  const keyFile = fileOf(key, '.pem');
  const request = openssl(['req', '-new', '-key', keyFile, '-subj', '/CN=router.lan']).text;
  const signer = ['-CA', issuer.certificateFile, '-CAkey', issuer.keyFile, '-days', '30'];
  return identity(keyFile, openssl(['x509', '-req', '-in', fileOf(request, '.pem'), ...signer]).text, issuer.settings.certificates);
}

function identity(keyFile: string, certificate: string, above: readonly Uint8Array[]): Identity {
  const own = new Uint8Array(new X509Certificate(certificate).raw);
  const privateKey = openssl(['pkcs8', '-topk8', '-nocrypt', '-in', keyFile, '-outform', 'DER']).bytes;
  return {
    settings: { certificates: [own, ...above], privateKey, versions: 'any' },
    certificateFile: fileOf(certificate, '.pem'),
    keyFile,
  };
}

/** Every kind of key that a server may have. */
export const kinds = {
  'RSA-1024': () => opensslKey('RSA', 'rsa_keygen_bits:1024'),
  'RSA-2048': () => opensslKey('RSA', 'rsa_keygen_bits:2048'),
  'RSA-8192': () => readFileSync(join(import.meta.dirname, '../../fixtures/keys/rsa-8192.pem'), 'utf8'),
  'P-256': () => opensslKey('EC', 'ec_paramgen_curve:P-256'),
  'P-384': () => opensslKey('EC', 'ec_paramgen_curve:P-384'),
  'P-521': () => opensslKey('EC', 'ec_paramgen_curve:P-521'),
  Ed25519: () => opensslKey('ED25519'),
} as const;

export type KeyKind = keyof typeof kinds;

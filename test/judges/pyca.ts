import { fileURLToPath } from 'node:url';
import type { Refusal } from './go.ts';
import { askAll, run } from './run.ts';

const program = fileURLToPath(new URL('pyca.py', import.meta.url));

/** Bytes as the judge's JSON has them. */
type Base64 = string;

const base64 = (bytes: Uint8Array): Base64 => Buffer.from(bytes).toString('base64');

interface PublicKey {
  /** `RSA-2048`, `secp256r1`, `Ed25519PublicKey` ... */
  publicKey: string;
  publicKeyInfo: Base64;
}

export interface PycaExtension {
  oid: string;
  critical: boolean;
  /** pyca's class, such as `SubjectAlternativeName`; `UnrecognizedExtension` for those it does not know. */
  kind: string;
}

export interface PycaCertificate extends PublicKey {
  subject: string;
  issuer: string;
  serial: string;
  notBefore: number;
  notAfter: number;
  signatureAlgorithm: string;
  extensions: PycaExtension[];
}

export interface PycaRequest extends PublicKey {
  subject: string;
  signatureAlgorithm: string;
  extensions: PycaExtension[];
  attributes: string[];
}

export interface PycaCrl {
  issuer: string;
  thisUpdate: number;
  nextUpdate: number | null;
  extensions: PycaExtension[];
  revoked: { serial: string; time: number }[];
}

export interface PycaPkcs12 {
  key: PublicKey | null;
  certificate: { der: Base64; name: string | null } | null;
  others: { der: Base64; name: string | null }[];
}

function ask<Answer>(questions: readonly object[]): (Answer | Refusal)[] {
  return askAll<Answer | Refusal>('pyca', [program], questions);
}

/** Certificates (DER) as pyca reads them, every extension parsed. */
export function pycaCertificates(ders: readonly Uint8Array[]): (PycaCertificate | Refusal)[] {
  return ask<PycaCertificate>(ders.map((der) => ({ ask: 'certificate', der: base64(der) })));
}

/** Certification requests (DER), their own signatures checked. */
export function pycaRequests(ders: readonly Uint8Array[]): (PycaRequest | Refusal)[] {
  return ask<PycaRequest>(ders.map((der) => ({ ask: 'request', der: base64(der) })));
}

/** CRLs (DER); with the issuer's certificate the signature is checked too. */
export function pycaCrls(crls: readonly { der: Uint8Array; issuer?: Uint8Array }[]): (PycaCrl | Refusal)[] {
  return ask<PycaCrl>(crls.map(({ der, issuer }) => ({ ask: 'crl', der: base64(der), ...(issuer && { issuer: base64(issuer) }) })));
}

/** Private keys in any form pyca knows, DER or PEM, encrypted or not. */
export function pycaKeys(keys: readonly { key: Uint8Array; passphrase?: string }[]): (PublicKey | Refusal)[] {
  return ask<PublicKey>(
    keys.map(({ key, passphrase }) => ({ ask: 'key', der: base64(key), ...(passphrase !== undefined && { passphrase }) })),
  );
}

/** PKCS#12 files; without a passphrase, those that have no MAC and no encryption. */
export function pycaPkcs12(files: readonly { file: Uint8Array; passphrase?: string }[]): (PycaPkcs12 | Refusal)[] {
  return ask<PycaPkcs12>(
    files.map(({ file, passphrase }) => ({ ask: 'pkcs12', der: base64(file), ...(passphrase !== undefined && { passphrase }) })),
  );
}

/** What pyca makes with one new key; DER but for `traditionalEncryptedPem`. `traditional…` (PKCS#1 or SEC 1) is absent for Ed25519. */
export interface PycaMade {
  pkcs8: Uint8Array;
  pkcs8Encrypted: Uint8Array;
  traditional?: Uint8Array;
  traditionalEncryptedPem?: Uint8Array;
  publicKeyInfo: Uint8Array;
  request: Uint8Array;
  certificate: Uint8Array;
  crl: Uint8Array;
  'pkcs12 none': Uint8Array;
  'pkcs12 best': Uint8Array;
  'pkcs12 aes-256': Uint8Array;
  'pkcs12 3des': Uint8Array;
}

export type PycaAlgorithm = `RSA-${number}` | 'P-256' | 'P-384' | 'P-521' | 'Ed25519';

/** Keys, requests, certificates, CRLs and PKCS#12 files made by pyca, a set for each algorithm; `challenge` puts a challengePassword in the request. */
export function pycaMake(algorithms: readonly PycaAlgorithm[], passphrase: string, challenge?: string): PycaMade[] {
  const questions = algorithms.map((algorithm) => ({ ask: 'make', algorithm, passphrase, ...(challenge !== undefined && { challenge }) }));
  return ask<Record<string, Base64>>(questions).map((answer) => {
    if ('error' in answer) throw new Error(answer.error);
    const made = Object.entries(answer).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))]);
    return Object.fromEntries(made) as PycaMade;
  });
}

/** The folder of PyPI's cryptography-vectors: `x509/`, `pkcs12/`, `asymmetric/` ... */
export function pycaVectors(): string {
  const code = 'import cryptography_vectors, os; print(os.path.dirname(cryptography_vectors.__file__), end="")';
  return run('pyca', ['-c', code], '').text;
}

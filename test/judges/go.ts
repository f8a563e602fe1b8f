import { askAll } from './run.ts';

/** Bytes as the judge's JSON has them. */
type Base64 = string;

const base64 = (bytes: Uint8Array): Base64 => Buffer.from(bytes).toString('base64');

/** What the judge says of a document it can't read, in Go's words. */
export interface Refusal {
  error: string;
}

export interface GoCertificate {
  subject: string;
  issuer: string;
  /** Hex, without leading zeros. */
  serial: string;
  notBefore: number;
  notAfter: number;
  signatureAlgorithm: string;
  /** `RSA-2048`, `P-256`, `Ed25519` ... */
  publicKey: string;
  publicKeyInfo: Base64;
  /** Bit n is bit n of RFC 5280's KeyUsage: digitalSignature 1, keyCertSign 32, cRLSign 64. */
  keyUsage: number;
  extendedKeyUsage: string[];
  basicConstraints: boolean;
  isCA: boolean;
  /** -1 where there is none. */
  pathLength: number;
  subjectKeyId: string;
  authorityKeyId: string;
  dnsNames: string[];
  emailAddresses: string[];
  ipAddresses: string[];
  uris: string[];
  crlDistributionPoints: string[];
  ocspServers: string[];
  caIssuers: string[];
  unknownCritical: string[];
}

export interface GoRequest {
  subject: string;
  signatureAlgorithm: string;
  publicKey: string;
  publicKeyInfo: Base64;
  /** Object identifiers of the extensions asked for. */
  extensions: string[];
  dnsNames: string[];
  emailAddresses: string[];
  ipAddresses: string[];
  uris: string[];
}

export interface GoCrl {
  issuer: string;
  signatureAlgorithm: string;
  number: string;
  thisUpdate: number;
  nextUpdate: number;
  authorityKeyId: string;
  revoked: { serial: string; time: number; reason: number }[];
}

export interface GoKey {
  form: 'pkcs8' | 'pkcs1' | 'sec1';
  publicKey: string;
  publicKeyInfo: Base64;
}

export interface GoChain {
  leaf: Uint8Array;
  roots: readonly Uint8Array[];
  intermediates?: readonly Uint8Array[];
  /** Seconds since 1970; now where absent. */
  time?: number;
  dnsName?: string;
}

function ask<Answer>(questions: readonly object[]): (Answer | Refusal)[] {
  return askAll<Answer | Refusal>('go-judge', [], questions);
}

/** Certificates (DER) as Go's crypto/x509 reads them, one answer each. */
export function goCertificates(ders: readonly Uint8Array[]): (GoCertificate | Refusal)[] {
  return ask<GoCertificate>(ders.map((der) => ({ ask: 'certificate', der: base64(der) })));
}

/** Certification requests (DER), read and their own signatures checked by Go. */
export function goRequests(ders: readonly Uint8Array[]): (GoRequest | Refusal)[] {
  return ask<GoRequest>(ders.map((der) => ({ ask: 'request', der: base64(der) })));
}

/** CRLs (DER) as Go reads them; with the issuer's certificate the signature is checked too. */
export function goCrls(crls: readonly { der: Uint8Array; issuer?: Uint8Array }[]): (GoCrl | Refusal)[] {
  return ask<GoCrl>(crls.map(({ der, issuer }) => ({ ask: 'crl', der: base64(der), ...(issuer && { issuer: base64(issuer) }) })));
}

/** Unencrypted private keys (PKCS#8, PKCS#1 or SEC 1 DER) as Go reads them. */
export function goKeys(ders: readonly Uint8Array[]): (GoKey | Refusal)[] {
  return ask<GoKey>(ders.map((der) => ({ ask: 'key', der: base64(der) })));
}

/** What is wrong with RSA keys (PKCS#8 DER) by Go's big numbers: composite or small primes, and every number that does not follow from them. */
export function goRsaFindings(ders: readonly Uint8Array[]): string[][] {
  return ask<{ findings: string[] }>(ders.map((der) => ({ ask: 'rsa', der: base64(der) }))).map((answer) =>
    'error' in answer ? [answer.error] : answer.findings,
  );
}

/** Go's path building: the number of certificates in each chain found, or why there is none. */
export function goVerify(chains: readonly GoChain[]): ({ chains: number[] } | Refusal)[] {
  return ask<{ chains: number[] }>(
    chains.map(({ leaf, roots, intermediates = [], time = 0, dnsName = '' }) => ({
      ask: 'verify',
      der: base64(leaf),
      roots: roots.map(base64),
      intermediates: intermediates.map(base64),
      time,
      dnsName,
    })),
  );
}

export type GoAlgorithm = `RSA-${number}` | 'P-256' | 'P-384' | 'P-521' | 'Ed25519';

/** DER of what Go makes with one new key; `pkcs1` for RSA and `sec1` for EC only. */
export interface GoMade {
  pkcs8: Uint8Array;
  pkcs1?: Uint8Array;
  sec1?: Uint8Array;
  publicKeyInfo: Uint8Array;
  /** With DNS, e-mail, IPv4, IPv6 and URI alternative names. */
  request: Uint8Array;
  /** A self-signed CA with every extension Go writes, critical name constraints among them. */
  certificate: Uint8Array;
  /** That CA's, number 7, with two entries: 2002 (keyCompromise) and 2003 (no reason). */
  crl: Uint8Array;
}

/** Keys, requests, certificates and CRLs made by Go, a set for each algorithm asked. */
export function goMake(algorithms: readonly GoAlgorithm[]): GoMade[] {
  return ask<Record<string, Base64>>(algorithms.map((algorithm) => ({ ask: 'make', algorithm }))).map((answer) => {
    if ('error' in answer) throw new Error(answer.error);
    const made = Object.entries(answer).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))]);
    return Object.fromEntries(made) as GoMade;
  });
}

export interface Finding {
  name: string;
  level: 'info' | 'warn' | 'error' | 'fatal';
  details: string;
}

/** The sources of rules that bind a private CA; the CA/Browser Forum's do not. */
export const privateCaSources = ['RFC5280', 'RFC5480', 'RFC5891', 'RFC8813'] as const;

/** What zlint finds in certificates (DER), an empty list where it has no complaint. */
export function zlint(ders: readonly Uint8Array[], sources: readonly string[] = privateCaSources): Finding[][] {
  return ask<{ lints: number; findings: Finding[] }>(ders.map((der) => ({ ask: 'lint', der: base64(der), sources }))).map((answer) => {
    if ('error' in answer) return [{ name: 'unreadable', level: 'fatal', details: answer.error }];
    if (answer.lints === 0) throw new Error('zlint has no lints of these sources');
    return answer.findings;
  });
}

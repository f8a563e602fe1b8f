import type { Job } from '../job/job.ts';
import { type Instant, localDateTime } from '../platform/clock.ts';
import type { HashAlgorithm } from '../platform/crypto.ts';
import type { Random } from '../platform/random.ts';
import { signatureAlgorithm } from '../x509/algorithms.ts';
import { type Certificate, signCertificate } from '../x509/certificate.ts';
import type { GeneralName } from '../x509/general-names.ts';
import type { KeyUsage } from '../x509/key-usage.ts';
import type { Name } from '../x509/name.ts';
import { keyIdentifier } from '../x509/public-key.ts';
import { signerFor } from '../x509/signer.ts';
import { validityOf } from '../x509/validity.ts';
import { unfitKeyUsage } from './defaults.ts';
import { CertificateError } from './errors.ts';
import { type Issuer, issuerKeyIdentifier, stillIssuer } from './issuer.ts';
import type { Context } from './ports.ts';
import { certificateExtensions } from './profile.ts';

/** What a certificate made here will say. */
export interface Issuance {
  readonly subject: Name;
  readonly altNames: readonly GeneralName[];
  readonly keyUsage: readonly KeyUsage[];
  readonly publicKey: Uint8Array;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly digest: HashAlgorithm;
  readonly crlUrls: readonly string[];
}

/** Signs with the private key of the certificate itself. */
export function issueSelfSigned(context: Context, issuance: Issuance, privateKey: Uint8Array): Promise<Certificate> {
  const { crypto } = context;
  return signCertificate(
    {
      ...common(context, issuance),
      issuer: issuance.subject,
      extensions: certificateExtensions({
        ...issuance,
        subjectKeyIdentifier: keyIdentifier(issuance.publicKey, crypto),
        authorityKeyIdentifier: undefined,
      }),
    },
    signerFor(privateKey, issuance.digest, crypto),
  );
}

/** Signs with the private key of a CA. */
export async function issueBy(context: Context, issuer: Issuer, issuance: Issuance): Promise<Certificate> {
  const { crypto, store } = context;
  stillIssuer(context, issuer);
  const privateKey = store.privateKeys.open(issuer.privateKeyId);
  if (privateKey === undefined)
    throw new CertificateError('no-private-key', `the private key of ${issuer.item.name} is not on this router`);
  try {
    return await signCertificate(
      {
        ...common(context, issuance),
        issuer: issuer.certificate.subject,
        extensions: certificateExtensions({
          ...issuance,
          subjectKeyIdentifier: keyIdentifier(issuance.publicKey, crypto),
          authorityKeyIdentifier: issuerKeyIdentifier(issuer.certificate, crypto),
        }),
      },
      signerFor(privateKey, issuance.digest, crypto),
    );
  } finally {
    privateKey.fill(0);
  }
}

function common({ random }: Context, { subject, publicKey, notBefore, notAfter }: Issuance) {
  return { serialNumber: newSerialNumber(random), subject, publicKey, notBefore, notAfter };
}

/** 16 random octets; the first two bits make every one positive and of the same length. */
function newSerialNumber(random: Random): Uint8Array {
  const octets = random.bytes(16);
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return octets;
}

/** The number of a CA key in the URL of its CRL: its own, or the next if it never signed. */
export function crlNumberOf({ store }: Context, publicKeyId: string): number {
  return store.caNumbers.of(publicKeyId) ?? store.caNumbers.next();
}

/** Inside a transaction: makes the number the key's own. False if another key took it meanwhile. */
export function takeCrlNumber({ store }: Context, publicKeyId: string, number: number): boolean {
  const own = store.caNumbers.of(publicKeyId);
  if (own !== undefined) return own === number;
  if (store.caNumbers.next() !== number) return false;
  store.caNumbers.add(publicKeyId);
  return true;
}

/** The end of a certificate of `days` days, which is never after that of its CA. */
export function endOf(notBefore: Instant, days: number, issuer: Issuer | undefined): Instant {
  const notAfter = validityOf(notBefore, days);
  return issuer === undefined ? notAfter : Math.min(notAfter, issuer.certificate.notAfter);
}

/** Seconds that a certificate may end early, with its CA, without a word: a CA and what it signs are often made on one day for as long. */
const leastLoss = 86_400;

const weakDigests = new Set<HashAlgorithm>(['md5', 'sha1']);

/** Throws for a digest that the signer's type of key has no algorithm with. */
export function checkDigest(signerKeyType: string, digest: HashAlgorithm): void {
  if (signerKeyType === 'ec') signatureAlgorithm({ type: 'ecdsa', digest });
}

/** A certificate that is about to be made, for those who warn of it. */
export interface Intent {
  readonly name: string;
  readonly keyType: string;
  readonly days: number;
  readonly issuer: Issuer | undefined;
  readonly issuance: Pick<Issuance, 'digest' | 'keyUsage' | 'notBefore' | 'notAfter'>;
}

/** What to warn of when a certificate is made as somebody asked for it. */
export function warningsOf({ clock }: Context, { name, keyType, days, issuer, issuance }: Intent): string[] {
  const { digest, keyUsage, notBefore, notAfter } = issuance;
  const signerKeyType = issuer?.item.contents?.keyType ?? keyType;
  const unfit = unfitKeyUsage(keyType, keyUsage);
  const warnings: string[] = [];
  if (weakDigests.has(digest) && signerKeyType !== 'ed25519') {
    warnings.push(`${name} is signed with ${digest}, which can be forged: use sha256`);
  }
  if (unfit.length > 0) warnings.push(`${name} has ${unfit.join(',')} in its key-usage, which an ${keyType} key can not do`);
  if (issuer !== undefined && validityOf(notBefore, days) - notAfter >= leastLoss) {
    warnings.push(`${name} ends on ${localDateTime(notAfter, clock)}, with its CA ${issuer.item.name}, before its ${days} days are over`);
  }
  return warnings;
}

/** Warns the log and the one who asked. */
export function tell({ log }: Context, warnings: readonly string[], job: Job): void {
  for (const warning of warnings) {
    log('warning', ['certificate'], warning);
    job.warn(warning);
  }
}

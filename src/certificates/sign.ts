import type { Job } from '../job/job.ts';
import type { GeneratedKey } from '../platform/keygen.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import type { Certificate } from '../x509/certificate.ts';
import { believableNow } from './clock-check.ts';
import { contentsOf, publicKeyIdOf, shownProperties } from './contents.ts';
import { CertificateError } from './errors.ts';
import { checkDigest, crlNumberOf, endOf, type Issuance, issueBy, issueSelfSigned, takeCrlNumber, tell, warningsOf } from './issue.ts';
import { checkRoomForCa, type Issuer, issuerWithId, stillIssuer } from './issuer.ts';
import { checkItemName, nameTaken } from './item-name.ts';
import { checkUnchanged, templateWithId } from './lookup.ts';
import { newKey } from './new-key.ts';
import type { Context } from './ports.ts';
import { checkCrlHosts, crlUrlsOf } from './profile.ts';
import type { KeySize } from './properties.ts';
import { readTemplate } from './template.ts';

/** How a template is signed. */
export interface SignOptions {
  /** Id of the CA; the template's own key signs if it is left out. */
  readonly ca?: number | undefined;
  /** Hosts that serve CRLs: for the URL in this certificate, and in all that it issues. */
  readonly caCrlHosts?: readonly string[] | undefined;
  /** New name of the item. */
  readonly name?: string | undefined;
}

/** What is decided before the key is made. */
interface Plan {
  readonly template: StoredCertificate;
  readonly name: string;
  readonly keySize: KeySize;
  readonly issuer: Issuer | undefined;
  /** Of the CRLs of what this certificate issues. */
  readonly ownCrlHosts: readonly string[];
  /** In the CRL URL of this certificate. */
  readonly crlHosts: readonly string[];
  readonly issuance: Omit<Issuance, 'publicKey' | 'crlUrls'>;
  readonly warnings: readonly string[];
}

/**
 * Turns a template into a certificate, in place: its own key signs, or a CA's. Everything is checked before the key is made; what another
 * command may have changed meanwhile is checked again when key and certificate are stored, in one transaction.
 */
export async function sign(context: Context, id: number, options: SignOptions, job: Job): Promise<void> {
  const template = templateWithId(context, id);
  await context.busy.hold(template, async () => {
    const plan = planOf(context, template, options);
    if (plan.issuer !== undefined && plan.issuance.keyUsage.includes('key-cert-sign')) await checkRoomForCa(context, plan.issuer);
    const key = await newKey(context, plan.keySize, job);
    try {
      await issueAndStore(context, plan, key, job);
    } finally {
      key.privateKey.fill(0);
    }
    job.progress('done');
    tell(context, plan.warnings, job);
  });
}

function planOf(context: Context, template: StoredCertificate, options: SignOptions): Plan {
  const notBefore = believableNow(context);
  const ownCrlHosts = options.caCrlHosts ?? [];
  checkCrlHosts(ownCrlHosts);
  const name = options.name ?? template.name;
  checkName(context, template, name);
  const { subject, altNames, keySize, keyType, keyUsage, digest, days } = readTemplate(template.properties);
  const issuer = options.ca === undefined ? undefined : issuerWithId(context, options.ca, notBefore);
  checkDigest(issuer?.item.contents?.keyType ?? keyType, digest);
  const issuance = { subject, altNames, keyUsage, digest, notBefore, notAfter: endOf(notBefore, days, issuer) };
  checkSubject(issuance, issuer);
  const warnings = warningsOf(context, { name, days, keyType, issuer, issuance });
  const crlHosts = ownCrlHosts.length > 0 ? ownCrlHosts : (issuer?.crlHosts ?? []);
  return { template, name, keySize, issuer, ownCrlHosts, crlHosts, issuance, warnings };
}

function checkName({ store }: Context, template: StoredCertificate, name: string): void {
  if (name === template.name) return;
  checkItemName(name);
  if (store.certificates.byName(name) !== undefined) throw nameTaken();
}

/** An issuer has a name (RFC 5280 4.1.2.4), and a certificate names something. */
function checkSubject({ subject, altNames, keyUsage }: Plan['issuance'], issuer: Issuer | undefined): void {
  if (subject.length > 0) return;
  if (issuer === undefined || keyUsage.includes('key-cert-sign')) {
    throw new CertificateError('no-name', 'a certificate that signs has a subject: set common-name or another part of it first');
  }
  if (altNames.length === 0) {
    throw new CertificateError('no-name', 'a certificate has a subject or an alternative name: set common-name or subject-alt-name first');
  }
}

async function issueAndStore(context: Context, plan: Plan, key: GeneratedKey, job: Job): Promise<void> {
  const { issuer, crlHosts, issuance } = plan;
  const signerId = issuer?.publicKeyId ?? publicKeyIdOf(key.publicKey, context.crypto);
  let stored = false;
  while (!stored) {
    job.cancel.check();
    const number = crlNumberOf(context, signerId);
    const whole = { ...issuance, publicKey: key.publicKey, crlUrls: crlUrlsOf(crlHosts, number) };
    const certificate =
      issuer === undefined ? await issueSelfSigned(context, whole, key.privateKey) : await issueBy(context, issuer, whole);
    job.cancel.check();
    // Another CA may have taken the number while this one signed: then the certificate says the wrong URL, and is made again.
    stored = context.store.transact(() => {
      checkUnchanged(context, plan.template);
      checkName(context, plan.template, plan.name);
      if (issuer !== undefined) stillIssuer(context, issuer);
      const countsAsCa = issuer !== undefined || crlHosts.length > 0 || issuance.keyUsage.includes('key-cert-sign');
      if (countsAsCa && !takeCrlNumber(context, signerId, number)) return false;
      storeSigned(context, plan, certificate, key.privateKey);
      return true;
    });
  }
}

function storeSigned({ store, crypto }: Context, plan: Plan, certificate: Certificate, privateKey: Uint8Array): void {
  const { template, name, issuer, ownCrlHosts, issuance } = plan;
  const { trusted, trustStore } = template.properties;
  const trust = {
    trusted: trusted ?? (issuer === undefined && issuance.keyUsage.includes('key-cert-sign')),
    trustStore: trustStore ?? ['all'],
  };
  const contents = contentsOf(
    certificate,
    {
      privateKeyId: store.privateKeys.add(privateKey, true),
      caId: issuer?.item.id,
      caCrlHost: ownCrlHosts.length === 0 ? undefined : ownCrlHosts.join(','),
      madeHere: true,
      revokedAt: undefined,
    },
    crypto,
  );
  store.certificates.replaceProperties(template.id, name, shownProperties(certificate, trust));
  store.certificates.replaceContents(template.id, contents);
  store.certificates.moveToEnd(template.id);
}

import type { Instant } from '../platform/clock.ts';
import { ValidationError } from './errors.ts';
import { checkNameConstraints } from './name-constraints.ts';
import type { PathCertificate } from './path-certificate.ts';
import { checkExtendedKeyUsage, type Purpose } from './purpose.ts';
import type { Work } from './work.ts';

/** Throws `ValidationError` `validity` outside of the period, whose both ends belong to it (RFC 5280 4.1.2.5). */
export function checkValidity({ label, certificate: { notBefore, notAfter } }: PathCertificate, at: Instant): void {
  if (at < notBefore) throw new ValidationError('validity', `${label}: notBefore: not valid yet`);
  if (at > notAfter) throw new ValidationError('validity', `${label}: notAfter: expired`);
}

/** What is asked of every issuer of a path. */
export interface IssuerRules {
  readonly at: Instant;
  readonly purpose?: Purpose;
  /** Most intermediate certificates that are not self-issued. */
  readonly intermediates: number;
}

/**
 * Throws `ValidationError` unless `issuer` may issue the first of the certificates below it, which stand in the order of a chain, the
 * one that is verified first (RFC 5280 6.1.3 and 6.1.4, but for signature and policies). The anchor is asked the same, so what its
 * certificate says binds (RFC 5937); an anchor without any extension says nothing and may issue.
 */
export function checkIssuer(
  issuer: PathCertificate,
  below: readonly PathCertificate[],
  anchor: boolean,
  rules: IssuerRules,
  work: Work,
): void {
  const { label, certificate, basicConstraints, keyUsage } = issuer;
  checkValidity(issuer, rules.at);
  const silent = anchor && certificate.extensions.length === 0;
  if (basicConstraints?.ca !== true && !silent) throw new ValidationError('not-ca', `${label}: basicConstraints: expected a CA`);
  if (keyUsage?.includes('key-cert-sign') === false) throw new ValidationError('key-usage', `${label}: keyUsage: expected key-cert-sign`);
  const intermediates = below.slice(1).filter(({ selfIssued }) => !selfIssued).length;
  if (intermediates > (basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY)) {
    throw new ValidationError('chain-length', `${label}: pathLenConstraint: ${intermediates} CA certificates follow`);
  }
  if (intermediates + (anchor || issuer.selfIssued ? 0 : 1) > rules.intermediates) {
    throw new ValidationError('chain-length', `${label}: expected at most ${rules.intermediates} intermediate certificates`);
  }
  if (rules.purpose !== undefined) checkExtendedKeyUsage(issuer, rules.purpose);
  // A CA that renews its key certifies itself under its own name: RFC 5280 6.1.3 (b).
  for (const [i, subject] of below.entries()) if (i === 0 || !subject.selfIssued) checkNameConstraints(issuer, subject, work);
}

import { hex } from '../bytes/hex.ts';
import { decodeDer } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { encodeGeneralName, type GeneralName } from '../x509/general-names.ts';
import type { DistributionPoint } from '../x509/issuer-information.ts';
import type { IssuingDistributionPoint } from '../x509/issuing-distribution-point.ts';
import { type Name, nameKey, readRdn } from '../x509/name.ts';
import type { PathCertificate } from './path-certificate.ts';

/** Bits of ReasonFlags that together are every reason: 1 to 8 (RFC 5280 4.2.1.13). */
const everyReason: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Longest relative name read, in bytes. */
const relativeLimit = 1 << 12;

/** The reasons for which a CRL, found by this distribution point, speaks of revocation (RFC 5280 6.3.3 (d)). */
export function reasonsOf(point: DistributionPoint, issuing: IssuingDistributionPoint | undefined): number[] {
  return everyReason.filter(
    (reason) => (point.reasons ?? everyReason).includes(reason) && (issuing?.onlySomeReasons ?? everyReason).includes(reason),
  );
}

/** Whether these are all reasons there are. */
export function areAllReasons(reasons: ReadonlySet<number>): boolean {
  return everyReason.every((reason) => reasons.has(reason));
}

/** Whether the CRL of this issuer is the one that the distribution point of the certificate means (RFC 5280 6.3.3 (b)). */
export function isInScope(
  crlIssuer: Name,
  issuing: IssuingDistributionPoint | undefined,
  point: DistributionPoint,
  subject: PathCertificate,
): boolean {
  const issuer = nameKey(crlIssuer);
  if (point.crlIssuer === undefined) {
    if (issuer !== subject.issuer) return false;
  } else {
    if (!point.crlIssuer.some((name) => name.type === 'directory' && nameKey(name.name) === issuer)) return false;
    if (issuer !== subject.issuer && issuing?.indirectCRL !== true) return false;
  }
  if (issuing === undefined) return true;
  const ca = subject.basicConstraints?.ca === true;
  if ((issuing.onlyContainsUserCerts && ca) || (issuing.onlyContainsCACerts && !ca) || issuing.onlyContainsAttributeCerts) return false;
  return isNamed(crlIssuer, issuing, point, subject);
}

/** A CRL that names its distribution point is for those certificates only that name it, too. */
function isNamed(crlIssuer: Name, issuing: IssuingDistributionPoint, point: DistributionPoint, subject: PathCertificate): boolean {
  const names = namesOf(issuing, crlIssuer);
  if (names.length === 0) return true;
  const own = namesOf(point, point.crlIssuer === undefined ? subject.certificate.issuer : crlIssuer);
  const wanted = own.length === 0 ? (point.crlIssuer ?? []) : own;
  const known = new Set(names.map((name) => generalNameKey(name)));
  return wanted.some((name) => known.has(generalNameKey(name)));
}

/** The full names, or the one that is relative to the issuer of the CRL. */
function namesOf(point: Pick<DistributionPoint, 'fullName' | 'relativeName'>, issuer: Name): readonly GeneralName[] {
  if (point.relativeName === undefined) return point.fullName;
  // nameRelativeToCRLIssuer [1] IMPLICIT RelativeDistinguishedName, which is a SET
  const rdn = decodeDer('nameRelativeToCRLIssuer', Uint8Array.from([tags.set, ...point.relativeName.subarray(1)]), relativeLimit, readRdn);
  return [{ type: 'directory', name: [...issuer, rdn] }];
}

function generalNameKey(name: GeneralName): string {
  return name.type === 'directory' ? `directory:${nameKey(name.name)}` : hex(encodeGeneralName(name));
}

import { hex } from '../bytes/hex.ts';
import { oids } from '../der/oids.ts';
import type { Instant } from '../platform/clock.ts';
import { decodeCrlNumber, decodeDeltaCrlIndicator } from '../x509/crl-extensions.ts';
import { extensionOf } from '../x509/extensions.ts';
import type { DistributionPoint } from '../x509/issuer-information.ts';
import { decodeIssuingDistributionPoint, type IssuingDistributionPoint } from '../x509/issuing-distribution-point.ts';
import { nameKey } from '../x509/name.ts';
import { type Crl, crlLabel, type Revocation } from './crl.ts';
import { areAllReasons, isInScope, reasonsOf } from './crl-scope.ts';
import { ValidationError } from './errors.ts';
import { type PathCertificate, translated } from './path-certificate.ts';
import type { Work } from './work.ts';

/** What the check of revocation needs of its surroundings. */
export interface RevocationContext {
  readonly crls: ReadonlyMap<string, readonly Crl[]>;
  readonly at: Instant;
  readonly work: Work;
  /** What is asked of a CRL beyond the rules of section 6.3. Throws `ValidationError`. */
  readonly checkForm: (crl: Crl) => void;
  /** Throws `ValidationError` unless the CRL was signed by one who may, for the certificates of this path (RFC 5280 6.3.3 (f), (g)). */
  readonly checkSigner: (crl: Crl, subject: PathCertificate, path: readonly PathCertificate[]) => Promise<void>;
}

/** Extensions of a CRL that are heeded, or only help to find something. */
const heeded: ReadonlySet<string> = new Set([
  oids.authorityKeyIdentifier,
  oids.cRLNumber,
  oids.deltaCRLIndicator,
  oids.issuingDistributionPoint,
  oids.issuerAltName,
  oids.freshestCRL,
]);

/** The CRLs by the `nameKey` of their issuer. */
export function crlsByIssuer(crls: readonly Crl[]): ReadonlyMap<string, readonly Crl[]> {
  const byIssuer = new Map<string, Crl[]>();
  for (const crl of crls) {
    const key = nameKey(crl.issuer);
    const known = byIssuer.get(key);
    if (known === undefined) byIssuer.set(key, [crl]);
    else known.push(crl);
  }
  return byIssuer;
}

/**
 * Every certificate of a path but its anchor, by the CRLs at hand, the deltas among them included (RFC 5280 6.3). Throws
 * `ValidationError` `revoked`, and `crl` where CRLs for every reason of revocation are not there.
 */
export async function checkRevocation(path: readonly PathCertificate[], context: RevocationContext): Promise<void> {
  for (const subject of path.slice(0, -1)) await checkStatus(subject, path, context);
}

async function checkStatus(subject: PathCertificate, path: readonly PathCertificate[], context: RevocationContext): Promise<void> {
  const covered = new Set<number>();
  let problem: string | undefined;
  for (const point of pointsOf(subject)) {
    for (const crl of crlsFor(point, subject, context)) {
      context.work.take('candidates');
      const said = await apply(crl, point, subject, path, covered, context).catch((error: unknown) => unusable(error));
      if (said instanceof ValidationError) problem ??= said.message;
      else if (said !== undefined) throw new ValidationError('revoked', `${subject.label}: revoked: ${said.reason}`);
      if (areAllReasons(covered)) return;
    }
  }
  const why = problem ?? (covered.size === 0 ? 'none for it is there' : 'those at hand are not for every reason');
  throw new ValidationError('crl', `${subject.label}: no CRL tells whether it is revoked: ${why}`);
}

/** Why a CRL is of no use: also that who signed it is revoked, which is nothing against the certificate. Other errors are thrown. */
function unusable(error: unknown): ValidationError {
  if (error instanceof ValidationError && error.code !== 'limit') return error;
  throw error;
}

/** The points that the certificate names, then the one that goes without saying: the CRL of its issuer. */
function pointsOf({ distributionPoints, certificate: { issuer } }: PathCertificate): readonly DistributionPoint[] {
  return [...distributionPoints, { fullName: [{ type: 'directory', name: issuer }] }];
}

function crlsFor(point: DistributionPoint, subject: PathCertificate, { crls }: RevocationContext): readonly Crl[] {
  if (point.crlIssuer === undefined) return crls.get(subject.issuer) ?? [];
  return point.crlIssuer.flatMap((name) => (name.type === 'directory' ? (crls.get(nameKey(name.name)) ?? []) : []));
}

/** The revocation that one CRL tells of, if any; adds the reasons that it speaks of to those covered. Throws `ValidationError` where it is of no use. */
async function apply(
  crl: Crl,
  point: DistributionPoint,
  subject: PathCertificate,
  path: readonly PathCertificate[],
  covered: Set<number>,
  context: RevocationContext,
): Promise<Revocation | undefined> {
  const issuing = read(crl, () => issuingOf(crl));
  if (extensionOf(crl, oids.deltaCRLIndicator) !== undefined) return undefined;
  if (!read(crl, () => isInScope(crl.issuer, issuing, point, subject))) return undefined;
  const reasons = reasonsOf(point, issuing).filter((reason) => !covered.has(reason));
  if (reasons.length === 0) return undefined;
  checkUsable(crl, context);
  await context.checkSigner(crl, subject, path);
  const complete = await crl.lookup(subject.certificate.serialNumber, subject.issuer);
  const delta = await deltaStatus(crl, subject, path, context);
  const revocation = delta ?? complete;
  if (revocation !== undefined && revocation.reason !== 'removeFromCRL') return revocation;
  for (const reason of reasons) covered.add(reason);
  return undefined;
}

/** What the newest usable delta of a complete CRL says, if there is one and it names the certificate (RFC 5280 6.3.3 (c), (i)). */
async function deltaStatus(
  complete: Crl,
  subject: PathCertificate,
  path: readonly PathCertificate[],
  context: RevocationContext,
): Promise<Revocation | undefined> {
  const ofIssuer = context.crls.get(nameKey(complete.issuer)) ?? [];
  context.work.take('candidates', ofIssuer.length);
  const deltas = ofIssuer.filter((crl) => isDeltaOf(crl, complete)).sort((a, b) => compareNumbers(numberOf(b), numberOf(a)));
  for (const delta of deltas) {
    try {
      checkUsable(delta, context);
      await context.checkSigner(delta, subject, path);
    } catch (error) {
      // As if it were not there: the complete CRL is still good.
      unusable(error);
      continue;
    }
    return delta.lookup(subject.certificate.serialNumber, subject.issuer);
  }
  return undefined;
}

/** The same scope, and a base that is not newer than the complete CRL, which in turn is older than the delta. */
function isDeltaOf(delta: Crl, complete: Crl): boolean {
  const base = extensionOf(delta, oids.deltaCRLIndicator);
  const scopes = [complete, delta].map((crl) => hex(extensionOf(crl, oids.issuingDistributionPoint)?.value ?? new Uint8Array()));
  if (base === undefined || scopes[0] !== scopes[1]) return false;
  const number = numberOf(complete);
  const baseNumber = read(delta, () => decodeDeltaCrlIndicator(base));
  return compareNumbers(baseNumber, number) <= 0 && compareNumbers(number, numberOf(delta)) < 0;
}

/** cRLNumber, 0 where it is missing. */
function numberOf(crl: Crl): Uint8Array {
  const extension = extensionOf(crl, oids.cRLNumber);
  return extension === undefined ? Uint8Array.of(0) : read(crl, () => decodeCrlNumber(extension));
}

/** Of numbers that are not negative, as minimal octets but for a zero in front. */
function compareNumbers(a: Uint8Array, b: Uint8Array): number {
  const [x, y] = [a, b].map((octets) => (octets[0] === 0 ? octets.subarray(1) : octets));
  if (x === undefined || y === undefined || x.length !== y.length) return (x?.length ?? 0) - (y?.length ?? 0);
  const at = x.findIndex((octet, i) => octet !== y[i]);
  return at === -1 ? 0 : (x[at] ?? 0) - (y[at] ?? 0);
}

function checkUsable(crl: Crl, { at, checkForm }: RevocationContext): void {
  const label = crlLabel(crl);
  const unknown = crl.unknownEntryExtension ?? crl.extensions.find(({ oid, critical }) => critical && !heeded.has(oid))?.oid;
  if (unknown !== undefined) throw new ValidationError('unknown-extension', `${label}: the critical extension ${unknown} is not known`);
  if (at < crl.thisUpdate) throw new ValidationError('validity', `${label}: thisUpdate: not valid yet`);
  if (crl.nextUpdate === undefined || at > crl.nextUpdate) throw new ValidationError('validity', `${label}: nextUpdate: out of date`);
  checkForm(crl);
}

function issuingOf(crl: Crl): IssuingDistributionPoint | undefined {
  const extension = extensionOf(crl, oids.issuingDistributionPoint);
  return extension === undefined ? undefined : decodeIssuingDistributionPoint(extension);
}

function read<T>(crl: Crl, act: () => T): T {
  return translated('malformed', crlLabel(crl), act);
}

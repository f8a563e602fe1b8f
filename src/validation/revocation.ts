import { equalBytes } from '../bytes/bytes.ts';
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
    byIssuer.set(key, [...(byIssuer.get(key) ?? []), crl]);
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
      try {
        await apply(crl, point, subject, path, covered, context);
      } catch (error) {
        if (!(error instanceof ValidationError) || error.code === 'limit' || error.code === 'revoked') throw error;
        problem ??= error.message;
      }
      if (areAllReasons(covered)) return;
    }
  }
  const why = problem ?? (covered.size === 0 ? 'none for it is there' : 'those at hand are not for every reason');
  throw new ValidationError('crl', `${subject.label}: no CRL tells whether it is revoked: ${why}`);
}

/** The points that the certificate names, then the one that goes without saying: the CRL of its issuer. */
function pointsOf({ distributionPoints, certificate: { issuer } }: PathCertificate): readonly DistributionPoint[] {
  return [...distributionPoints, { fullName: [{ type: 'directory', name: issuer }] }];
}

function crlsFor(point: DistributionPoint, subject: PathCertificate, { crls }: RevocationContext): readonly Crl[] {
  if (point.crlIssuer === undefined) return crls.get(subject.issuer) ?? [];
  return point.crlIssuer.flatMap((name) => (name.type === 'directory' ? (crls.get(nameKey(name.name)) ?? []) : []));
}

/** What one CRL says of a certificate; adds the reasons that it speaks of to those covered. */
async function apply(
  crl: Crl,
  point: DistributionPoint,
  subject: PathCertificate,
  path: readonly PathCertificate[],
  covered: Set<number>,
  context: RevocationContext,
): Promise<void> {
  const issuing = read(crl, () => issuingOf(crl));
  if (extensionOf(crl, oids.deltaCRLIndicator) !== undefined) return;
  if (!read(crl, () => isInScope(crl.issuer, issuing, point, subject))) return;
  const reasons = reasonsOf(point, issuing).filter((reason) => !covered.has(reason));
  if (reasons.length === 0) return;
  checkUsable(crl, context);
  await context.checkSigner(crl, subject, path);
  const complete = await crl.lookup(subject.certificate.serialNumber, subject.issuer);
  const delta = await deltaStatus(crl, subject, path, context);
  const revocation = delta ?? complete;
  if (revocation !== undefined && revocation.reason !== 'removeFromCRL') {
    throw new ValidationError('revoked', `${subject.label}: revoked: ${revocation.reason}`);
  }
  for (const reason of reasons) covered.add(reason);
}

/** What the newest usable delta of a complete CRL says, if there is one and it names the certificate (RFC 5280 6.3.3 (c), (i)). */
async function deltaStatus(
  complete: Crl,
  subject: PathCertificate,
  path: readonly PathCertificate[],
  context: RevocationContext,
): Promise<Revocation | undefined> {
  for (const delta of context.crls.get(nameKey(complete.issuer)) ?? []) {
    context.work.take('candidates');
    if (!read(delta, () => isDeltaOf(delta, complete))) continue;
    try {
      checkUsable(delta, context);
      await context.checkSigner(delta, subject, path);
    } catch (error) {
      // One that can't be used is as if it were not there: the complete CRL is still good.
      if (error instanceof ValidationError && error.code !== 'limit') continue;
      throw error;
    }
    return delta.lookup(subject.certificate.serialNumber, subject.issuer);
  }
  return undefined;
}

/** The same scope, and a base that is not newer than the complete CRL, which in turn is not newer than the delta. */
function isDeltaOf(delta: Crl, complete: Crl): boolean {
  const base = extensionOf(delta, oids.deltaCRLIndicator);
  const numbers = [complete, delta].map((crl) => extensionOf(crl, oids.cRLNumber));
  const [ofComplete, ofDelta] = numbers;
  if (base === undefined || ofComplete === undefined || ofDelta === undefined) return false;
  const scopes = [complete, delta].map((crl) => extensionOf(crl, oids.issuingDistributionPoint)?.value ?? new Uint8Array());
  const number = decodeCrlNumber(ofComplete);
  return (
    equalBytes(scopes[0] ?? new Uint8Array(), scopes[1] ?? new Uint8Array()) &&
    compareNumbers(decodeDeltaCrlIndicator(base), number) <= 0 &&
    compareNumbers(number, decodeCrlNumber(ofDelta)) < 0
  );
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

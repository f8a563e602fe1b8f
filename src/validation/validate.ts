import { equalBytes } from '../bytes/bytes.ts';
import type { Instant } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Certificate } from '../x509/certificate.ts';
import { nameKey } from '../x509/name.ts';
import { type Crl, crlLabel } from './crl.ts';
import { ValidationError } from './errors.ts';
import { checkHost } from './host.ts';
import { checkValidity } from './issuing.ts';
import { type Candidates, candidatesOf, findPath, isSameEntity, type Search } from './path-building.ts';
import { type PathCertificate, readPathCertificate } from './path-certificate.ts';
import { checkPolicies, type PolicyInputs } from './policies.ts';
import { checkExtendedKeyUsage, checkKeyUsage, type Purpose } from './purpose.ts';
import { checkRevocation, crlsByIssuer, type RevocationContext } from './revocation.ts';
import { checkWebCrl, checkWebForm } from './web-profile.ts';
import { defaultLimits, type Limits, Work } from './work.ts';

/** What is to be known about a certificate, and what may be relied on. */
export interface ValidationRequest {
  readonly certificate: Certificate;
  /** Trusted for what their certificates say: validity, constraints and usages of an anchor bind as those of any CA. */
  readonly anchors: readonly Certificate[];
  /** Other certificates a path may be built of, in any order; who sent them does not matter. */
  readonly intermediates: readonly Certificate[];
  readonly at: Instant;
  /** Any when absent. */
  readonly purpose?: Purpose;
  /** A domain name or an IP address that the certificate must be for. */
  readonly host?: string;
  /** Every certificate below the anchor is looked up in these; no CRL is asked for when absent. */
  readonly crls?: readonly Crl[];
  readonly policies?: PolicyInputs;
  /** `path`, when absent: what RFC 5280 6 demands of who relies on a path. `web`: also the form that public CAs must keep. */
  readonly profile?: 'path' | 'web';
  /** Most intermediate certificates that are not self-issued. */
  readonly maxIntermediates?: number;
  readonly limits?: Partial<Limits>;
}

/**
 * Whether a certificate is trusted (RFC 5280 6): gives the path, from the certificate to its anchor, which may be itself. Throws
 * `ValidationError` with the one reason why not; `findPath` says which, where several paths fail.
 */
export async function validate(request: ValidationRequest, crypto: Pick<Crypto, 'verify'>): Promise<readonly Certificate[]> {
  const leaf = readPathCertificate(request.certificate);
  checkLeaf(leaf, request);
  if (request.anchors.some((anchor) => equalBytes(anchor.der, request.certificate.der))) return [request.certificate];
  const work = new Work(crypto, { ...defaultLimits, ...request.limits });
  const candidates = candidatesOf(request.anchors, request.intermediates);
  const search = searchFor(request, candidates, work);
  const path = await findPath(leaf, search);
  return path.map(({ certificate }) => certificate);
}

function checkLeaf(leaf: PathCertificate, { at, purpose, host, profile }: ValidationRequest): void {
  checkValidity(leaf, at);
  if (profile === 'web') checkWebForm(leaf, 'leaf');
  if (purpose !== undefined) {
    checkExtendedKeyUsage(leaf, purpose);
    checkKeyUsage(leaf, purpose);
  }
  if (host !== undefined) checkHost(leaf, host);
}

function searchFor(request: ValidationRequest, candidates: Candidates, work: Work): Search {
  const { at, purpose, profile, crls, policies = {}, maxIntermediates = Number.POSITIVE_INFINITY } = request;
  const revocation = crls === undefined ? undefined : { crls: crlsByIssuer(crls), at, work, profile, candidates };
  return {
    candidates,
    work,
    rules: { at, intermediates: maxIntermediates, ...(purpose === undefined ? {} : { purpose }) },
    checkForm: (issuer, anchor) => {
      if (profile === 'web') checkWebForm(issuer, anchor ? 'anchor' : 'intermediate');
    },
    accept: async (path) => {
      const [, ...below] = [...path].reverse();
      for (const one of below) work.take('comparisons', (one.policies?.length ?? 0) + one.policyMappings.length);
      checkPolicies(below, policies);
      if (revocation !== undefined) await checkRevocation(path, contextOf(revocation, []));
    },
  };
}

interface Revocations {
  readonly crls: ReadonlyMap<string, readonly Crl[]>;
  readonly at: Instant;
  readonly work: Work;
  readonly profile: 'path' | 'web' | undefined;
  readonly candidates: Candidates;
}

/** `asked`: signers of CRLs whose own paths are being looked at. A CRL may speak of the certificate of the key that signed it. */
function contextOf(revocations: Revocations, asked: readonly PathCertificate[]): RevocationContext {
  const { crls, at, work, profile } = revocations;
  return {
    crls,
    at,
    work,
    checkForm: (crl) => {
      if (profile === 'web') checkWebCrl(crl);
    },
    checkSigner: (crl, _, path) => checkSigner(crl, path, revocations, asked),
  };
}

/**
 * RFC 5280 6.3.3 (f) and (g): the CRL is signed by a key of its issuer that may sign CRLs: one of the path, or one with a path of its own to
 * the same anchor.
 */
async function checkSigner(
  crl: Crl,
  path: readonly PathCertificate[],
  revocations: Revocations,
  asked: readonly PathCertificate[],
): Promise<void> {
  const { candidates, work } = revocations;
  const label = crlLabel(crl);
  const key = nameKey(crl.issuer);
  const own = path.filter((one) => one.subject === key).map((one) => ({ read: () => one }));
  let problem = new ValidationError('crl', `${label}: no certificate of who signed it is there`);
  for (const candidate of [...own, ...(candidates.get(key) ?? [])]) {
    work.take('candidates');
    try {
      const signer = candidate.read();
      if (signer.keyUsage?.includes('crl-sign') === false)
        throw new ValidationError('key-usage', `${signer.label}: keyUsage: expected crl-sign`);
      const { publicKey } = signer.certificate;
      if (!(await work.verify(label, crl, publicKey, (crypto) => crl.isSignedBy(publicKey, crypto)))) {
        throw new ValidationError('signature', `${label}: signature: not made by the key of ${signer.label}`);
      }
      const known = [...path, ...asked].some((one) => isSameEntity(one, signer));
      if (!known) await checkSignerPath(signer, path, revocations, [...asked, signer]);
      return;
    } catch (error) {
      if (!(error instanceof ValidationError) || error.code === 'limit') throw error;
      problem = error;
    }
  }
  throw problem;
}

async function checkSignerPath(
  signer: PathCertificate,
  path: readonly PathCertificate[],
  revocations: Revocations,
  asked: readonly PathCertificate[],
): Promise<void> {
  const { at, candidates, work } = revocations;
  checkValidity(signer, at);
  await findPath(signer, {
    candidates,
    work,
    rules: { at, intermediates: Number.POSITIVE_INFINITY },
    checkForm: () => undefined,
    accept: async (found) => {
      if (found.at(-1)?.certificate !== path.at(-1)?.certificate) {
        throw new ValidationError('crl', `${signer.label}: signs CRLs under another anchor`);
      }
      await checkRevocation(found, contextOf(revocations, asked));
    },
  });
}

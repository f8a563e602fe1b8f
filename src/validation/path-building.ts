import { equalBytes } from '../bytes/bytes.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Certificate } from '../x509/certificate.ts';
import { nameKey } from '../x509/name.ts';
import { verifySignature } from '../x509/signer.ts';
import { ValidationError } from './errors.ts';
import { checkIssuer, type IssuerRules } from './issuing.ts';
import { type PathCertificate, readPathCertificate } from './path-certificate.ts';
import type { Work } from './work.ts';

/** A certificate that may be an issuer. It is read when it is tried: what is wrong with others is of no interest. */
export interface Candidate {
  readonly certificate: Certificate;
  readonly anchor: boolean;
  /** Throws `ValidationError`. */
  read(): PathCertificate;
}

/** Certificates by the `nameKey` of their subject, anchors first. */
export type Candidates = ReadonlyMap<string, readonly Candidate[]>;

/** The candidates among anchors and other certificates; one that is both is an anchor. */
export function candidatesOf(anchors: readonly Certificate[], others: readonly Certificate[]): Candidates {
  const candidates = new Map<string, Candidate[]>();
  for (const [list, anchor] of [[anchors, true] as const, [others, false] as const]) {
    for (const certificate of list) {
      const key = nameKey(certificate.subject);
      const known = candidates.get(key);
      if (known === undefined) candidates.set(key, [candidateOf(certificate, anchor)]);
      else known.push(candidateOf(certificate, anchor));
    }
  }
  return candidates;
}

function candidateOf(certificate: Certificate, anchor: boolean): Candidate {
  let known: PathCertificate | ValidationError | undefined;
  return {
    certificate,
    anchor,
    read: () => {
      known ??= readOrRefuse(certificate);
      if (known instanceof ValidationError) throw known;
      return known;
    },
  };
}

function readOrRefuse(certificate: Certificate): PathCertificate | ValidationError {
  try {
    return readPathCertificate(certificate);
  } catch (error) {
    if (error instanceof ValidationError) return error;
    throw error;
  }
}

/** How far a path came that failed: the further, the more its failure tells. */
const reached = { nothing: 0, intermediate: 1, anchor: 2, all: 3 } as const;

interface Failure {
  readonly reach: number;
  readonly error: ValidationError;
}

/** A search for one path. */
export interface Search {
  readonly candidates: Candidates;
  readonly rules: IssuerRules;
  readonly work: Work;
  /** What is asked of each issuer beyond `checkIssuer`. Throws `ValidationError`. */
  readonly checkForm: (issuer: PathCertificate, anchor: boolean) => void;
  /** Says whether a complete path, the anchor last, is the one: throws `ValidationError` if not. */
  readonly accept: (path: readonly PathCertificate[]) => Promise<void>;
}

/**
 * The first path from `leaf` to an anchor that keeps every rule, the anchor last. When there is none, throws the `ValidationError` of the
 * path that came furthest: one that failed when it was complete, else at its anchor, else at an intermediate certificate, else for want of
 * an issuer; among equals, of the first one tried.
 */
export async function findPath(leaf: PathCertificate, search: Search): Promise<readonly PathCertificate[]> {
  const failures: Failure[] = [];
  const path = await extend([leaf], search, failures);
  if (path !== undefined) return path;
  const furthest = failures.reduce<Failure | undefined>(
    (best, one) => (best === undefined || one.reach > best.reach ? one : best),
    undefined,
  );
  throw furthest?.error ?? new ValidationError('no-issuer', `${leaf.label}: no certificate of its issuer is there`);
}

async function extend(
  path: readonly PathCertificate[],
  search: Search,
  failures: Failure[],
): Promise<readonly PathCertificate[] | undefined> {
  const { work } = search;
  const top = path.at(-1);
  if (top === undefined) return undefined;
  // Those that are only looked at are counted, too: a bundle may have any number of one name.
  work.take('candidates', search.candidates.get(top.issuer)?.length ?? 0);
  // A second visit of the same name and key leads in a circle. The names are compared once, since they may be long.
  const visited = path.filter(({ subject }) => subject === top.issuer);
  const candidates = issuersOf(top, search.candidates).filter(
    ({ certificate: { publicKey } }) => !visited.some((one) => equalBytes(one.certificate.publicKey, publicKey)),
  );
  if (candidates.length === 0) note(failures, reached.nothing, noIssuer(top));
  for (const candidate of candidates) {
    const tried = await tryIssuer(path, top, candidate, search);
    if (tried.error !== undefined) note(failures, tried.reach, tried.error);
    if (tried.path === undefined) continue;
    if (candidate.anchor) return tried.path;
    const found = await extend(tried.path, search, failures);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Tried {
  readonly path?: readonly PathCertificate[];
  readonly reach: number;
  readonly error?: ValidationError;
}

/** The path with one more certificate, or what speaks against it. */
async function tryIssuer(path: readonly PathCertificate[], top: PathCertificate, candidate: Candidate, search: Search): Promise<Tried> {
  const { work, rules } = search;
  let reach: number = candidate.anchor ? reached.anchor : reached.intermediate;
  try {
    const issuer = candidate.read();
    const longer = [...path, issuer];
    if (longer.length > work.length - (candidate.anchor ? 0 : 1)) {
      throw new ValidationError('chain-length', `${issuer.label}: expected at most ${work.length} certificates in a path`);
    }
    checkIssuer(issuer, path, candidate.anchor, rules, work);
    search.checkForm(issuer, candidate.anchor);
    const { publicKey } = issuer.certificate;
    const check = (crypto: Pick<Crypto, 'verify'>): Promise<boolean> => verifySignature(top.certificate, publicKey, crypto);
    if (!(await work.verify(top.label, top.certificate, publicKey, check))) {
      throw new ValidationError('signature', `${top.label}: signature: not made by the key of ${issuer.label}`);
    }
    if (candidate.anchor) {
      reach = reached.all;
      await search.accept(longer);
    }
    return { path: longer, reach };
  } catch (error) {
    if (error instanceof ValidationError && error.code !== 'limit') return { reach, error };
    throw error;
  }
}

function note(failures: Failure[], reach: number, error: ValidationError): void {
  // The first of each reach is all that can be thrown.
  if (!failures.some((failure) => failure.reach === reach)) failures.push({ reach, error });
}

function noIssuer({ label, selfIssued }: PathCertificate): ValidationError {
  const why = selfIssued ? 'it is not trusted itself' : 'no certificate of its issuer is there';
  return new ValidationError('no-issuer', `${label}: issuer: ${why}`);
}

/** Whose subject is the issuer: first whose key identifier is the one named (RFC 5280 4.2.1.1), and of those alike the anchors. */
export function issuersOf({ issuer, authorityKeyIdentifier }: PathCertificate, candidates: Candidates): readonly Candidate[] {
  const named = candidates.get(issuer) ?? [];
  if (authorityKeyIdentifier === undefined) return named;
  const places = [named.filter(({ anchor }) => anchor), named.filter(({ anchor }) => !anchor)];
  const [first, second] = [true, false].map((wanted) =>
    places.flatMap((place) => place.filter((candidate) => isKey(candidate, authorityKeyIdentifier) === wanted)),
  );
  return [...(first ?? []), ...(second ?? [])];
}

function isKey(candidate: Candidate, keyIdentifier: string): boolean {
  try {
    return candidate.read().subjectKeyIdentifier === keyIdentifier;
  } catch {
    // It is tried last, and then says what is wrong with it.
    return false;
  }
}

/** The same name and key, whoever certified them and how often. */
export function isSameEntity(a: PathCertificate, b: PathCertificate): boolean {
  return a.subject === b.subject && equalBytes(a.certificate.publicKey, b.certificate.publicKey);
}

import { oids } from '../der/oids.ts';
import { ValidationError } from './errors.ts';
import type { PathCertificate } from './path-certificate.ts';

/** What the user asks of policies (RFC 5280 6.1.1 (c), (e) to (g)). */
export interface PolicyInputs {
  /** Dotted OIDs that are acceptable; any when absent. */
  readonly initialPolicies?: readonly string[];
  readonly requireExplicitPolicy?: boolean;
  readonly inhibitPolicyMapping?: boolean;
  readonly inhibitAnyPolicy?: boolean;
}

/**
 * One level of the valid policy tree, folded: each policy is there once, with all its parents in the level above, so that the size is
 * that of the certificates. The tree of RFC 5280 6.1.2 doubles with each certificate if its maker wants (CVE-2023-0464).
 */
interface Level {
  /** By policy: those of the level above it came from; none when it came from anyPolicy. */
  readonly parents: Map<string, Set<string>>;
  anyPolicy: boolean;
}

/** Policies and mappings in one certificate that are looked at. */
const most = 1024;

/**
 * The policies of a path (RFC 5280 6.1.2 to 6.1.5), from the certificate below the anchor to the one that is verified. Throws
 * `ValidationError` `policy` when none is left where one is required.
 */
export function checkPolicies(path: readonly PathCertificate[], inputs: PolicyInputs): void {
  let explicitPolicy = inputs.requireExplicitPolicy === true ? 0 : path.length + 1;
  let policyMapping = inputs.inhibitPolicyMapping === true ? 0 : path.length + 1;
  let anyPolicy = inputs.inhibitAnyPolicy === true ? 0 : path.length + 1;
  const levels: Level[] = [];
  let level: Level = { parents: new Map(), anyPolicy: true };
  for (const [i, certificate] of path.entries()) {
    const last = i === path.length - 1;
    applyPolicies(level, certificate, anyPolicy > 0 || (!last && certificate.selfIssued));
    levels.push(level);
    if (!last) level = mapped(level, certificate, policyMapping > 0);
    if (last || !certificate.selfIssued) {
      explicitPolicy = Math.max(0, explicitPolicy - 1);
      policyMapping = Math.max(0, policyMapping - 1);
      anyPolicy = Math.max(0, anyPolicy - 1);
    }
    const { requireExplicitPolicy, inhibitPolicyMapping } = certificate.policyConstraints;
    // At the end only a requirement of 0 counts (6.1.5 (b)); the others have no more effect.
    if (!last || requireExplicitPolicy === 0) explicitPolicy = Math.min(explicitPolicy, requireExplicitPolicy ?? explicitPolicy);
    policyMapping = Math.min(policyMapping, inhibitPolicyMapping ?? policyMapping);
    anyPolicy = Math.min(anyPolicy, certificate.inhibitAnyPolicy ?? anyPolicy);
  }
  if (explicitPolicy === 0 && !isAcceptable(levels, inputs.initialPolicies)) {
    throw new ValidationError('policy', `${path.at(-1)?.label ?? ''}: no policy of the certificate is acceptable in this path`);
  }
}

/** RFC 5280 6.1.3 (d) and (e). */
function applyPolicies(level: Level, { label, policies = [] }: PathCertificate, anyPolicyCounts: boolean): void {
  const named = new Set(policies);
  if (policies.length > most) throw new ValidationError('limit', `${label}: certificatePolicies: expected at most ${most}`);
  if (named.size < policies.length) throw new ValidationError('malformed', `${label}: certificatePolicies: expected each policy once`);
  const wasAny = level.anyPolicy;
  if (!(named.delete(oids.anyPolicy) && anyPolicyCounts)) {
    level.anyPolicy = false;
    for (const policy of level.parents.keys()) if (!named.has(policy)) level.parents.delete(policy);
  }
  if (wasAny) for (const policy of named) if (!level.parents.has(policy)) level.parents.set(policy, new Set());
}

/** The level below, as far as the issuer decides: RFC 5280 6.1.4 (a) and (b). */
function mapped(level: Level, { label, policyMappings }: PathCertificate, mappingAllowed: boolean): Level {
  if (policyMappings.length > most) throw new ValidationError('limit', `${label}: policyMappings: expected at most ${most}`);
  const below: Level = { parents: new Map(), anyPolicy: level.anyPolicy };
  const isMapped = new Set<string>();
  for (const { issuerDomainPolicy: from, subjectDomainPolicy: to } of policyMappings) {
    if (from === oids.anyPolicy || to === oids.anyPolicy) {
      throw new ValidationError('policy', `${label}: policyMappings: anyPolicy can't be mapped`);
    }
    isMapped.add(from);
    if (!mappingAllowed) level.parents.delete(from);
    else {
      if (level.anyPolicy && !level.parents.has(from)) level.parents.set(from, new Set());
      if (level.parents.has(from)) addParent(below, to, from);
    }
  }
  for (const policy of level.parents.keys()) if (!isMapped.has(policy)) addParent(below, policy, policy);
  return below;
}

function addParent({ parents }: Level, policy: string, parent: string): void {
  const known = parents.get(policy);
  if (known === undefined) parents.set(policy, new Set([parent]));
  else known.add(parent);
}

/** Whether the policies that are left lead up to one of the user's (RFC 5280 6.1.5 (g)). */
function isAcceptable(levels: readonly Level[], initial: readonly string[] = [oids.anyPolicy]): boolean {
  const last = levels.at(-1);
  if (last === undefined || (last.parents.size === 0 && !last.anyPolicy)) return false;
  if (last.anyPolicy || initial.includes(oids.anyPolicy)) return true;
  let reached = new Set(last.parents.keys());
  for (const level of [...levels].reverse()) {
    const above = new Set<string>();
    for (const policy of reached) {
      const parents = level.parents.get(policy) ?? new Set();
      // Came from anyPolicy: the first of its line, by which the user knows it.
      if (parents.size === 0 && initial.includes(policy)) return true;
      for (const parent of parents) above.add(parent);
    }
    reached = above;
  }
  return false;
}

import { oids } from '../der/oids.ts';
import { implicit, integer, oid, sequence, sequenceOf } from '../der/writer.ts';
import { X509Error } from './errors.ts';
import { decodeExtension, type Extension } from './extensions.ts';

/** Most certificates that a number of these extensions can speak of; a larger one says the same. */
const mostCertificates = Number.MAX_SAFE_INTEGER;

/** A policy of the issuer's domain and the one of the subject's that is held to be the same (RFC 5280 4.2.1.5). */
export interface PolicyMapping {
  /** Dotted OIDs. */
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

// PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy CertPolicyId, subjectDomainPolicy CertPolicyId }
/** Critical, as RFC 5280 would have it. */
export function encodePolicyMappings(mappings: readonly PolicyMapping[]): Extension {
  if (mappings.length === 0) throw new X509Error('extension', 'policyMappings: expected at least one mapping');
  const value = sequenceOf(
    mappings.map(({ issuerDomainPolicy, subjectDomainPolicy }) => sequence(oid(issuerDomainPolicy), oid(subjectDomainPolicy))),
  );
  return { oid: oids.policyMappings, critical: true, value };
}

/** The mappings in the order found. */
export function decodePolicyMappings(extension: Extension): PolicyMapping[] {
  return decodeExtension(extension, 'policyMappings', (r) =>
    r.sequenceOf((mappings) =>
      mappings.sequence((m) => ({
        issuerDomainPolicy: m.field('issuerDomainPolicy').oid(),
        subjectDomainPolicy: m.field('subjectDomainPolicy').oid(),
      })),
    ),
  );
}

/** After how many more certificates a policy must be named, and policies may no longer be mapped (RFC 5280 4.2.1.11). */
export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
}

// PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] SkipCerts OPTIONAL, inhibitPolicyMapping [1] SkipCerts OPTIONAL }
/** Critical, as RFC 5280 demands. */
export function encodePolicyConstraints({ requireExplicitPolicy, inhibitPolicyMapping }: PolicyConstraints): Extension {
  if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined) {
    throw new X509Error('extension', 'policyConstraints: expected at least one of the two fields');
  }
  const value = sequence(
    ...(requireExplicitPolicy === undefined ? [] : [implicit(0, integer(requireExplicitPolicy))]),
    ...(inhibitPolicyMapping === undefined ? [] : [implicit(1, integer(inhibitPolicyMapping))]),
  );
  return { oid: oids.policyConstraints, critical: true, value };
}

/** The fields that are there; throws `X509Error` when there is none (RFC 5280 4.2.1.11). */
export function decodePolicyConstraints(extension: Extension): PolicyConstraints {
  const constraints = decodeExtension(extension, 'policyConstraints', (r) =>
    r.sequence((c) => {
      const explicit = c.field('requireExplicitPolicy').optionalImplicit(0, (v) => v.smallInteger(mostCertificates));
      const mapping = c.field('inhibitPolicyMapping').optionalImplicit(1, (v) => v.smallInteger(mostCertificates));
      return {
        ...(explicit === undefined ? {} : { requireExplicitPolicy: explicit }),
        ...(mapping === undefined ? {} : { inhibitPolicyMapping: mapping }),
      };
    }),
  );
  if (Object.keys(constraints).length === 0) {
    throw new X509Error('extension', 'policyConstraints: expected at least one of the two fields');
  }
  return constraints;
}

// InhibitAnyPolicy ::= SkipCerts, SkipCerts ::= INTEGER (0..MAX)
/** Critical, as RFC 5280 demands. */
export function encodeInhibitAnyPolicy(skipCertificates: number): Extension {
  return { oid: oids.inhibitAnyPolicy, critical: true, value: integer(skipCertificates) };
}

/** After how many more certificates anyPolicy no longer counts (RFC 5280 4.2.1.14). */
export function decodeInhibitAnyPolicy(extension: Extension): number {
  return decodeExtension(extension, 'inhibitAnyPolicy', (r) => r.smallInteger(mostCertificates));
}

import { hex } from '../bytes/hex.ts';
import { DerError } from '../der/errors.ts';
import { oids } from '../der/oids.ts';
import type { Certificate } from '../x509/certificate.ts';
import { X509Error } from '../x509/errors.ts';
import {
  type BasicConstraints,
  decodeAuthorityKeyIdentifier,
  decodeBasicConstraints,
  decodeExtendedKeyUsage,
  decodeKeyUsage,
  decodeSubjectAltName,
  decodeSubjectKeyIdentifier,
  type Extension,
  extensionOf,
} from '../x509/extensions.ts';
import type { GeneralName } from '../x509/general-names.ts';
import { type DistributionPoint, decodeCertificatePolicies, decodeCrlDistributionPoints } from '../x509/issuer-information.ts';
import type { KeyUsage } from '../x509/key-usage.ts';
import { formatName, nameKey } from '../x509/name.ts';
import { decodeNameConstraints, type NameConstraints } from '../x509/name-constraints.ts';
import {
  decodeInhibitAnyPolicy,
  decodePolicyConstraints,
  decodePolicyMappings,
  type PolicyConstraints,
  type PolicyMapping,
} from '../x509/policy-extensions.ts';
import { ValidationError, type ValidationErrorCode } from './errors.ts';

/** A certificate with what its extensions say, read once. */
export interface PathCertificate {
  readonly certificate: Certificate;
  /** What messages call it: its subject. */
  readonly label: string;
  /** `nameKey` of the two names. */
  readonly subject: string;
  readonly issuer: string;
  /** Issuer and subject are the same name, whosever key signed (RFC 5280 6.1). */
  readonly selfIssued: boolean;
  readonly basicConstraints?: BasicConstraints;
  readonly keyUsage?: readonly KeyUsage[];
  /** KeyPurposeIds. */
  readonly purposes?: readonly string[];
  readonly alternativeNames?: readonly GeneralName[];
  readonly nameConstraints?: NameConstraints;
  /** Dotted OIDs, as found. */
  readonly policies?: readonly string[];
  readonly policyMappings: readonly PolicyMapping[];
  readonly policyConstraints: PolicyConstraints;
  readonly inhibitAnyPolicy?: number;
  /** Hexadecimal. */
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  readonly distributionPoints: readonly DistributionPoint[];
}

/** Extensions that are heeded, and may therefore be critical. What only helps to find something is heeded by being there. */
const heeded: ReadonlySet<string> = new Set([
  oids.basicConstraints,
  oids.keyUsage,
  oids.extendedKeyUsage,
  oids.subjectAltName,
  oids.issuerAltName,
  oids.nameConstraints,
  oids.certificatePolicies,
  oids.policyMappings,
  oids.policyConstraints,
  oids.inhibitAnyPolicy,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
  oids.cRLDistributionPoints,
  oids.freshestCRL,
]);

/**
 * Reads what the extensions say. Throws `ValidationError` `malformed` where one can't be read, and `unknown-extension` for a critical
 * one that is not heeded here (RFC 5280 4.2).
 */
export function readPathCertificate(certificate: Certificate): PathCertificate {
  const label = labelOf(certificate);
  const unknown = certificate.extensions.find(({ oid, critical }) => critical && !heeded.has(oid));
  if (unknown !== undefined) throw new ValidationError('unknown-extension', `${label}: the critical extension ${unknown.oid} is not known`);
  return translated('malformed', label, () => ({
    certificate,
    label,
    subject: nameKey(certificate.subject),
    issuer: nameKey(certificate.issuer),
    selfIssued: nameKey(certificate.subject) === nameKey(certificate.issuer),
    ...read(certificate, oids.basicConstraints, (e) => ({ basicConstraints: decodeBasicConstraints(e) })),
    ...read(certificate, oids.keyUsage, (e) => ({ keyUsage: decodeKeyUsage(e) })),
    ...read(certificate, oids.extendedKeyUsage, (e) => ({ purposes: decodeExtendedKeyUsage(e) })),
    ...read(certificate, oids.subjectAltName, (e) => ({ alternativeNames: decodeSubjectAltName(e) })),
    ...read(certificate, oids.nameConstraints, (e) => ({ nameConstraints: constraintsOf(e) })),
    ...read(certificate, oids.certificatePolicies, (e) => ({ policies: decodeCertificatePolicies(e).map(({ policy }) => policy) })),
    policyMappings: read(certificate, oids.policyMappings, decodePolicyMappings) ?? [],
    policyConstraints: read(certificate, oids.policyConstraints, decodePolicyConstraints) ?? {},
    ...read(certificate, oids.inhibitAnyPolicy, (e) => ({ inhibitAnyPolicy: decodeInhibitAnyPolicy(e) })),
    ...read(certificate, oids.subjectKeyIdentifier, (e) => ({ subjectKeyIdentifier: hex(decodeSubjectKeyIdentifier(e)) })),
    ...read(certificate, oids.authorityKeyIdentifier, (e) => authorityKey(e)),
    distributionPoints: read(certificate, oids.cRLDistributionPoints, decodeCrlDistributionPoints) ?? [],
  }));
}

function read<T>(certificate: Certificate, oid: string, decode: (extension: Extension) => T): T | undefined {
  const extension = extensionOf(certificate, oid);
  return extension === undefined ? undefined : decode(extension);
}

function authorityKey(extension: Extension): { readonly authorityKeyIdentifier?: string } {
  const { keyIdentifier } = decodeAuthorityKeyIdentifier(extension);
  return keyIdentifier === undefined ? {} : { authorityKeyIdentifier: hex(keyIdentifier) };
}

/** Constraints that can be applied: RFC 5280 4.2.1.10 knows neither empty ones nor host names with a wildcard or a dot in front. */
function constraintsOf(extension: Extension): NameConstraints {
  const constraints = decodeNameConstraints(extension);
  const bases = [...constraints.permitted, ...constraints.excluded];
  if (bases.length === 0) throw new X509Error('extension', 'nameConstraints: expected at least one subtree');
  const bad = bases.find((base) => base.type === 'dns' && !/^([a-z0-9_-]+(\.[a-z0-9_-]+)*)?$/i.test(base.value));
  if (bad !== undefined) throw new X509Error('extension', 'nameConstraints dNSName: expected a host name');
  return constraints;
}

/** What messages call a certificate: its subject, or its serial number where that is empty. */
export function labelOf({ subject, serialNumber }: Certificate): string {
  return subject.length === 0 ? `certificate ${hex(serialNumber)}` : formatName(subject);
}

/** What `act` gives; an error of the codecs becomes a `ValidationError` about `label`. */
export function translated<T>(code: ValidationErrorCode, label: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof DerError || error instanceof X509Error ? new ValidationError(code, `${label}: ${error.message}`) : error;
  }
}

import { oids } from '../../src/der/oids.ts';
import { decodeCertificateIssuer, decodeCrlNumber, decodeCrlReason, decodeDeltaCrlIndicator } from '../../src/x509/crl-extensions.ts';
import {
  decodeAuthorityKeyIdentifier,
  decodeBasicConstraints,
  decodeExtendedKeyUsage,
  decodeKeyUsage,
  decodeSubjectAltName,
  decodeSubjectKeyIdentifier,
  type Extension,
} from '../../src/x509/extensions.ts';
import {
  decodeAuthorityInformationAccess,
  decodeCertificatePolicies,
  decodeCrlDistributionPoints,
} from '../../src/x509/issuer-information.ts';
import { decodeIssuingDistributionPoint } from '../../src/x509/issuing-distribution-point.ts';
import { decodeNameConstraints } from '../../src/x509/name-constraints.ts';
import { decodeInhibitAnyPolicy, decodePolicyConstraints, decodePolicyMappings } from '../../src/x509/policy-extensions.ts';

/** Every decoder of an extension, by its OID. */
export const knownExtensions = new Map<string, (extension: Extension) => unknown>([
  [oids.basicConstraints, decodeBasicConstraints],
  [oids.keyUsage, decodeKeyUsage],
  [oids.extendedKeyUsage, decodeExtendedKeyUsage],
  [oids.subjectAltName, decodeSubjectAltName],
  [oids.subjectKeyIdentifier, decodeSubjectKeyIdentifier],
  [oids.authorityKeyIdentifier, decodeAuthorityKeyIdentifier],
  [oids.cRLDistributionPoints, decodeCrlDistributionPoints],
  [oids.authorityInformationAccess, decodeAuthorityInformationAccess],
  [oids.certificatePolicies, decodeCertificatePolicies],
  [oids.nameConstraints, decodeNameConstraints],
  [oids.cRLNumber, decodeCrlNumber],
  [oids.reasonCode, decodeCrlReason],
  [oids.deltaCRLIndicator, decodeDeltaCrlIndicator],
  [oids.certificateIssuer, decodeCertificateIssuer],
  [oids.issuingDistributionPoint, decodeIssuingDistributionPoint],
  [oids.freshestCRL, decodeCrlDistributionPoints],
  [oids.policyMappings, decodePolicyMappings],
  [oids.policyConstraints, decodePolicyConstraints],
  [oids.inhibitAnyPolicy, decodeInhibitAnyPolicy],
]);

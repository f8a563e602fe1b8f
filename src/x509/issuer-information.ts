import { oids } from '../der/oids.ts';
import type { DerReader } from '../der/reader.ts';
import { explicit, ia5String, implicit, oid, sequence, sequenceOf } from '../der/writer.ts';
import { X509Error } from './errors.ts';
import { bitNumbers, decodeExtension, type Extension, encodeGeneralNames, readGeneralNames } from './extensions.ts';
import { encodeGeneralName, type GeneralName, readGeneralName } from './general-names.ts';

/** Where a CRL is to be had (RFC 5280 4.2.1.13). */
export interface DistributionPoint {
  readonly fullName: readonly GeneralName[];
  /** nameRelativeToCRLIssuer with its tag [1], kept as found. */
  readonly relativeName?: Uint8Array;
  /** Numbers of the ReasonFlags bits; every reason when absent. */
  readonly reasons?: readonly number[];
  /** Who signs the CRL, if not the issuer of the certificate. */
  readonly crlIssuer?: readonly GeneralName[];
}

// CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
// DistributionPoint ::= SEQUENCE { distributionPoint [0] DistributionPointName OPTIONAL, reasons [1] ReasonFlags OPTIONAL,
//   cRLIssuer [2] GeneralNames OPTIONAL }
// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
/** One distribution point whose URLs lead to the same CRL. */
export function encodeCrlDistributionPoints(urls: readonly string[]): Extension {
  if (urls.length === 0) throw new X509Error('extension', 'cRLDistributionPoints: expected at least one URL');
  const fullName = implicit(0, encodeGeneralNames(urls.map((value) => ({ type: 'uri', value }))));
  return { oid: oids.cRLDistributionPoints, critical: false, value: sequence(sequence(explicit(0, fullName))) };
}

/** All points, also those that `crlUrls` passes over. */
export function decodeCrlDistributionPoints(extension: Extension): DistributionPoint[] {
  return decodeExtension(extension, 'cRLDistributionPoints', (r) => r.sequenceOf((points) => points.sequence((p) => readPoint(p))));
}

function readPoint(r: DerReader): DistributionPoint {
  const name = r.field('distributionPoint').optionalExplicit(0, (n) => {
    const fullName = n.field('fullName').optionalImplicit(0, (v) => readGeneralNames(v));
    return fullName === undefined ? { fullName: [], relativeName: n.any() } : { fullName };
  });
  const reasons = r.field('reasons').optionalImplicit(1, (v) => bitNumbers(v.bitString()));
  const crlIssuer = r.field('cRLIssuer').optionalImplicit(2, (v) => readGeneralNames(v));
  return {
    ...(name ?? { fullName: [] }),
    ...(reasons === undefined ? {} : { reasons }),
    ...(crlIssuer === undefined ? {} : { crlIssuer }),
  };
}

/** URLs of the complete CRL by the issuer of the certificate: those of points without reasons and cRLIssuer. */
export function crlUrls(points: readonly DistributionPoint[]): string[] {
  return points
    .filter(({ reasons, crlIssuer }) => reasons === undefined && crlIssuer === undefined)
    .flatMap(({ fullName }) => fullName.flatMap((name) => (name.type === 'uri' ? [name.value] : [])));
}

/** Where to ask about the issuer (RFC 5280 4.2.2.1). */
export interface AccessDescription {
  /** Dotted OID: ocsp or caIssuers. */
  readonly method: string;
  readonly location: GeneralName;
}

// AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
// AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
export function encodeAuthorityInformationAccess(descriptions: readonly AccessDescription[]): Extension {
  if (descriptions.length === 0) throw new X509Error('extension', 'authorityInfoAccess: expected at least one description');
  const value = sequenceOf(descriptions.map(({ method, location }) => sequence(oid(method), encodeGeneralName(location))));
  return { oid: oids.authorityInformationAccess, critical: false, value };
}

/** Descriptions of every method, in the order found. */
export function decodeAuthorityInformationAccess(extension: Extension): AccessDescription[] {
  return decodeExtension(extension, 'authorityInfoAccess', (r) =>
    r.sequenceOf((descriptions) =>
      descriptions.sequence((d) => ({ method: d.field('accessMethod').oid(), location: readGeneralName(d.field('accessLocation')) })),
    ),
  );
}

/** More about a policy: a pointer to its statement, or a notice. */
export interface PolicyQualifier {
  readonly id: string;
  /** DER of the qualifier. */
  readonly der: Uint8Array;
}

/** A policy under which the certificate was issued (RFC 5280 4.2.1.4). */
export interface PolicyInformation {
  /** Dotted OID. */
  readonly policy: string;
  readonly qualifiers: readonly PolicyQualifier[];
}

/** A policy, with a pointer to its certification practice statement if a URI is given. */
export function policyInformation(policy: string, cpsUri?: string): PolicyInformation {
  return { policy, qualifiers: cpsUri === undefined ? [] : [{ id: oids.cps, der: ia5String(cpsUri) }] };
}

// certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
// PolicyInformation ::= SEQUENCE { policyIdentifier CertPolicyId, policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
// PolicyQualifierInfo ::= SEQUENCE { policyQualifierId PolicyQualifierId, qualifier ANY DEFINED BY policyQualifierId }
export function encodeCertificatePolicies(policies: readonly PolicyInformation[]): Extension {
  if (policies.length === 0) throw new X509Error('extension', 'certificatePolicies: expected at least one policy');
  const value = sequenceOf(
    policies.map(({ policy, qualifiers }) =>
      sequence(oid(policy), ...(qualifiers.length === 0 ? [] : [sequenceOf(qualifiers.map(({ id, der }) => sequence(oid(id), der)))])),
    ),
  );
  return { oid: oids.certificatePolicies, critical: false, value };
}

/** The policies in the order found, qualifiers of any kind kept. */
export function decodeCertificatePolicies(extension: Extension): PolicyInformation[] {
  return decodeExtension(extension, 'certificatePolicies', (r) =>
    r.sequenceOf((policies) =>
      policies.sequence((p) => {
        const policy = p.field('policyIdentifier').oid();
        const qualifiers = p.atEnd ? [] : p.field('policyQualifiers').sequenceOf((list) => readQualifier(list));
        return { policy, qualifiers };
      }),
    ),
  );
}

function readQualifier(r: DerReader): PolicyQualifier {
  return r.sequence((q) => ({ id: q.field('policyQualifierId').oid(), der: q.field('qualifier').any() }));
}

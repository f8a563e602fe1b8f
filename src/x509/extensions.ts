import { oids } from '../der/oids.ts';
import { type BitString, type DerReader, decodeDer } from '../der/reader.ts';
import { boolean, implicit, integer, namedBits, octetString, oid, sequence, sequenceOf } from '../der/writer.ts';
import { X509Error } from './errors.ts';
import { encodeGeneralName, type GeneralName, readGeneralName } from './general-names.ts';
import { extendedKeyUsageOids, type KeyUsage, keyUsageBits, keyUsagesOfBits } from './key-usage.ts';

/** Longest value of an extension read, in bytes. */
const valueLimit = 1 << 16;

/** An extension of a certificate, a request, a CRL or one of its entries. */
export interface Extension {
  /** Dotted OID. */
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the extension's own type, as found: what extnValue's OCTET STRING wraps. */
  readonly value: Uint8Array;
}

// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return sequenceOf(
    extensions.map(({ oid: id, critical, value }) => sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value))),
  );
}

/** Reads extensions of any kind; throws `X509Error` when one is there twice (RFC 5280 4.2). */
export function readExtensions(r: DerReader): Extension[] {
  const extensions = r.sequenceOf((list) =>
    list.field('extension').sequence((e) => {
      const id = e.field('extnID').oid();
      const critical = e.field('critical').booleanDefaultFalse();
      return { oid: id, critical, value: e.field('extnValue').octetString() };
    }),
  );
  const twice = repeatedExtension(extensions);
  if (twice !== undefined) throw new X509Error('extension', `extensions: expected each once, found ${twice} twice`);
  return extensions;
}

/** OID of the first extension that is there twice. */
export function repeatedExtension(extensions: readonly Extension[]): string | undefined {
  const seen = new Set<string>();
  return extensions.find(({ oid }) => seen.size === seen.add(oid).size)?.oid;
}

/** The extension of this OID among those of a certificate, request or CRL. */
export function extensionOf(holder: { readonly extensions: readonly Extension[] }, oid: string): Extension | undefined {
  return holder.extensions.find((extension) => extension.oid === oid);
}

/** Reads the value of an extension, which must be all of it. */
export function decodeExtension<T>(extension: Extension, name: string, read: (r: DerReader) => T): T {
  return decodeDer(name, extension.value, valueLimit, read);
}

/** Whether the subject is a CA (RFC 5280 4.2.1.9). */
export interface BasicConstraints {
  readonly ca: boolean;
  /** How many CA certificates may follow in a path; no limit when absent. */
  readonly pathLength?: number;
}

// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
/** Critical (RFC 5280 4.2.1.9). A path length goes with a CA only. */
export function encodeBasicConstraints({ ca, pathLength }: BasicConstraints): Extension {
  if (pathLength !== undefined && !(ca && Number.isSafeInteger(pathLength) && pathLength >= 0)) {
    throw new X509Error('extension', 'basicConstraints: expected a path length of 0 or more, with a CA only');
  }
  const value = sequence(...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)]));
  return { oid: oids.basicConstraints, critical: true, value };
}

/** A path length without a CA is given as found. */
export function decodeBasicConstraints(extension: Extension): BasicConstraints {
  return decodeExtension(extension, 'basicConstraints', (r) =>
    r.sequence((b) => {
      const ca = b.field('cA').booleanDefaultFalse();
      const pathLength = b.atEnd ? undefined : b.field('pathLenConstraint').smallInteger(Number.MAX_SAFE_INTEGER);
      return pathLength === undefined ? { ca } : { ca, pathLength };
    }),
  );
}

// KeyUsage ::= BIT STRING
/** The nine bits among the usages, critical (RFC 5280 4.2.1.3); undefined when there are none, since an empty keyUsage is forbidden. */
export function encodeKeyUsage(usages: readonly KeyUsage[]): Extension | undefined {
  const bits = keyUsageBits(usages);
  return bits.length === 0 ? undefined : { oid: oids.keyUsage, critical: true, value: namedBits(bits) };
}

/** RouterOS' words for the bits; bits beyond the nine are passed over. */
export function decodeKeyUsage(extension: Extension): KeyUsage[] {
  return keyUsagesOfBits(bitNumbers(decodeExtension(extension, 'keyUsage', (r) => r.bitString())));
}

/** Numbers of the bits that are set in a named bit list. */
export function bitNumbers({ bytes }: BitString): number[] {
  return Array.from({ length: Math.min(bytes.length, 4) * 8 }, (_, bit) => bit).filter(
    (bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0,
  );
}

// ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId
/** The extended usages among the usages, then `others` (dotted OIDs), not critical; undefined when there are none. */
export function encodeExtendedKeyUsage(usages: readonly KeyUsage[], others: readonly string[] = []): Extension | undefined {
  const purposes = [...extendedKeyUsageOids(usages), ...others];
  if (purposes.length === 0) return undefined;
  return { oid: oids.extendedKeyUsage, critical: false, value: sequenceOf(purposes.map((purpose) => oid(purpose))) };
}

/** The KeyPurposeIds, dotted, as found; `keyUsagesOfOids` gives their words. */
export function decodeExtendedKeyUsage(extension: Extension): string[] {
  return decodeExtension(extension, 'extendedKeyUsage', (r) => r.sequenceOf((purposes) => purposes.field('KeyPurposeId').oid()));
}

// SubjectAltName ::= GeneralNames
/** Critical is for a certificate whose subject is empty (RFC 5280 4.2.1.6). */
export function encodeSubjectAltName(names: readonly GeneralName[], critical = false): Extension {
  if (names.length === 0) throw new X509Error('extension', 'subjectAltName: expected at least one name');
  return { oid: oids.subjectAltName, critical, value: encodeGeneralNames(names) };
}

/** Throws `X509Error` for an IP address that is not of 4 or 16 octets. */
export function decodeSubjectAltName(extension: Extension): GeneralName[] {
  const names = decodeExtension(extension, 'subjectAltName', (r) => readGeneralNames(r));
  const badIp = names.some((name) => name.type === 'ip' && name.bytes.length !== 4 && name.bytes.length !== 16);
  if (badIp) throw new X509Error('alternative-name', 'subjectAltName iPAddress: expected 4 or 16 octets');
  return names;
}

// GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
export function encodeGeneralNames(names: readonly GeneralName[]): Uint8Array {
  return sequenceOf(names.map((name) => encodeGeneralName(name)));
}

/** Reads GeneralNames, of which there may be none. */
export function readGeneralNames(r: DerReader): GeneralName[] {
  return r.sequenceOf((names) => readGeneralName(names));
}

// SubjectKeyIdentifier ::= KeyIdentifier, KeyIdentifier ::= OCTET STRING
export function encodeSubjectKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  return { oid: oids.subjectKeyIdentifier, critical: false, value: octetString(keyIdentifier) };
}

/** The octets of the key identifier. */
export function decodeSubjectKeyIdentifier(extension: Extension): Uint8Array {
  return decodeExtension(extension, 'subjectKeyIdentifier', (r) => r.octetString());
}

/** Which key of the issuer signed (RFC 5280 4.2.1.1): by its identifier, or by the issuer's certificate. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array;
  readonly issuer?: readonly GeneralName[];
  readonly serialNumber?: Uint8Array;
}

// AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] KeyIdentifier OPTIONAL,
//   authorityCertIssuer [1] GeneralNames OPTIONAL, authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }
export function encodeAuthorityKeyIdentifier({ keyIdentifier, issuer, serialNumber }: AuthorityKeyIdentifier): Extension {
  const value = sequence(
    ...(keyIdentifier === undefined ? [] : [implicit(0, octetString(keyIdentifier))]),
    ...(issuer === undefined ? [] : [implicit(1, encodeGeneralNames(issuer))]),
    ...(serialNumber === undefined ? [] : [implicit(2, integer(serialNumber))]),
  );
  return { oid: oids.authorityKeyIdentifier, critical: false, value };
}

/** The fields that are there. */
export function decodeAuthorityKeyIdentifier(extension: Extension): AuthorityKeyIdentifier {
  return decodeExtension(extension, 'authorityKeyIdentifier', (r) =>
    r.sequence((a) => {
      const keyIdentifier = a.field('keyIdentifier').optionalImplicit(0, (v) => v.octetString());
      const issuer = a.field('authorityCertIssuer').optionalImplicit(1, (v) => readGeneralNames(v));
      const serialNumber = a.field('authorityCertSerialNumber').optionalImplicit(2, (v) => v.integer());
      return {
        ...(keyIdentifier === undefined ? {} : { keyIdentifier }),
        ...(issuer === undefined ? {} : { issuer }),
        ...(serialNumber === undefined ? {} : { serialNumber }),
      };
    }),
  );
}

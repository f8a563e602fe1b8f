import { oids } from '../der/oids.ts';
import { enumerated, integer, unsignedInteger } from '../der/writer.ts';
import { X509Error } from './errors.ts';
import { decodeExtension, type Extension, encodeGeneralNames, readGeneralNames } from './extensions.ts';
import type { GeneralName } from './general-names.ts';

/** CRLReason by its number; 7 is not used (RFC 5280 5.3.1). */
const reasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  undefined,
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
] as const;

/** Why a certificate was revoked, by the names of RFC 5280 5.3.1. */
export type CrlReason = Exclude<(typeof reasons)[number], undefined>;

// CRLNumber ::= INTEGER (0..MAX), of at most 20 octets
/** The number is its octets, big-endian. */
export function encodeCrlNumber(number: number | Uint8Array): Extension {
  const value = typeof number === 'number' ? integer(number) : unsignedInteger(number);
  if (value.length > 22 || (value[2] ?? 0) >= 0x80) throw new X509Error('extension', 'cRLNumber: expected 0 or more, in at most 20 octets');
  return { oid: oids.cRLNumber, critical: false, value };
}

/** The octets of the number, big-endian two's complement. */
export function decodeCrlNumber(extension: Extension): Uint8Array {
  return decodeNumber(extension, 'cRLNumber');
}

// BaseCRLNumber ::= CRLNumber
/** Critical, as RFC 5280 5.2.4 demands; the number is its octets, big-endian. */
export function encodeDeltaCrlIndicator(base: number | Uint8Array): Extension {
  return { ...encodeCrlNumber(base), oid: oids.deltaCRLIndicator, critical: true };
}

/** The number of the CRL that a delta CRL adds to, as `decodeCrlNumber` gives it. */
export function decodeDeltaCrlIndicator(extension: Extension): Uint8Array {
  return decodeNumber(extension, 'deltaCRLIndicator');
}

function decodeNumber(extension: Extension, name: string): Uint8Array {
  const number = decodeExtension(extension, name, (r) => r.integer());
  if (number.length > 20 || (number[0] ?? 0) >= 0x80) throw new X509Error('extension', `${name}: expected 0 or more, in at most 20 octets`);
  return number;
}

// CertificateIssuer ::= GeneralNames
/** Critical, as RFC 5280 5.3.3 demands: who issued the certificate of this entry of an indirect CRL and of those after it. */
export function encodeCertificateIssuer(names: readonly GeneralName[]): Extension {
  return { oid: oids.certificateIssuer, critical: true, value: encodeGeneralNames(names) };
}

/** The names in the order found. */
export function decodeCertificateIssuer(extension: Extension): GeneralName[] {
  return decodeExtension(extension, 'certificateIssuer', (r) => readGeneralNames(r));
}

// CRLReason ::= ENUMERATED
/** Undefined for `unspecified`, which is said by leaving the extension out (RFC 5280 5.3.1). */
export function encodeCrlReason(reason: CrlReason): Extension | undefined {
  if (reason === 'unspecified') return undefined;
  return { oid: oids.reasonCode, critical: false, value: enumerated(reasons.indexOf(reason)) };
}

/** Throws `DerError` or `X509Error` for a number without a name. */
export function decodeCrlReason(extension: Extension): CrlReason {
  const reason = reasons[decodeExtension(extension, 'reasonCode', (r) => r.enumerated(reasons.length - 1))];
  if (reason === undefined) throw new X509Error('extension', 'reasonCode: 7 is not a reason');
  return reason;
}

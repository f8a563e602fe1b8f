import { hex } from '../bytes/hex.ts';
import { oids } from '../der/oids.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { StoredContents, StoredProperties } from '../store/stored-certificate.ts';
import { schemeOf } from '../x509/algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import {
  decodeAuthorityKeyIdentifier,
  decodeBasicConstraints,
  decodeExtendedKeyUsage,
  decodeKeyUsage,
  decodeSubjectAltName,
  decodeSubjectKeyIdentifier,
  extensionOf,
} from '../x509/extensions.ts';
import { formatAltNames } from '../x509/general-names.ts';
import { type KeyUsage, keyUsagesOfOids, sortKeyUsages } from '../x509/key-usage.ts';
import { formatName, subjectFields } from '../x509/name.ts';
import { describePublicKey } from '../x509/public-key.ts';

/** What print shows of a certificate and the user can not change. */
export function shownProperties(certificate: Certificate, trust: Pick<StoredProperties, 'trusted' | 'trustStore'>): StoredProperties {
  const { commonName, country, state, locality, organization, unit } = subjectFields(certificate.subject);
  const altNames = extensionOf(certificate, oids.subjectAltName);
  const scheme = schemeOf(certificate.signatureAlgorithm);
  return {
    commonName,
    country,
    state,
    locality,
    organization,
    unit,
    subjectAltNames: altNames === undefined ? undefined : decodeSubjectAltName(altNames).map((name) => formatAltNames([name])),
    keySize: describePublicKey(certificate.publicKey).keySize,
    keyUsage: keyUsageOf(certificate),
    daysValid: Math.floor((certificate.notAfter - certificate.notBefore) / 86_400),
    digestAlgorithm: scheme !== undefined && 'digest' in scheme ? scheme.digest : undefined,
    trusted: trust.trusted,
    trustStore: trust.trustStore,
  };
}

/** What the router knows of a certificate beyond its bytes. */
export type Circumstances = Pick<StoredContents, 'privateKeyId' | 'caId' | 'caCrlHost' | 'madeHere' | 'revokedAt'>;

/** The columns of a certificate. */
export function contentsOf(certificate: Certificate, circumstances: Circumstances, crypto: Crypto): StoredContents {
  const skid = extensionOf(certificate, oids.subjectKeyIdentifier);
  const selfSignedHere = circumstances.madeHere && circumstances.caId === undefined;
  return {
    der: certificate.der,
    fingerprint: hex(crypto.hash('sha256', certificate.der)),
    keyType: describePublicKey(certificate.publicKey).type,
    serialNumber: hex(withoutSignOctet(certificate.serialNumber)),
    issuer: selfSignedHere ? undefined : formatName(certificate.issuer),
    invalidBefore: certificate.notBefore,
    invalidAfter: certificate.notAfter,
    skid: skid === undefined ? '' : upperHex(decodeSubjectKeyIdentifier(skid)),
    akid: authorityKeyIdOf(certificate),
    publicKeyId: publicKeyIdOf(certificate.publicKey, crypto),
    maySign: maySign(certificate),
    hasCrl: extensionOf(certificate, oids.cRLDistributionPoints) !== undefined,
    ...circumstances,
  };
}

/** SHA-256 of a SubjectPublicKeyInfo, hexadecimal: what finds the certificates of a key. */
export function publicKeyIdOf(publicKey: Uint8Array, crypto: Crypto): string {
  return hex(crypto.hash('sha256', publicKey));
}

/** The akid as print shows it; empty if there is none. */
export function authorityKeyIdOf(certificate: Certificate): string {
  const akid = extensionOf(certificate, oids.authorityKeyIdentifier);
  const keyIdentifier = akid === undefined ? undefined : decodeAuthorityKeyIdentifier(akid).keyIdentifier;
  return keyIdentifier === undefined ? '' : upperHex(keyIdentifier);
}

/** Does it say that it is a CA, and may its key sign certificates (RFC 5280 4.2.1.3 and 4.2.1.9)? */
export function maySign(certificate: Certificate): boolean {
  const constraints = extensionOf(certificate, oids.basicConstraints);
  const usage = extensionOf(certificate, oids.keyUsage);
  const isCa = constraints !== undefined && decodeBasicConstraints(constraints).ca;
  return isCa && (usage === undefined || decodeKeyUsage(usage).includes('key-cert-sign'));
}

/** How many CAs may stand between this one and the end of a path; undefined: any number. */
export function pathLengthOf(certificate: Certificate): number | undefined {
  const constraints = extensionOf(certificate, oids.basicConstraints);
  return constraints === undefined ? undefined : decodeBasicConstraints(constraints).pathLength;
}

function keyUsageOf(certificate: Certificate): KeyUsage[] | undefined {
  const bits = extensionOf(certificate, oids.keyUsage);
  const purposes = extensionOf(certificate, oids.extendedKeyUsage);
  if (bits === undefined && purposes === undefined) return undefined;
  return sortKeyUsages([
    ...(bits === undefined ? [] : decodeKeyUsage(bits)),
    ...(purposes === undefined ? [] : keyUsagesOfOids(decodeExtendedKeyUsage(purposes)).usages),
  ]);
}

function upperHex(bytes: Uint8Array): string {
  return hex(bytes).toUpperCase();
}

/** A serial number is shown as a number: without the octet that only says that it is positive. */
function withoutSignOctet(serialNumber: Uint8Array): Uint8Array {
  return serialNumber.length > 1 && serialNumber[0] === 0 ? serialNumber.subarray(1) : serialNumber;
}

import { hex } from '../../src/bytes/hex.ts';
import { oids } from '../../src/der/oids.ts';
import type { Certificate } from '../../src/x509/certificate.ts';
import {
  decodeAuthorityKeyIdentifier,
  decodeBasicConstraints,
  decodeExtendedKeyUsage,
  decodeKeyUsage,
  decodeSubjectAltName,
  decodeSubjectKeyIdentifier,
  type Extension,
  extensionOf,
} from '../../src/x509/extensions.ts';
import type { GeneralName } from '../../src/x509/general-names.ts';
import { formatIp } from '../../src/x509/ip-address.ts';
import { crlUrls, decodeAuthorityInformationAccess, decodeCrlDistributionPoints } from '../../src/x509/issuer-information.ts';
import { keyUsageBits } from '../../src/x509/key-usage.ts';
import type { GoCertificate } from '../judges/go.ts';

/** What a certificate says, in the terms of the Go judge, but for the words each has for names and algorithms. */
export type Reading = Omit<GoCertificate, 'subject' | 'issuer' | 'signatureAlgorithm' | 'publicKey' | 'unknownCritical'>;

/** What we read in a certificate. */
export function readingOf(certificate: Certificate): Reading {
  const read = <T>(oid: string, decode: (extension: Extension) => T): T | undefined => {
    const extension = extensionOf(certificate, oid);
    return extension === undefined ? undefined : decode(extension);
  };
  const constraints = read(oids.basicConstraints, decodeBasicConstraints);
  const names = read(oids.subjectAltName, decodeSubjectAltName) ?? [];
  const access = read(oids.authorityInformationAccess, decodeAuthorityInformationAccess) ?? [];
  const urls = (method: string): string[] =>
    access.filter((one) => one.method === method).flatMap(({ location }) => valuesOf([location], 'uri'));
  return {
    serial: hex(certificate.serialNumber).replace(/^(00)+/, ''),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    publicKeyInfo: Buffer.from(certificate.publicKey).toString('base64'),
    keyUsage: keyUsageBits(read(oids.keyUsage, decodeKeyUsage) ?? []).reduce((mask, bit) => mask | (1 << bit), 0),
    extendedKeyUsage: read(oids.extendedKeyUsage, decodeExtendedKeyUsage) ?? [],
    basicConstraints: constraints !== undefined,
    isCA: constraints?.ca ?? false,
    pathLength: constraints?.pathLength ?? -1,
    subjectKeyId: hex(read(oids.subjectKeyIdentifier, decodeSubjectKeyIdentifier) ?? new Uint8Array()),
    authorityKeyId: hex(read(oids.authorityKeyIdentifier, decodeAuthorityKeyIdentifier)?.keyIdentifier ?? new Uint8Array()),
    dnsNames: valuesOf(names, 'dns'),
    emailAddresses: valuesOf(names, 'email'),
    ipAddresses: names.flatMap((name) => (name.type === 'ip' ? [formatIp(name.bytes) ?? ''] : [])),
    uris: valuesOf(names, 'uri'),
    crlDistributionPoints: crlUrls(read(oids.cRLDistributionPoints, decodeCrlDistributionPoints) ?? []),
    ocspServers: urls(oids.ocsp),
    caIssuers: urls(oids.caIssuers),
  };
}

function valuesOf(names: readonly GeneralName[], type: 'dns' | 'email' | 'uri'): string[] {
  return names.flatMap((name) => (name.type === type ? [name.value] : []));
}

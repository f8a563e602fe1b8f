import {
  type Extension,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeSubjectAltName,
  encodeSubjectKeyIdentifier,
} from '../x509/extensions.ts';
import { type GeneralName, isDnsName } from '../x509/general-names.ts';
import { parseIp } from '../x509/ip-address.ts';
import { encodeCrlDistributionPoints } from '../x509/issuer-information.ts';
import type { KeyUsage } from '../x509/key-usage.ts';
import type { Name } from '../x509/name.ts';
import { CertificateError } from './errors.ts';

/** What the extensions of a certificate made here are made of. */
export interface Profile {
  readonly subject: Name;
  readonly altNames: readonly GeneralName[];
  readonly keyUsage: readonly KeyUsage[];
  readonly subjectKeyIdentifier: Uint8Array;
  /** Undefined in a self-signed certificate. */
  readonly authorityKeyIdentifier: Uint8Array | undefined;
  readonly crlUrls: readonly string[];
}

/** The extensions of a certificate made here, in RouterOS' order but for its Netscape comment. */
export function certificateExtensions(profile: Profile): Extension[] {
  const { subject, altNames, keyUsage, subjectKeyIdentifier, authorityKeyIdentifier, crlUrls } = profile;
  return [
    ...usageExtensions(keyUsage),
    ...(altNames.length === 0 ? [] : [encodeSubjectAltName(altNames, subject.length === 0)]),
    encodeSubjectKeyIdentifier(subjectKeyIdentifier),
    ...(authorityKeyIdentifier === undefined ? [] : [encodeAuthorityKeyIdentifier({ keyIdentifier: authorityKeyIdentifier })]),
    ...(crlUrls.length === 0 ? [] : [encodeCrlDistributionPoints(crlUrls)]),
  ];
}

/** The extensions that a request from here asks for. */
export function requestedExtensions({ subject, altNames, keyUsage }: Pick<Profile, 'subject' | 'altNames' | 'keyUsage'>): Extension[] {
  return [...usageExtensions(keyUsage), ...(altNames.length === 0 ? [] : [encodeSubjectAltName(altNames, subject.length === 0)])];
}

function usageExtensions(keyUsage: readonly KeyUsage[]): Extension[] {
  const bits = encodeKeyUsage(keyUsage);
  const purposes = encodeExtendedKeyUsage(keyUsage);
  return [
    ...(keyUsage.includes('key-cert-sign') ? [encodeBasicConstraints({ ca: true })] : []),
    ...(bits === undefined ? [] : [bits]),
    ...(purposes === undefined ? [] : [purposes]),
  ];
}

/** The URLs of the CRL of the CA key with this number. */
export function crlUrlsOf(hosts: readonly string[], number: number): string[] {
  return hosts.map((host) => `http://${isIpv6(host) ? `[${host}]` : host}/crl/${number}.crl`);
}

/** Throws unless each can be the host of a URL: a name or address, a port after it if need be. */
export function checkCrlHosts(hosts: readonly string[]): void {
  for (const host of hosts) {
    const [, name = '', port = '1'] = /^(\[[^\]]*\]|[^:]*)(?::([0-9]{1,5}))?$/.exec(host) ?? [];
    const known = isIpv6(host) || (name.startsWith('[') ? isIpv6(name.slice(1, -1)) : isDnsName(name) && !name.startsWith('*'));
    if (!known || Number(port) < 1 || Number(port) > 65_535) {
      throw new CertificateError('bad-value', 'ca-crl-host: expected a host name or an IP address');
    }
  }
}

function isIpv6(host: string): boolean {
  return parseIp(host)?.length === 16;
}

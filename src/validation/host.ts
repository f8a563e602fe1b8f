import { equalBytes } from '../bytes/bytes.ts';
import { parseIp } from '../x509/ip-address.ts';
import { ValidationError } from './errors.ts';
import type { PathCertificate } from './path-certificate.ts';

/**
 * Throws `ValidationError` `host` unless an alternative name of the certificate is the host: a domain name (international ones in their
 * xn-- form) or an IP address in text. The common name does not count, and a wildcard is the whole left-most label and stands for
 * one label (RFC 9525 6).
 */
export function checkHost({ label, alternativeNames = [] }: PathCertificate, host: string): void {
  const address = parseIp(host);
  const name = host.toLowerCase().replace(/\.$/, '');
  const matches =
    address === undefined
      ? alternativeNames.some((one) => one.type === 'dns' && isDomain(name) && isMatch(one.value.toLowerCase(), name))
      : alternativeNames.some((one) => one.type === 'ip' && equalBytes(one.bytes, address));
  if (!matches) throw new ValidationError('host', `${label}: subjectAltName: expected ${host}`);
}

function isMatch(presented: string, name: string): boolean {
  if (!presented.startsWith('*.')) return isDomain(presented) && presented === name;
  const dot = name.indexOf('.');
  return dot > 0 && isDomain(presented.slice(2)) && presented.slice(1) === name.slice(dot);
}

/** A domain name in either case; host names with an underscore are found in the wild. */
export function isDomain(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => /^[a-z0-9_-]{1,63}$/i.test(label));
}

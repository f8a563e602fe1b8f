import { oids } from '../der/oids.ts';
import { extendedKeyUsageOids, type KeyUsage } from '../x509/key-usage.ts';
import { ValidationError } from './errors.ts';
import type { PathCertificate } from './path-certificate.ts';

/** What a key is to be used for: RouterOS' words of the extended key usages. */
export const purposes = ['tls-server', 'tls-client', 'code-sign', 'email-protect', 'timestamp', 'ocsp-sign', 'dvcs'] as const;

/** One of them. */
export type Purpose = (typeof purposes)[number];

/** The bits of keyUsage of which a purpose needs one (RFC 5280 4.2.1.12). */
const consistent: Readonly<Record<Purpose, readonly KeyUsage[]>> = {
  'tls-server': ['digital-signature', 'key-encipherment', 'key-agreement'],
  'tls-client': ['digital-signature', 'key-agreement'],
  'code-sign': ['digital-signature'],
  'email-protect': ['digital-signature', 'content-commitment', 'key-encipherment', 'key-agreement'],
  timestamp: ['digital-signature', 'content-commitment'],
  'ocsp-sign': ['digital-signature', 'content-commitment'],
  dvcs: ['digital-signature', 'content-commitment'],
};

/** Throws `ValidationError` `purpose` when extendedKeyUsage is there without the purpose: in a CA it limits all that is below it. */
export function checkExtendedKeyUsage({ label, purposes: found }: PathCertificate, purpose: Purpose): void {
  const wanted = new Set([...extendedKeyUsageOids([purpose]), oids.anyExtendedKeyUsage]);
  if (found?.some((each) => wanted.has(each)) === false) {
    throw new ValidationError('purpose', `${label}: extendedKeyUsage: expected ${purpose}`);
  }
}

/** Throws `ValidationError` `key-usage` when keyUsage is there without a bit that the purpose needs; a CA's key serves those below it. */
export function checkKeyUsage({ label, keyUsage, basicConstraints }: PathCertificate, purpose: Purpose): void {
  const wanted = consistent[purpose];
  if (basicConstraints?.ca !== true && keyUsage?.some((found) => wanted.includes(found)) === false) {
    throw new ValidationError('key-usage', `${label}: keyUsage: expected ${wanted.join(' or ')} for ${purpose}`);
  }
}

import type { Curve, KeySpec } from '../platform/keygen.ts';
import type { KeyUsage } from '../x509/key-usage.ts';
import type { DigestAlgorithm, KeySize } from './properties.ts';

/** What applies to a template that says nothing else, when it is signed. */
export const defaults: { readonly keySize: KeySize; readonly daysValid: number; readonly digestAlgorithm: DigestAlgorithm } = {
  keySize: '2048',
  daysValid: 365,
  digestAlgorithm: 'sha256',
};

const encipherment: readonly KeyUsage[] = ['key-encipherment', 'data-encipherment'];

const defaultKeyUsage: readonly KeyUsage[] = [
  'digital-signature',
  ...encipherment,
  'key-cert-sign',
  'crl-sign',
  'tls-server',
  'tls-client',
];

const curves: readonly Curve[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/** What key to make for a `key-size`. */
export function keySpecOf(keySize: KeySize): KeySpec {
  if (keySize === 'ed25519') return { type: 'ed25519' };
  const curve = curves.find((each) => each === keySize);
  return curve === undefined ? { type: 'rsa', bits: Number(keySize) } : { type: 'ec', curve };
}

/** The `key-type` that a `key-size` means. */
export function keyTypeOf(keySize: string): 'rsa' | 'ec' | 'ed25519' {
  if (keySize === 'ed25519') return 'ed25519';
  return curves.some((curve) => curve === keySize) ? 'ec' : 'rsa';
}

/** RouterOS' default of `key-usage`, for EC and Ed25519 keys without the bits that such keys must not have (RFC 8813 3, RFC 9295). */
export function defaultKeyUsageOf(keyType: string): readonly KeyUsage[] {
  return keyType === 'rsa' ? defaultKeyUsage : defaultKeyUsage.filter((usage) => !encipherment.includes(usage));
}

/** The bits among `usages` that a key of this type must not have. */
export function unfitKeyUsage(keyType: string, usages: readonly KeyUsage[]): readonly KeyUsage[] {
  return keyType === 'rsa' ? [] : usages.filter((usage) => encipherment.includes(usage));
}

/** The default without what only a CA may do: for requests, and for what is issued on request. */
export function endEntityKeyUsageOf(keyType: string): readonly KeyUsage[] {
  return defaultKeyUsageOf(keyType).filter((usage) => usage !== 'key-cert-sign' && usage !== 'crl-sign');
}

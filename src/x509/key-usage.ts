import { oids } from '../der/oids.ts';

/** RouterOS' words in RouterOS' order: the nine bits of keyUsage (RFC 5280 4.2.1.3), then extended key usages. */
export const keyUsages = [
  'digital-signature',
  'content-commitment',
  'key-encipherment',
  'data-encipherment',
  'key-agreement',
  'key-cert-sign',
  'crl-sign',
  'encipher-only',
  'decipher-only',
  'tls-server',
  'tls-client',
  'code-sign',
  'email-protect',
  'timestamp',
  'ocsp-sign',
  'dvcs',
] as const;

/** One of the sixteen words. */
export type KeyUsage = (typeof keyUsages)[number];

const bitCount = 9;

const purposes = new Map<KeyUsage, string>([
  ['tls-server', oids.serverAuth],
  ['tls-client', oids.clientAuth],
  ['code-sign', oids.codeSigning],
  ['email-protect', oids.emailProtection],
  ['timestamp', oids.timeStamping],
  ['ocsp-sign', oids.ocspSigning],
  ['dvcs', oids.dvcs],
]);

/** The usages in RouterOS' order, each once. */
export function sortKeyUsages(usages: readonly KeyUsage[]): KeyUsage[] {
  return keyUsages.filter((usage) => usages.includes(usage));
}

/** Numbers of the keyUsage bits among the usages, ascending. */
export function keyUsageBits(usages: readonly KeyUsage[]): number[] {
  return sortKeyUsages(usages)
    .map((usage) => keyUsages.indexOf(usage))
    .filter((bit) => bit < bitCount);
}

/** The usages of bit numbers; numbers beyond the nine that are defined give nothing. */
export function keyUsagesOfBits(bits: readonly number[]): KeyUsage[] {
  return keyUsages.filter((_, bit) => bit < bitCount && bits.includes(bit));
}

/** OIDs of the extended key usages among the usages, in RouterOS' order. */
export function extendedKeyUsageOids(usages: readonly KeyUsage[]): string[] {
  return sortKeyUsages(usages).flatMap((usage) => purposes.get(usage) ?? []);
}

/** The usages of KeyPurposeIds, in RouterOS' order, and the OIDs that RouterOS has no word for, in theirs. */
export function keyUsagesOfOids(purposeIds: readonly string[]): { readonly usages: KeyUsage[]; readonly unknown: string[] } {
  const known = new Set(purposes.values());
  return {
    usages: keyUsages.filter((usage) => purposeIds.includes(purposes.get(usage) ?? '')),
    unknown: purposeIds.filter((purpose) => !known.has(purpose)),
  };
}

import type { KeyUsage } from '../x509/key-usage.ts';

/** Values of `key-size`: RSA by its bits, EC by its curve; `ed25519` is ours. */
export const keySizes = ['1024', '1536', '2048', '4096', '8192', 'prime256v1', 'secp384r1', 'secp521r1', 'ed25519'] as const;
export type KeySize = (typeof keySizes)[number];

/** Values of `purpose`. */
export { purposes } from '../validation/purpose.ts';
/** Values of `key-usage`. */
export { keyUsages } from '../x509/key-usage.ts';

/** Values of `digest-algorithm`. */
export const digestAlgorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;
export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** Values of `trust-store`: `all`, or the services that may use a certificate for verifying others. */
export const trustStores = [
  'all',
  'ipsec',
  'wpa-eap',
  'capsman',
  'fetch',
  'sstp',
  'ovpn',
  'mqtt',
  'email',
  'netwatch',
  'radius',
  'container',
  'userman',
  'lora',
  'wiliot',
  'openflow',
  'tr069',
  'dot1x',
  'dns',
  'www',
  'api',
  'reverse-proxy',
  'logging',
] as const;
export type TrustStore = (typeof trustStores)[number];

/** Values of `days-valid`; the most is RouterOS'. Signing clamps the end to 9999-12-31. */
export const daysValidRange = { least: 1, most: 4_294_967_295 } as const;

/** Reasons a certificate may be revoked for (RFC 5280 5.3.1), without those that can be taken back. */
export const revocationReasons = [
  'unspecified',
  'key-compromise',
  'ca-compromise',
  'affiliation-changed',
  'superseded',
  'cessation-of-operation',
  'privilege-withdrawn',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** Values of `type` of an export; `pem-chain` is ours: the certificate and every CA above it, one after another in the .crt. */
export const exportTypes = ['pem', 'pkcs12', 'pem-chain'] as const;
export type ExportType = (typeof exportTypes)[number];

/** What `add` and `set` may be given. Undefined: not given. An empty text takes a property away. */
export interface GivenProperties {
  readonly name?: string | undefined;
  readonly commonName?: string | undefined;
  readonly country?: string | undefined;
  readonly state?: string | undefined;
  readonly locality?: string | undefined;
  readonly organization?: string | undefined;
  readonly unit?: string | undefined;
  /** "DNS:a.example", "IP:10.0.0.1", "email:a@example.org" */
  readonly subjectAltNames?: readonly string[] | undefined;
  readonly keySize?: KeySize | undefined;
  readonly keyUsage?: readonly KeyUsage[] | undefined;
  readonly daysValid?: number | undefined;
  readonly digestAlgorithm?: DigestAlgorithm | undefined;
  readonly trusted?: boolean | undefined;
  readonly trustStore?: readonly TrustStore[] | undefined;
}

/** The properties that `reset` and `unset` may take away. */
export type ResettableProperty = Exclude<keyof GivenProperties, 'name'>;

import { oids } from '../../src/der/oids.ts';
import type { HashAlgorithm } from '../../src/platform/crypto.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import type { TbsCertificate } from '../../src/x509/certificate.ts';
import {
  type Extension,
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeSubjectAltName,
  encodeSubjectKeyIdentifier,
} from '../../src/x509/extensions.ts';
import { parseAltNames } from '../../src/x509/general-names.ts';
import { parseIpPrefix } from '../../src/x509/ip-address.ts';
import { encodeCrlDistributionPoints } from '../../src/x509/issuer-information.ts';
import type { KeyUsage } from '../../src/x509/key-usage.ts';
import { nameOf } from '../../src/x509/name.ts';
import { encodeNameConstraints } from '../../src/x509/name-constraints.ts';
import { keyIdentifier } from '../../src/x509/public-key.ts';
import { type Signed, type Signer, signerFor } from '../../src/x509/signer.ts';
import { bytes } from '../bytes.ts';
import { newKey, storedKey, type TestKey, type TestKeyType } from './keys.ts';

export const crypto = new NodeCrypto();

/** 2026-01-01T00:00:00Z */
export const newYear = 1_767_225_600;

/** 2036-01-01T00:00:00Z */
export const tenYearsLater = 2_082_758_400;

/** A signer that gives the signature that is there already: what was decoded is encoded again. */
export function repeating({ signatureAlgorithm, signature }: Signed): Signer {
  return { algorithm: signatureAlgorithm, sign: async () => signature };
}

/** Extensions that RFC 5280 asks a CA certificate to have. */
export function authorityExtensions(publicKey: Uint8Array, usages: readonly KeyUsage[] = ['key-cert-sign', 'crl-sign']): Extension[] {
  const usage = encodeKeyUsage(usages);
  return [
    encodeBasicConstraints({ ca: true }),
    ...(usage === undefined ? [] : [usage]),
    encodeSubjectKeyIdentifier(keyIdentifier(publicKey, crypto)),
  ];
}

/** A certificate that signs itself: a root. */
export function rootOf(key: TestKey, commonName: string): TbsCertificate {
  const name = nameOf({ country: 'LV', organization: 'Example', commonName });
  return {
    serialNumber: bytes('5a 01'),
    issuer: name,
    subject: name,
    notBefore: newYear,
    notAfter: tenYearsLater,
    publicKey: key.publicKey,
    extensions: authorityExtensions(key.publicKey),
  };
}

/** A CA under a root: it may certify servers of its own domain and network only. */
export function intermediateOf(key: TestKey, root: TbsCertificate): TbsCertificate {
  const constraints = encodeNameConstraints({
    permitted: [
      { type: 'dns', value: 'a.example' },
      { type: 'ip', bytes: parseIpPrefix('192.0.2.0/24') ?? bytes('') },
      { type: 'ip', bytes: parseIpPrefix('2001:db8::/32') ?? bytes('') },
      { type: 'email', value: 'a.example' },
    ],
    excluded: [{ type: 'dns', value: 'b.example' }],
  });
  const [, usage, identifier] = authorityExtensions(key.publicKey);
  return {
    ...root,
    serialNumber: bytes('00 ff'),
    issuer: root.subject,
    subject: nameOf({ country: 'LV', organization: 'Example', unit: 'Net', commonName: 'Intermediate' }),
    publicKey: key.publicKey,
    extensions: [
      encodeBasicConstraints({ ca: true, pathLength: 0 }),
      ...[usage, identifier].filter((one) => one !== undefined),
      authorityOf(root),
      constraints,
    ],
  };
}

/** A server under an issuer, with every kind of alternative name and a CRL distribution point. */
export function serverOf(key: TestKey, issuer: TbsCertificate): TbsCertificate {
  const purposes = encodeExtendedKeyUsage(['tls-server', 'tls-client']);
  const usage = encodeKeyUsage(['digital-signature']);
  return {
    ...issuer,
    serialNumber: bytes('7f ffffffffffffffff ffffffffffffff'),
    issuer: issuer.subject,
    subject: nameOf({ commonName: 'server.a.example' }),
    publicKey: key.publicKey,
    extensions: [
      ...[usage, purposes].filter((one) => one !== undefined),
      encodeSubjectAltName(parseAltNames('DNS:server.a.example,DNS:*.a.example,IP:192.0.2.1,IP:2001:db8::1,email:ops@a.example')),
      encodeSubjectKeyIdentifier(keyIdentifier(key.publicKey, crypto)),
      authorityOf(issuer),
      encodeCrlDistributionPoints(['http://router.a.example/crl/1.crl']),
    ],
  };
}

export function authorityOf(issuer: TbsCertificate): Extension {
  const found = issuer.extensions.find((extension) => extension.oid === oids.subjectKeyIdentifier);
  return encodeAuthorityKeyIdentifier({ keyIdentifier: (found?.value ?? bytes('0400')).subarray(2) });
}

export interface Holder {
  readonly key: TestKey;
  readonly signer: Signer;
}

/** A new key pair and a signer with it. */
export function newHolder(type: TestKeyType, digest: HashAlgorithm = 'sha256'): Holder {
  const key = newKey(type);
  return { key, signer: signerFor(key.privateKey, digest, crypto) };
}

/** A signer with an RSA key of `test/fixtures/keys`, of a size that takes too long to make. */
export function storedHolder(bits: 4096 | 8192, digest: HashAlgorithm): Holder {
  const key = storedKey(`rsa-${bits}.pem`);
  return { key, signer: signerFor(key.privateKey, digest, crypto) };
}

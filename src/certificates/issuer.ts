import { oids } from '../der/oids.ts';
import { type Instant, localDateTime } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Certificate } from '../x509/certificate.ts';
import { decodeSubjectKeyIdentifier, extensionOf } from '../x509/extensions.ts';
import { keyIdentifier } from '../x509/public-key.ts';
import { chainAbove, type Link } from './chain.ts';
import { maySign, pathLengthOf } from './contents.ts';
import { certificateOf } from './decoded.ts';
import { CertificateError } from './errors.ts';
import { itemWithId } from './lookup.ts';
import type { Context } from './ports.ts';

/** A CA of this router that can issue. */
export interface Issuer extends Link {
  readonly privateKeyId: number;
  /** SHA-256 of its SubjectPublicKeyInfo, hexadecimal. */
  readonly publicKeyId: string;
  readonly crlHosts: readonly string[];
}

/** The CA with this id, or a `CertificateError` that says why it can't issue at the time `now`. */
export function issuerWithId(context: Context, id: number, now: Instant): Issuer {
  const item = itemWithId(context, id);
  const certificate = certificateOf(context, item);
  const { contents, name } = item;
  const { clock } = context;
  if (!maySign(certificate)) {
    const hasUsage = item.properties.keyUsage?.includes('key-cert-sign') === true;
    const why = hasUsage ? 'its basic constraints do not say that it is one' : 'its key-usage has no key-cert-sign';
    throw new CertificateError('not-a-ca', `${name} is no CA: ${why}`);
  }
  if (contents?.privateKeyId === undefined)
    throw new CertificateError('no-private-key', `the private key of ${name} is not on this router`);
  if (contents.revokedAt !== undefined) throw new CertificateError('revoked', `${name} is revoked`);
  if (now > certificate.notAfter) throw new CertificateError('expired', `${name} expired on ${localDateTime(certificate.notAfter, clock)}`);
  if (now < certificate.notBefore) {
    throw new CertificateError('expired', `${name} is not valid before ${localDateTime(certificate.notBefore, clock)}`);
  }
  return {
    item,
    certificate,
    privateKeyId: contents.privateKeyId,
    publicKeyId: contents.publicKeyId,
    crlHosts: contents.caCrlHost?.split(',') ?? [],
  };
}

/** Throws unless the CA is still what it was when it was looked up. */
export function stillIssuer(context: Context, issuer: Issuer): void {
  const now = context.store.certificates.byId(issuer.item.id)?.contents;
  const same = now !== undefined && now.privateKeyId === issuer.privateKeyId && now.fingerprint === issuer.item.contents?.fingerprint;
  if (!same) throw new CertificateError('changed', `${issuer.item.name} was changed or removed meanwhile`);
  if (now.revokedAt !== undefined) throw new CertificateError('revoked', `${issuer.item.name} is revoked`);
}

/**
 * Throws `path-length` when the CA, or one above it, allows no further CA below this one (RFC 5280 4.2.1.9): certificates of such a CA
 * would be valid nowhere.
 */
export async function checkRoomForCa(context: Context, issuer: Issuer): Promise<void> {
  const path: Link[] = [issuer, ...(await chainAbove(context, issuer))];
  for (const [below, { item, certificate }] of path.entries()) {
    const allowed = pathLengthOf(certificate);
    if (allowed !== undefined && allowed < below + 1) {
      throw new CertificateError('path-length', `${item.name} allows no CA below ${issuer.item.name}: its path length is ${allowed}`);
    }
  }
}

/** What names the key of a CA in what it signs: the identifier in its own certificate, or a hash where there is none. */
export function issuerKeyIdentifier(certificate: Certificate, crypto: Pick<Crypto, 'hash'>): Uint8Array {
  const extension = extensionOf(certificate, oids.subjectKeyIdentifier);
  return extension === undefined ? keyIdentifier(certificate.publicKey, crypto) : decodeSubjectKeyIdentifier(extension);
}

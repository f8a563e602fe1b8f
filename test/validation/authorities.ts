import type { Crypto } from '../../src/platform/crypto.ts';
import type { ValidationRequest } from '../../src/validation/validate.ts';
import { type Certificate, signCertificate } from '../../src/x509/certificate.ts';
import { type CertificateList, type RevokedCertificate, signCrl } from '../../src/x509/crl.ts';
import { encodeCrlNumber } from '../../src/x509/crl-extensions.ts';
import {
  type Extension,
  encodeBasicConstraints,
  encodeKeyUsage,
  encodeSubjectAltName,
  encodeSubjectKeyIdentifier,
} from '../../src/x509/extensions.ts';
import { parseAltNames } from '../../src/x509/general-names.ts';
import type { KeyUsage } from '../../src/x509/key-usage.ts';
import { nameOf } from '../../src/x509/name.ts';
import { keyIdentifier } from '../../src/x509/public-key.ts';
import { crypto, type Holder, newHolder, newYear, tenYearsLater } from '../x509/samples.ts';

/** Somebody with a name and a key. */
export interface Party {
  readonly name: string;
  readonly holder: Holder;
}

/** What a certificate says beside names and key. */
export interface Terms {
  readonly ca?: boolean;
  readonly pathLength?: number;
  readonly usages?: readonly KeyUsage[];
  /** As `parseAltNames` reads them. */
  readonly alternativeNames?: string;
  readonly notAfter?: number;
  readonly serialNumber?: number;
  readonly extensions?: readonly Extension[];
}

/** Within the validity of all that is made here. */
export const at = newYear + 86_400;

export function party(name: string): Party {
  return { name, holder: newHolder('ed25519') };
}

/** A certificate of `issuer` for `subject`; a CA's unless the terms say otherwise. */
export async function certify(issuer: Party, subject: Party, terms: Terms = {}): Promise<Certificate> {
  const { ca = true, pathLength, usages = ca ? ['key-cert-sign', 'crl-sign'] : [], alternativeNames, extensions = [] } = terms;
  const usage = encodeKeyUsage(usages);
  const { publicKey } = subject.holder.key;
  return signCertificate(
    {
      serialNumber: Uint8Array.of(1 + (terms.serialNumber ?? 0)),
      issuer: nameOf({ commonName: issuer.name }),
      subject: nameOf({ commonName: subject.name }),
      notBefore: newYear,
      notAfter: terms.notAfter ?? tenYearsLater,
      publicKey,
      extensions: [
        ...(ca ? [encodeBasicConstraints(pathLength === undefined ? { ca } : { ca, pathLength })] : []),
        ...(usage === undefined ? [] : [usage]),
        ...(alternativeNames === undefined ? [] : [encodeSubjectAltName(parseAltNames(alternativeNames))]),
        encodeSubjectKeyIdentifier(keyIdentifier(publicKey, crypto)),
        ...extensions,
      ],
    },
    issuer.holder.signer,
  );
}

export function certifyServer(issuer: Party, terms: Terms = {}): Promise<Certificate> {
  return certify(issuer, party('server'), { ca: false, alternativeNames: 'DNS:server.a.example', ...terms });
}

/** A CRL of `issuer`, good for a week. */
export function revoke(
  issuer: Party,
  revoked: readonly RevokedCertificate[],
  extensions: readonly Extension[] = [],
): Promise<CertificateList> {
  return signCrl(
    {
      issuer: nameOf({ commonName: issuer.name }),
      thisUpdate: newYear,
      nextUpdate: newYear + 7 * 86_400,
      revoked,
      extensions: [encodeCrlNumber(1), ...extensions],
    },
    issuer.holder.signer,
  );
}

/** A request for nothing but a path. */
export function requestFor(
  certificate: Certificate,
  anchors: readonly Certificate[],
  intermediates: readonly Certificate[] = [],
): ValidationRequest {
  return { certificate, anchors, intermediates, at };
}

/** The host's cryptography, which counts the signatures that it verifies. */
export function counting(): { readonly crypto: Pick<Crypto, 'verify'>; readonly count: () => number } {
  let count = 0;
  return {
    crypto: {
      verify: (...signed) => {
        count++;
        return crypto.verify(...signed);
      },
    },
    count: () => count,
  };
}

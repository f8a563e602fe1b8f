import type { StoredCertificate } from '../store/stored-certificate.ts';
import { type Certificate, decodeCertificate } from '../x509/certificate.ts';
import { CertificateError } from './errors.ts';
import type { Context } from './ports.ts';

/** The certificate of an item, which must not be a template. */
export function certificateOf({ store }: Pick<Context, 'store'>, item: StoredCertificate): Certificate {
  const der = store.certificates.der(item.id);
  if (der === undefined) throw new CertificateError('not-signed', `${item.name} is a template, not a certificate: sign it first`);
  return decodeCertificate(der);
}

import { decodeCertificate } from '../../../src/x509/certificate.ts';
import { formatName, subjectFields } from '../../../src/x509/name.ts';
import { describePublicKey } from '../../../src/x509/public-key.ts';
import { checkExtensions, checkName } from '../document.ts';
import { decoded } from '../refusal.ts';

export function fuzz(data: Uint8Array): void {
  const certificate = decoded(() => decodeCertificate(data));
  if (certificate === undefined) return;
  checkName(certificate.issuer, certificate.issuerDer);
  checkName(certificate.subject, certificate.subjectDer);
  formatName(certificate.subject);
  subjectFields(certificate.subject);
  decoded(() => describePublicKey(certificate.publicKey));
  checkExtensions(certificate.extensions);
}

import { equalBytes } from '../bytes/bytes.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import { type Certificate, decodeCertificate } from '../x509/certificate.ts';
import { hasIssued, issuerOf } from './chain.ts';
import { maySign } from './contents.ts';
import type { Context } from './ports.ts';

/**
 * Does a certificate that has the key of an item take the item's place? It does if it has the same subject and issuer, begins no earlier,
 * and the same CA signed it: whoever knows a certificate can write another that only claims so. Where the router does not have the CA,
 * nobody can tell: then it does, as RouterOS has it, but never in the place of a CA. One signed by another CA stands beside the item, and
 * what was made here is replaced by nothing.
 */
export async function isRenewalOf(context: Context, item: StoredCertificate, certificate: Certificate): Promise<boolean> {
  const der = item.contents?.madeHere === false ? context.store.certificates.der(item.id) : undefined;
  if (der === undefined) return false;
  const stored = decodeCertificate(der);
  const alike = equalBytes(stored.subjectDer, certificate.subjectDer) && equalBytes(stored.issuerDer, certificate.issuerDer);
  if (!alike || certificate.notBefore < stored.notBefore) return false;
  const selfSigned = equalBytes(stored.subjectDer, stored.issuerDer);
  const ca = selfSigned ? stored : (await issuerOf(context, { item, certificate: stored }))?.certificate;
  return ca === undefined ? !maySign(stored) : hasIssued(context, ca, certificate);
}

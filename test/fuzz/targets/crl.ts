import { decodeCrl } from '../../../src/x509/crl.ts';
import { checkExtensions, checkName } from '../document.ts';
import { decoded } from '../refusal.ts';

export function fuzz(data: Uint8Array): void {
  const crl = decoded(() => decodeCrl(data));
  if (crl === undefined) return;
  checkName(crl.issuer, crl.issuerDer);
  checkExtensions(crl.extensions);
  for (const { extensions } of crl.revoked) checkExtensions(extensions);
}

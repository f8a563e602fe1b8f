import type { ImportCounters, ImportOptions } from '../../src/certificates/import.ts';
import type { CertificateItem } from '../../src/certificates/item.ts';
import { silentJob } from '../../src/job/job.ts';
import { signCertificate } from '../../src/x509/certificate.ts';
import { signerFor } from '../../src/x509/signer.ts';
import { pemOf, Router } from './router.ts';

/** What an import of one file answers. */
export const counters = (certificates: number, keys: number, rest: Partial<ImportCounters> = {}): ImportCounters => ({
  certificatesImported: certificates,
  privateKeysImported: keys,
  filesImported: 1,
  decryptionFailures: 0,
  keysWithNoCertificate: 0,
  ...rest,
});

/** Of what `exported` writes. */
export const passphrase = 'correct horse';

/** Another router with a chain: root → server, their keys and certificates at hand as files. */
export async function elsewhere(): Promise<Router> {
  const router = await Router.start();
  await router.newCa('root');
  await router.issue('server', 'root');
  return router;
}

/** `/certificate import` on a router. */
export function importFile(router: Router, options: ImportOptions): Promise<ImportCounters> {
  return router.certificates.importFile(options, silentJob);
}

/** The private key of a certificate of the router's as PEM. */
export const keyPem = (router: Router, name: string): string => pemOf('PRIVATE KEY', router.privateKey(name));

/** Has one router export a certificate with its chain, and hands the files to another. */
export async function exported(from: Router, name: string, type: 'pem' | 'pkcs12', to: Router): Promise<void> {
  const files = await from.certificates.exportCertificates(
    [from.item(name).id],
    { type, fileName: 'x', exportPassphrase: passphrase },
    silentJob,
  );
  for (const file of files) to.writeFile(file, from.readFile(file));
}

/** The root of `elsewhere` with its key, as `ca`. */
export async function importedRoot(router: Router, other: Router): Promise<CertificateItem> {
  router.writeFile('ca.pem', other.pem('root') + keyPem(other, 'root'));
  await importFile(router, { fileName: 'ca.pem', name: 'ca' });
  return router.item('ca');
}

/** Imports a certificate that says what one of the other router's says, with another serial number, signed by `signingKey`. */
export async function importForgery(router: Router, other: Router, signingKey: Uint8Array, of = 'root'): Promise<void> {
  const signer = signerFor(signingKey, 'sha256', router.crypto);
  const { der } = await signCertificate({ ...other.certificate(of), serialNumber: Uint8Array.of(7) }, signer);
  router.writeFile('forged.crt', der);
  await importFile(router, { fileName: 'forged.crt' });
}

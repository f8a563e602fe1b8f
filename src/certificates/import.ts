import type { Job } from '../job/job.ts';
import { publicKeyOf } from '../keys/private-key.ts';
import { FileError } from '../platform/files.ts';
import type { StoredContents } from '../store/stored-certificate.ts';
import type { Certificate } from '../x509/certificate.ts';
import { aboutFile, type Bundle, readBundle, wipe } from './bundle.ts';
import { contentsOf, publicKeyIdOf, shownProperties } from './contents.ts';
import { CertificateError } from './errors.ts';
import { tell } from './issue.ts';
import { checkItemName, freeName, itemNameFrom, numberedName } from './item-name.ts';
import type { Context } from './ports.ts';
import type { TrustStore } from './properties.ts';
import { isRenewalOf } from './renewal.ts';
import { sortTrustStores } from './template.ts';

/** What is imported, and how. */
export interface ImportOptions {
  readonly fileName: string;
  /** Name of the first certificate, the next are NAME_1, NAME_2 …; by default FILE_0, FILE_1 … */
  readonly name?: string | undefined;
  readonly passphrase?: string | undefined;
  /** Default: yes. */
  readonly trusted?: boolean | undefined;
  /** Default: all. */
  readonly trustStore?: readonly TrustStore[] | undefined;
  /** The private keys can never be exported. */
  readonly noKeyExport?: boolean | undefined;
}

/** What came of an import. */
export interface ImportCounters {
  readonly certificatesImported: number;
  readonly privateKeysImported: number;
  readonly filesImported: number;
  readonly decryptionFailures: number;
  readonly keysWithNoCertificate: number;
}

const largestFile = 2 << 20;

/** Each certificate is compared with all others of its key. */
const mostOfOneKey = 100;

/**
 * Imports every certificate and private key of a file, in one transaction. A key goes to the certificates of its public key, in the file
 * or in the store; without one it is not kept. The file is removed when nothing of it is left to import.
 */
export async function importFile(context: Context, options: ImportOptions, job: Job): Promise<ImportCounters> {
  const { fileName, passphrase = '' } = options;
  if (options.name !== undefined) checkItemName(options.name);
  const bytes = await context.files.read(fileName, largestFile);
  try {
    const bundle = await readBundle(bytes, { fileName, passphrase, crypto: context.crypto, cancel: job.cancel });
    const counters = await takeIn(context, options, bundle, job);
    const nothingLeft = counters.decryptionFailures + counters.keysWithNoCertificate === 0;
    if (nothingLeft) await removeSource(context, fileName);
    return counters;
  } finally {
    bytes.fill(0);
  }
}

async function takeIn(context: Context, options: ImportOptions, bundle: Bundle, job: Job): Promise<ImportCounters> {
  try {
    const { certificates, keys } = await aboutFile(options.fileName, async () => ({
      certificates: await prepareAll(context, bundle.certificates, job),
      keys: bundle.privateKeys.map((key) => ({ key, publicKeyId: publicKeyIdOf(publicKeyOf(key, context.crypto), context.crypto) })),
    }));
    const known: string[] = [];
    const counters = context.store.transact(() => {
      const arrived = new Set<number>();
      for (const each of certificates) {
        const { id, knownAs } = storeCertificate(context, options, each, arrived);
        arrived.add(id);
        if (knownAs !== undefined && options.name !== undefined) known.push(knownAs);
      }
      const taken = keys.filter(({ key, publicKeyId }) => storeKey(context, key, publicKeyId, options.noKeyExport ?? false)).length;
      return {
        certificatesImported: certificates.length,
        privateKeysImported: taken,
        filesImported: certificates.length + taken > 0 ? 1 : 0,
        decryptionFailures: bundle.decryptionFailures,
        keysWithNoCertificate: keys.length - taken,
      };
    });
    tell(
      context,
      known.map((name) => `${name} was here already: it is updated and keeps its name`),
      job,
    );
    return counters;
  } finally {
    wipe(bundle.privateKeys);
  }
}

interface Prepared {
  readonly certificate: Certificate;
  readonly contents: StoredContents;
  /** Fingerprint of the imported certificate whose place it takes. */
  readonly renewed: string | undefined;
}

async function prepareAll(context: Context, certificates: readonly Certificate[], { cancel }: Job): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  for (const certificate of certificates) {
    cancel.check();
    prepared.push(await prepare(context, certificate));
  }
  return prepared;
}

/** All that can go wrong with a certificate goes wrong here, before anything is stored. */
async function prepare(context: Context, certificate: Certificate): Promise<Prepared> {
  const unknown = { privateKeyId: undefined, caId: undefined, caCrlHost: undefined, madeHere: false, revokedAt: undefined };
  shownProperties(certificate, { trusted: undefined, trustStore: undefined });
  const contents = contentsOf(certificate, unknown, context.crypto);
  return { certificate, contents, renewed: await renewedBy(context, certificate, contents) };
}

async function renewedBy(context: Context, certificate: Certificate, contents: StoredContents): Promise<string | undefined> {
  const ofSameKey = context.store.certificates.byPublicKey(contents.publicKeyId);
  if (ofSameKey.some((item) => item.contents?.fingerprint === contents.fingerprint)) return undefined;
  for (const item of ofSameKey) if (await isRenewalOf(context, item, certificate)) return item.contents?.fingerprint;
  return undefined;
}

/** The item that the certificate is now, and its name if it was there before; nothing replaces what `arrived` with the same file. */
function storeCertificate(
  context: Context,
  options: ImportOptions,
  { certificate, contents, renewed }: Prepared,
  arrived: ReadonlySet<number>,
): { readonly id: number; readonly knownAs: string | undefined } {
  const { certificates, revocations } = context.store;
  const ofSameKey = certificates.byPublicKey(contents.publicKeyId);
  const same = ofSameKey.find((item) => item.contents?.fingerprint === contents.fingerprint);
  const existing = same ?? ofSameKey.find((item) => !arrived.has(item.id) && item.contents?.fingerprint === renewed);
  const trust = {
    trusted: options.trusted ?? existing?.properties.trusted ?? true,
    trustStore: options.trustStore === undefined ? (existing?.properties.trustStore ?? ['all']) : sortTrustStores(options.trustStore),
  };
  const properties = shownProperties(certificate, trust);
  const privateKeyId = ofSameKey.map((item) => item.contents?.privateKeyId).find((id) => id !== undefined);
  // What was revoked here and removed comes back revoked.
  const whole = { ...contents, privateKeyId, revokedAt: revocations.timeOf(certificate.serialNumber) };
  if (existing === undefined) {
    if (ofSameKey.length >= mostOfOneKey) {
      throw new CertificateError('bad-file', `${options.fileName}: expected at most ${mostOfOneKey} certificates of one key on the router`);
    }
    return { id: certificates.add(nameFor(context, options), properties, whole), knownAs: undefined };
  }
  certificates.replaceProperties(existing.id, existing.name, properties);
  if (same === undefined) certificates.replaceContents(existing.id, whole);
  return { id: existing.id, knownAs: arrived.has(existing.id) ? undefined : existing.name };
}

/** False if no certificate has this public key: then the key is not kept. */
function storeKey({ store }: Context, key: Uint8Array, publicKeyId: string, noExport: boolean): boolean {
  const items = store.certificates.byPublicKey(publicKeyId);
  if (items.length === 0) return false;
  const known = items.map((item) => item.contents?.privateKeyId).find((id) => id !== undefined);
  if (known === undefined) store.certificates.giveKey(publicKeyId, store.privateKeys.add(key, !noExport));
  else if (noExport) store.privateKeys.forbidExport(known);
  return true;
}

/** NAME, NAME_1, NAME_2 … or FILE_0, FILE_1 …, without those that are taken. */
function nameFor({ store }: Context, { name, fileName }: ImportOptions): string {
  const taken = (candidate: string): boolean => store.certificates.byName(candidate) !== undefined;
  if (name !== undefined) return freeName(name, taken);
  return numberedName(itemNameFrom(fileName.replace(/^.*\//, '')) ?? 'certificate', 0, taken);
}

async function removeSource({ files, log }: Context, fileName: string): Promise<void> {
  try {
    await files.remove(fileName);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    log('warning', ['certificate'], `${fileName} was imported, but it could not be removed: ${error.message}`);
  }
}

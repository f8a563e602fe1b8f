import { concat } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import type { Job } from '../job/job.ts';
import { encryptPrivateKey } from '../keys/encrypted.ts';
import { encodePkcs12 } from '../keys/pkcs12.ts';
import { encodePem } from '../pem/pem.ts';
import type { StoredCertificate } from '../store/stored-certificate.ts';
import { chainAbove, type Link } from './chain.ts';
import { certificateOf } from './decoded.ts';
import { CertificateError } from './errors.ts';
import { itemWithId } from './lookup.ts';
import type { Context } from './ports.ts';
import type { ExportType } from './properties.ts';

/** How certificates are exported. */
export interface ExportOptions {
  /** Default: pem. */
  readonly type?: ExportType | undefined;
  /** Name of the files without its ending; default: cert_export_NAME. */
  readonly fileName?: string | undefined;
  /** Encrypts the private key, which is exported with it only. */
  readonly exportPassphrase?: string | undefined;
}

const shortestPassphrase = 8;

interface OutputFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly secret: boolean;
}

/**
 * Writes certificates to files, the private keys with them if there is a passphrase to encrypt them with. Returns the names of the files.
 * No file is written before all are ready.
 */
export async function exportCertificates(context: Context, ids: readonly number[], options: ExportOptions, job: Job): Promise<string[]> {
  const { type = 'pem', fileName = '', exportPassphrase: passphrase = '' } = options;
  const length = [...passphrase].length;
  if (length > 0 && length < shortestPassphrase) {
    throw new CertificateError('bad-passphrase', `export-passphrase: expected at least ${shortestPassphrase} characters`);
  }
  if (fileName !== '' && ids.length > 1) {
    throw new CertificateError('bad-value', 'file-name: expected one certificate to export, as each needs a file of its own');
  }
  const outputs: OutputFile[] = [];
  for (const id of ids) {
    const item = itemWithId(context, id);
    const link = { item, certificate: certificateOf(context, item) };
    const base = fileName !== '' ? fileName : `cert_export_${item.name.replaceAll('/', '_')}`;
    outputs.push(
      ...(type === 'pkcs12'
        ? await pkcs12(context, link, base, passphrase, job)
        : await pem(context, link, base, { type, passphrase }, job)),
    );
  }
  const twice = outputs.find(({ name }, i) => outputs.findIndex((other) => other.name === name) < i);
  if (twice !== undefined)
    throw new CertificateError('bad-value', `${twice.name} would be written twice: give one certificate another name`);
  for (const { name, content, secret } of outputs) await context.files.replace(name, content, { secret });
  return outputs.map(({ name }) => name);
}

async function pem(
  context: Context,
  link: Link,
  base: string,
  { type, passphrase }: { readonly type: ExportType; readonly passphrase: string },
  job: Job,
): Promise<OutputFile[]> {
  const chain = type === 'pem-chain' ? await chainAbove(context, link) : [];
  const certificates = [link, ...chain].map(({ certificate }) => utf8(encodePem('CERTIFICATE', certificate.der)));
  const crt = { name: `${base}.crt`, content: concat(certificates), secret: false };
  const encrypted = await withPrivateKey(context, link.item, passphrase, async (privateKey) =>
    encryptPrivateKey(privateKey, passphrase, await context.encryptor(), job.cancel),
  );
  if (encrypted === undefined) return [crt];
  return [crt, { name: `${base}.key`, content: utf8(encodePem('ENCRYPTED PRIVATE KEY', encrypted)), secret: true }];
}

async function pkcs12(context: Context, link: Link, base: string, passphrase: string, job: Job): Promise<OutputFile[]> {
  const chain = (await chainAbove(context, link)).map(({ certificate }) => certificate.der);
  const contents = { certificate: link.certificate.der, chain, friendlyName: link.item.name };
  const encryptor = await context.encryptor();
  const withKey = await withPrivateKey(context, link.item, passphrase, (privateKey) =>
    encodePkcs12({ ...contents, privateKey }, passphrase, encryptor, job.cancel),
  );
  const content = withKey ?? (await encodePkcs12(contents, passphrase, encryptor, job.cancel));
  return [{ name: `${base}.p12`, content, secret: withKey !== undefined }];
}

/** What `use` makes of the private key of an item, which is wiped afterwards; undefined without a passphrase or a key. */
async function withPrivateKey<T>(
  { store }: Context,
  { name, contents }: StoredCertificate,
  passphrase: string,
  use: (privateKey: Uint8Array) => Promise<T>,
): Promise<T | undefined> {
  const id = contents?.privateKeyId;
  if (id === undefined || passphrase === '') return undefined;
  if (!store.privateKeys.isExportable(id)) {
    throw new CertificateError('not-exportable', `the private key of ${name} was imported with no-key-export: it can not be exported`);
  }
  const privateKey = store.privateKeys.open(id);
  if (privateKey === undefined) return undefined;
  try {
    return await use(privateKey);
  } finally {
    privateKey.fill(0);
  }
}

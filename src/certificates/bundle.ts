import { equalBytes } from '../bytes/bytes.ts';
import { fromUtf8Lossy } from '../bytes/utf8.ts';
import { DerError } from '../der/errors.ts';
import { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { CostLimit } from '../keys/cost.ts';
import { KeyError } from '../keys/errors.ts';
import { isPrivateKeyLabel, openPrivateKey, openPrivateKeyBlock } from '../keys/key-file.ts';
import { decodePkcs12 } from '../keys/pkcs12.ts';
import { publicKeyOf } from '../keys/private-key.ts';
import { PemError } from '../pem/errors.ts';
import { decodePem, type PemBlock } from '../pem/pem.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { Crypto } from '../platform/crypto.ts';
import { type Certificate, decodeCertificate } from '../x509/certificate.ts';
import { X509Error } from '../x509/errors.ts';
import { CertificateError } from './errors.ts';

/** What a file to import holds. */
export interface Bundle {
  readonly certificates: readonly Certificate[];
  /** PKCS#8, to be wiped by the caller. */
  readonly privateKeys: readonly Uint8Array[];
  /** Keys, or whole files, that the passphrase does not open. */
  readonly decryptionFailures: number;
}

/** How a file is read. */
export interface Reading {
  readonly fileName: string;
  readonly passphrase: string;
  readonly crypto: Crypto;
  readonly cancel: Cancel;
}

const mostCertificates = 1000;

/** Reads PEM (any number of certificates and keys), DER (one of them) or PKCS#12. Throws `CertificateError` `bad-file`, naming the file. */
export async function readBundle(bytes: Uint8Array, reading: Reading): Promise<Bundle> {
  const bundle = await aboutFile(reading.fileName, async () => (isDer(bytes) ? readDer(bytes, reading) : readPem(bytes, reading)));
  const { fileName } = reading;
  const found = bundle.certificates.length;
  if (found > mostCertificates) {
    wipe(bundle.privateKeys);
    throw new CertificateError('bad-file', `${fileName} holds ${found} certificates: at most ${mostCertificates} are imported at once`);
  }
  if (found + bundle.privateKeys.length + bundle.decryptionFailures === 0) {
    throw new CertificateError('bad-file', `${fileName} holds no certificate and no private key`);
  }
  return bundle;
}

/** The result of `work`; what it finds wrong is said of the file. */
export async function aboutFile<T>(fileName: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = error instanceof DerError || error instanceof PemError || error instanceof X509Error || error instanceof KeyError;
    throw known ? new CertificateError('bad-file', `${fileName}: ${error.message}`) : error;
  }
}

/** A SEQUENCE, and not a text that begins with the digit 0. */
function isDer(bytes: Uint8Array): boolean {
  const length = bytes[1] ?? 0;
  return bytes[0] === tags.sequence && (length >= 0x80 || length === bytes.length - 2);
}

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

async function readPem(bytes: Uint8Array, { passphrase, crypto, cancel }: Reading): Promise<Bundle> {
  const blocks = decodePem(fromUtf8Lossy(bytes));
  const keys = blocks.filter(({ label }) => isPrivateKeyLabel(label));
  const cost = new CostLimit();
  try {
    const certificates = blocks.filter(({ label }) => certificateLabels.has(label)).map((block) => certificateIn(block));
    return { certificates, ...(await openKeys(keys.map((key) => () => openPrivateKeyBlock(key, passphrase, crypto, cancel, cost)))) };
  } finally {
    wipe(keys.map(({ der }) => der));
  }
}

/** OpenSSL's TRUSTED CERTIFICATE has its own settings after the certificate. */
function certificateIn({ label, der }: PemBlock): Certificate {
  return decodeCertificate(label === 'TRUSTED CERTIFICATE' ? DerReader.of(der).any() : der);
}

async function readDer(bytes: Uint8Array, reading: Reading): Promise<Bundle> {
  const kind = kindOf(bytes);
  if (kind === 'certificate') return { certificates: [decodeCertificate(bytes)], privateKeys: [], decryptionFailures: 0 };
  if (kind === 'PKCS#12') return readPkcs12(bytes, reading);
  const { passphrase, crypto, cancel } = reading;
  return { certificates: [], ...(await openKeys([() => openPrivateKey(bytes, passphrase, crypto, cancel)])) };
}

/** PFX begins with the version 3, a key with the version 0 or 1, an EncryptedPrivateKeyInfo with an algorithm, whose OID is first. */
function kindOf(bytes: Uint8Array): 'certificate' | 'PKCS#12' | 'key' {
  const start = contentOf(bytes);
  if (start[0] === tags.integer) return start[1] === 1 && start[2] === 3 ? 'PKCS#12' : 'key';
  return start[0] === tags.sequence && contentOf(start)[0] === tags.oid ? 'key' : 'certificate';
}

/** What follows the identifier and the length, which PKCS#12 files may have in the indefinite form. */
function contentOf(value: Uint8Array): Uint8Array {
  const length = value[1] ?? 0;
  return value.subarray(length > 0x80 ? 2 + (length & 0x7f) : 2);
}

async function readPkcs12(bytes: Uint8Array, { passphrase, crypto, cancel }: Reading): Promise<Bundle> {
  const opened = await unlessLocked(() => decodePkcs12(bytes, passphrase, crypto, cancel));
  if (opened === undefined) return { certificates: [], privateKeys: [], decryptionFailures: 1 };
  const privateKeys = opened.privateKeys.map(({ pkcs8 }) => pkcs8);
  try {
    const certificates = opened.certificates.map(({ der }) => decodeCertificate(der));
    return { certificates: ownFirst(certificates, privateKeys, crypto), privateKeys, decryptionFailures: 0 };
  } catch (error) {
    wipe(privateKeys);
    throw error;
  }
}

/** Whose key is in the file before their CAs, so that the name given to an import is theirs whatever the order of bags. */
function ownFirst(certificates: readonly Certificate[], privateKeys: readonly Uint8Array[], crypto: Crypto): Certificate[] {
  const publicKeys = privateKeys.map((key) => publicKeyOf(key, crypto));
  const isOwn = ({ publicKey }: Certificate): boolean => publicKeys.some((own) => equalBytes(own, publicKey));
  return [...certificates.filter((each) => isOwn(each)), ...certificates.filter((each) => !isOwn(each))];
}

/** Opens keys; those that the passphrase does not open are counted. */
async function openKeys(keys: readonly (() => Promise<Uint8Array>)[]): Promise<Pick<Bundle, 'privateKeys' | 'decryptionFailures'>> {
  const privateKeys: Uint8Array[] = [];
  try {
    for (const open of keys) {
      const key = await unlessLocked(open);
      if (key !== undefined) privateKeys.push(key);
    }
  } catch (error) {
    wipe(privateKeys);
    throw error;
  }
  return { privateKeys, decryptionFailures: keys.length - privateKeys.length };
}

/** What `open` opens; undefined if it is not the right passphrase. */
async function unlessLocked<T>(open: () => Promise<T>): Promise<T | undefined> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof KeyError && (error.code === 'wrong-passphrase' || error.code === 'passphrase-needed')) return undefined;
    throw error;
  }
}

export function wipe(secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}

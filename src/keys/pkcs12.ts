import { berToDer } from '../der/ber.ts';
import { oids } from '../der/oids.ts';
import { oid, sequence } from '../der/writer.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { Crypto } from '../platform/crypto.ts';
import { CostLimit } from './cost.ts';
import { decryptPrivateKey, encryptPrivateKey } from './encrypted.ts';
import { decode, KeyError, orDamaged } from './errors.ts';
import { decryptSequence } from './password-encryption.ts';
import { type Encryptor, encryptPbes2 } from './pbes2.ts';
import {
  type Bag,
  type BagAttributes,
  encodeAttribute,
  encodeCertBag,
  encodeShroudedKeyBag,
  readCertBag,
  readSafeContents,
} from './pkcs12-bag.ts';
import { encodeEncryptedPart, encodePfx, encodePlainPart, type Part, readAuthenticatedSafe, readPfx } from './pkcs12-content.ts';
import { encodeMac, verifyMac } from './pkcs12-mac.ts';
import { toPkcs8 } from './private-key.ts';
import type { Workbench } from './scheme.ts';
import { withSecretAsync } from './secret.ts';

/** Bytes of the largest PKCS#12 file that is looked at; a trust store of all public CAs has 300 KB. */
export const largestPkcs12 = 1 << 20;

export interface Pkcs12Certificate extends BagAttributes {
  readonly der: Uint8Array;
}

export interface Pkcs12PrivateKey extends BagAttributes {
  /** As `toPkcs8` gives it. */
  readonly pkcs8: Uint8Array;
}

/** What a PKCS#12 file holds, in the order found. The caller wipes the keys. */
export interface Pkcs12 {
  readonly certificates: readonly Pkcs12Certificate[];
  readonly privateKeys: readonly Pkcs12PrivateKey[];
  /** What was passed over because it can't be used here, in words: "a DSA key", "a CRL". */
  readonly skipped: readonly string[];
}

/**
 * Reads a PKCS#12 file (RFC 7292), in DER or BER. An empty passphrase is tried in both its forms. Rejects with `KeyError`:
 * `wrong-passphrase` (known by the MAC, or by the decryption where there is none), `damaged`, `unsupported`, `too-costly`; or `Cancelled`.
 */
export async function decodePkcs12(bytes: Uint8Array, passphrase: string, crypto: Crypto, cancel: Cancel): Promise<Pkcs12> {
  const bench = { crypto, cancel, cost: new CostLimit() };
  return withSecretAsync(toDer(bytes), async (der) => {
    const { authenticatedSafe, mac } = decode('PKCS#12 file', der, largestPkcs12, readPfx);
    return withSecretAsync(toDer(authenticatedSafe), async (safe) => {
      const parts = decode('PKCS#12 AuthenticatedSafe', safe, largestPkcs12, readAuthenticatedSafe);
      const passes = mac === undefined || (await verifyMac(mac, authenticatedSafe, passphrase, bench));
      if (!passes) throw await whyMacFails(parts, passphrase, bench);
      return readParts(parts, passphrase, bench);
    });
  });
}

function toDer(ber: Uint8Array): Uint8Array {
  return orDamaged(() => berToDer(ber, largestPkcs12));
}

/** What was found so far. */
interface Finds extends Pkcs12 {
  readonly certificates: Pkcs12Certificate[];
  readonly privateKeys: Pkcs12PrivateKey[];
  readonly skipped: string[];
  /** How many things the passphrase opened. */
  opened: number;
}

async function readParts(parts: readonly Part[], passphrase: string, bench: Workbench): Promise<Pkcs12> {
  const finds: Finds = { certificates: [], privateKeys: [], skipped: [], opened: 0 };
  try {
    for (const part of parts) await readPart(part, passphrase, bench, finds);
    const { certificates, privateKeys, skipped } = finds;
    return { certificates, privateKeys, skipped };
  } catch (error) {
    wipeKeys(finds);
    throw error;
  }
}

/** A MAC that does not fit is a wrong passphrase, unless the passphrase opens any part of the file or it is seen to be damaged. */
async function whyMacFails(parts: readonly Part[], passphrase: string, bench: Workbench): Promise<KeyError> {
  const finds: Finds = { certificates: [], privateKeys: [], skipped: [], opened: 0 };
  let damaged = false;
  for (const part of parts) {
    try {
      await readPart(part, passphrase, bench, finds);
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      damaged ||= error.code === 'damaged';
    } finally {
      wipeKeys(finds);
    }
  }
  return damaged || finds.opened > 0
    ? new KeyError('damaged', 'PKCS#12 file: it was altered, its MAC does not fit')
    : new KeyError('wrong-passphrase', 'the passphrase is not that of the PKCS#12 file');
}

function wipeKeys({ privateKeys }: Pkcs12): void {
  for (const { pkcs8 } of privateKeys) pkcs8.fill(0);
}

async function readPart(part: Part, passphrase: string, bench: Workbench, finds: Finds): Promise<void> {
  if (part.type === 'plain') return readContents(part.contents, passphrase, bench, finds);
  return withSecretAsync(await decryptSequence(part.scheme, part.ciphertext, passphrase, bench), (contents) => {
    finds.opened++;
    return readContents(contents, passphrase, bench, finds);
  });
}

async function readContents(safeContents: Uint8Array, passphrase: string, bench: Workbench, finds: Finds): Promise<void> {
  await withSecretAsync(toDer(safeContents), async (der) => {
    for (const bag of decode('PKCS#12 SafeContents', der, largestPkcs12, readSafeContents)) {
      await readBag(bag, passphrase, bench, finds);
    }
  });
}

async function readBag(bag: Bag, passphrase: string, bench: Workbench, finds: Finds): Promise<void> {
  switch (bag.type) {
    case oids.certBag: {
      const der = decode('PKCS#12 CertBag', bag.value, largestPkcs12, readCertBag);
      if (der === undefined) finds.skipped.push('a certificate that is not X.509');
      else finds.certificates.push({ der: der.slice(), ...attributesOf(bag) });
      return;
    }
    case oids.keyBag:
      await readKey(bag, finds, async () => toPkcs8(bag.value));
      return;
    case oids.pkcs8ShroudedKeyBag:
      await readKey(bag, finds, async () => {
        const pkcs8 = await decryptPrivateKey(bag.value, passphrase, bench.crypto, bench.cancel, bench.cost);
        finds.opened++;
        return pkcs8;
      });
      return;
    default:
      finds.skipped.push(otherBags.get(bag.type) ?? `a bag of type ${bag.type}`);
  }
}

const otherBags: ReadonlyMap<string, string> = new Map([
  [oids.crlBag, 'a CRL'],
  [oids.secretBag, 'a secret that is no private key'],
]);

async function readKey(bag: Bag, finds: Finds, open: () => Promise<Uint8Array>): Promise<void> {
  try {
    finds.privateKeys.push({ pkcs8: await open(), ...attributesOf(bag) });
  } catch (error) {
    if (!(error instanceof KeyError && error.code === 'unsupported')) throw error;
    finds.skipped.push(error.message);
  }
}

function attributesOf({ friendlyName, localKeyId }: Bag): BagAttributes {
  return { ...(friendlyName !== undefined && { friendlyName }), ...(localKeyId !== undefined && { localKeyId: localKeyId.slice() }) };
}

/** What is written to a PKCS#12 file. */
export interface Pkcs12Contents {
  /** PKCS#8; needs a passphrase. */
  readonly privateKey?: Uint8Array;
  readonly certificate: Uint8Array;
  /** The certificates above it, in any order. */
  readonly chain: readonly Uint8Array[];
  /** Of the certificate and its key: what Windows, Java and NSS call them. */
  readonly friendlyName: string;
}

/**
 * A PKCS#12 file: certificates and key each encrypted with AES-256 under PBKDF2-HMAC-SHA-256, the whole under HMAC-SHA-256. With an empty
 * passphrase the certificates are in the clear and the MAC is that of no passphrase; a key is then refused with
 * `passphrase-needed`. Rejects with `KeyError` or `Cancelled`.
 */
export async function encodePkcs12(
  contents: Pkcs12Contents,
  passphrase: string,
  encryptor: Encryptor,
  cancel: Cancel,
): Promise<Uint8Array> {
  const { privateKey, certificate, friendlyName } = contents;
  if (privateKey !== undefined && passphrase === '') {
    throw new KeyError('passphrase-needed', 'a private key is written to a PKCS#12 file only with a passphrase');
  }
  const certificates = encodeCertBags(contents, encryptor.crypto);
  const parts = [passphrase === '' ? encodePlainPart(certificates) : await encryptPart(certificates, passphrase, encryptor, cancel)];
  if (privateKey !== undefined) {
    const encrypted = await encryptPrivateKey(privateKey, passphrase, encryptor, cancel);
    const attributes = { friendlyName, localKeyId: localKeyIdOf(certificate, encryptor.crypto) };
    parts.push(encodePlainPart(sequence(encodeShroudedKeyBag(encrypted, attributes))));
  }
  const authenticatedSafe = sequence(...parts);
  return encodePfx(authenticatedSafe, await encodeMac(authenticatedSafe, passphrase, encryptor, cancel));
}

async function encryptPart(safeContents: Uint8Array, passphrase: string, encryptor: Encryptor, cancel: Cancel): Promise<Uint8Array> {
  const { algorithm, ciphertext } = await encryptPbes2(safeContents, passphrase, encryptor, cancel);
  return encodeEncryptedPart(algorithm, ciphertext);
}

function encodeCertBags({ privateKey, certificate, chain, friendlyName }: Pkcs12Contents, crypto: Crypto): Uint8Array {
  if (privateKey !== undefined) {
    const first = encodeCertBag(certificate, { friendlyName, localKeyId: localKeyIdOf(certificate, crypto) });
    return sequence(first, ...chain.map((above) => encodeCertBag(above, {})));
  }
  // Java does not see a certificate without a key unless it is told for what the certificate is trusted.
  const trusted = encodeAttribute(oids.trustedKeyUsage, oid(oids.anyExtendedKeyUsage));
  return sequence(encodeCertBag(certificate, { friendlyName }, trusted), ...chain.map((above) => encodeCertBag(above, {}, trusted)));
}

/** What ties a certificate to its key: by custom the SHA-1 of the certificate, but any bytes do. */
function localKeyIdOf(certificate: Uint8Array, crypto: Crypto): Uint8Array {
  return crypto.hash('sha1', certificate);
}

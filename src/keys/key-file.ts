import { tags } from '../der/tags.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { Crypto } from '../platform/crypto.ts';
import { CostLimit } from './cost.ts';
import { decryptPrivateKey } from './encrypted.ts';
import { decode, KeyError } from './errors.ts';
import { largestPrivateKey, toPkcs8 } from './private-key.ts';
import { withSecret } from './secret.ts';
import { decryptTraditional } from './traditional.ts';

/** A PEM block, as `decodePem` gives it. */
export interface KeyBlock {
  readonly label: string;
  readonly der: Uint8Array;
  readonly headers?: ReadonlyMap<string, string>;
}

/** Whether a PEM block claims to be a private key, of a kind read here or not. */
export function isPrivateKeyLabel(label: string): boolean {
  return /^([A-Z0-9]+ )*PRIVATE KEY$/.test(label);
}

/**
 * The private key of a PEM block, as PKCS#8 that `toPkcs8` would give; the caller wipes it. An empty passphrase is none. The keys of one
 * file share their `cost`. Rejects with `KeyError` or `Cancelled`.
 */
export async function openPrivateKeyBlock(
  block: KeyBlock,
  passphrase: string,
  crypto: Crypto,
  cancel: Cancel,
  cost = new CostLimit(),
): Promise<Uint8Array> {
  const { label, der, headers } = block;
  if (label === 'OPENSSH PRIVATE KEY') throw new KeyError('unsupported', 'a private key in the format of OpenSSH');
  if (label === 'DSA PRIVATE KEY') throw new KeyError('unsupported', 'a DSA key');
  if (headers?.get('Proc-Type')?.endsWith('ENCRYPTED') !== true) return openPrivateKey(der, passphrase, crypto, cancel, cost);
  const dekInfo = headers.get('DEK-Info');
  if (dekInfo === undefined) throw new KeyError('damaged', `${label}: expected a header DEK-Info`);
  return orNeeded(passphrase, async () => openTraditional(der, dekInfo, passphrase, crypto));
}

/** The private key in DER: PKCS#8, encrypted or not, PKCS#1 or SEC 1; else as `openPrivateKeyBlock`. */
export async function openPrivateKey(
  der: Uint8Array,
  passphrase: string,
  crypto: Crypto,
  cancel: Cancel,
  cost = new CostLimit(),
): Promise<Uint8Array> {
  if (!isEncrypted(der)) return toPkcs8(der);
  return orNeeded(passphrase, () => decryptPrivateKey(der, passphrase, crypto, cancel, cost));
}

/** An EncryptedPrivateKeyInfo begins with an AlgorithmIdentifier, all other keys with a version. */
function isEncrypted(der: Uint8Array): boolean {
  return decode('private key', der, largestPrivateKey, (r) =>
    r.sequence((r) => {
      const tag = r.peekTag();
      while (!r.atEnd) r.any();
      return tag === tags.sequence;
    }),
  );
}

function openTraditional(ciphertext: Uint8Array, dekInfo: string, passphrase: string, crypto: Crypto): Uint8Array {
  return withSecret(decryptTraditional(ciphertext, dekInfo, passphrase, crypto), (der) => {
    try {
      return toPkcs8(der);
    } catch (error) {
      if (!(error instanceof KeyError) || error.code === 'unsupported') throw error;
      // One wrong passphrase in 256 leaves a padding that fits.
      throw new KeyError('wrong-passphrase', 'the passphrase does not decrypt the key');
    }
  });
}

async function orNeeded(passphrase: string, open: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await open();
  } catch (error) {
    if (passphrase !== '' || !(error instanceof KeyError) || error.code !== 'wrong-passphrase') throw error;
    throw new KeyError('passphrase-needed', 'the private key is encrypted: a passphrase is needed');
  }
}

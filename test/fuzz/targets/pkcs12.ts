import { decodePkcs12 } from '../../../src/keys/pkcs12.ts';
import { decodePrivateKey } from '../../../src/keys/private-key.ts';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import { isRefusal } from '../refusal.ts';
import { transparentCrypto } from '../transparent-crypto.ts';

/** Keys that come out of a file are PKCS#8 that can be read. */
export async function fuzz(data: Uint8Array): Promise<void> {
  try {
    const { privateKeys } = await decodePkcs12(data, 'secret', transparentCrypto, neverCancelled);
    for (const { pkcs8 } of privateKeys) decodePrivateKey(pkcs8);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

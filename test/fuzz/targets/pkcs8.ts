import { decryptPrivateKey } from '../../../src/keys/encrypted.ts';
import { decodePrivateKey, encodePrivateKey, toPkcs8 } from '../../../src/keys/private-key.ts';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import { decoded, expectSame, isRefusal } from '../refusal.ts';
import { transparentCrypto } from '../transparent-crypto.ts';

/** A key that was read is the same after it is written; what is read of another format becomes PKCS#8 that can be read. */
export async function fuzz(data: Uint8Array): Promise<void> {
  for (const key of [decoded(() => decodePrivateKey(data))]) {
    if (key === undefined) continue;
    const written = encodePrivateKey(key);
    expectSame('key written again', encodePrivateKey(decodePrivateKey(written)), written);
  }
  const pkcs8 = decoded(() => toPkcs8(data));
  if (pkcs8 !== undefined) decodePrivateKey(pkcs8);
  try {
    decodePrivateKey(await decryptPrivateKey(data, 'secret', transparentCrypto, neverCancelled));
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

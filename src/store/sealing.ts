import { concat } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import { type Crypto, CryptoError } from '../platform/crypto.ts';
import type { Random } from '../platform/random.ts';
import { StoreError } from './errors.ts';

/** Which row a secret belongs to. It is authenticated: a sealed secret moved to another row or table does not open. */
export interface SecretOwner {
  readonly table: string;
  readonly id: number;
}

/** A secret as it stands in the store. */
export interface SealedSecret {
  /** nonce (12 bytes), ciphertext, tag (16 bytes) */
  readonly sealed: Uint8Array;
  readonly deviceKeyId: Uint8Array;
}

/** Seals the secrets of rows under one key: AES-256-GCM with a random nonce. */
export interface Sealing {
  readonly keyId: Uint8Array;
  seal(owner: SecretOwner, secret: Uint8Array): SealedSecret;
  /** The secret, to be wiped by the caller. Throws `StoreError` (`device-key-wrong`, `sealed-damaged`). */
  open(owner: SecretOwner, secret: SealedSecret): Uint8Array;
}

const nonceLength = 12;

export function sealingWith(key: Uint8Array, keyId: Uint8Array, crypto: Crypto, random: Random): Sealing {
  return {
    keyId,
    seal(owner, secret) {
      const nonce = random.bytes(nonceLength);
      return { sealed: concat([nonce, crypto.seal(key, nonce, identity(owner), secret)]), deviceKeyId: keyId };
    },
    open(owner, { sealed, deviceKeyId }) {
      if (!crypto.equal(deviceKeyId, keyId))
        throw new StoreError('device-key-wrong', `row ${owner.id} of ${owner.table} was sealed with another device key`);
      try {
        return crypto.open(key, sealed.subarray(0, nonceLength), identity(owner), sealed.subarray(nonceLength));
      } catch (error) {
        if (!(error instanceof CryptoError)) throw error;
        throw new StoreError(
          'sealed-damaged',
          `the secret of row ${owner.id} of ${owner.table} was altered: restore the store from a backup`,
        );
      }
    },
  };
}

function identity({ table, id }: SecretOwner): Uint8Array {
  return utf8(`signet ${table} ${id}`);
}

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

/** Seals the secrets of rows. */
export interface Sealing {
  seal(owner: SecretOwner, secret: Uint8Array): SealedSecret;
  /** The secret, to be wiped by the caller. Throws `StoreError` (`device-key-wrong`, `sealed-damaged`). */
  open(owner: SecretOwner, secret: SealedSecret): Uint8Array;
}

const nonceLength = 12;

/** Names a key without telling it. */
export function sealingKeyId(key: Uint8Array, crypto: Crypto): Uint8Array {
  return crypto.hmac('sha256', key, utf8('signet device key id')).slice(0, 8);
}

/** AES-256-GCM under one key of 32 bytes, with a random nonce. */
export class KeySealing implements Sealing {
  readonly #key: Uint8Array;
  readonly #keyId: Uint8Array;
  readonly #crypto: Crypto;
  readonly #random: Random;

  constructor(key: Uint8Array, crypto: Crypto, random: Random) {
    this.#key = key;
    this.#keyId = sealingKeyId(key, crypto);
    this.#crypto = crypto;
    this.#random = random;
  }

  seal(owner: SecretOwner, secret: Uint8Array): SealedSecret {
    const nonce = this.#random.bytes(nonceLength);
    const sealed = concat([nonce, this.#crypto.seal(this.#key, nonce, identity(owner), secret)]);
    return { sealed, deviceKeyId: this.#keyId };
  }

  open(owner: SecretOwner, { sealed, deviceKeyId }: SealedSecret): Uint8Array {
    if (!this.#crypto.equal(deviceKeyId, this.#keyId))
      throw new StoreError('device-key-wrong', `row ${owner.id} of ${owner.table} was sealed with another device key`);
    try {
      return this.#crypto.open(this.#key, sealed.subarray(0, nonceLength), identity(owner), sealed.subarray(nonceLength));
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      throw new StoreError(
        'sealed-damaged',
        `the secret of row ${owner.id} of ${owner.table} was altered: restore the store from a backup`,
      );
    }
  }

  /** Wipes the key: nothing can be sealed or opened any more. */
  forget(): void {
    this.#key.fill(0);
  }
}

function identity({ table, id }: SecretOwner): Uint8Array {
  return utf8(`signet ${table} ${id}`);
}

import { fromUtf8 } from '../bytes/utf8.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Files } from '../platform/files.ts';
import type { StoredSshKey } from '../store/ssh-keys.ts';
import type { Store } from '../store/store.ts';
import { UserError } from './errors.ts';
import { checkInfo, fingerprintOf, longestKeyText, type PublicKeyLine, parsePublicKey } from './public-key-line.ts';

/** Most keys of a user: a server of SSH tries one after another. */
const mostKeys = 100;

/** A public key that a user logs in with by SSH. */
export interface SshKey extends Omit<StoredSshKey, 'userId'> {
  /** Name of the user. */
  readonly user: string;
}

export interface SshKeyPorts {
  readonly store: Store;
  readonly crypto: Crypto;
  readonly files: Files;
}

/** The domain of /user/ssh-keys. Users are given by their id. */
export class SshKeys {
  readonly #store: Store;
  readonly #crypto: Crypto;
  readonly #files: Files;

  constructor({ store, crypto, files }: SshKeyPorts) {
    this.#store = store;
    this.#crypto = crypto;
    this.#files = files;
  }

  /** Every key, in the order of their adding. */
  list(): SshKey[] {
    const users = new Map(this.#store.users.all().map(({ id, name }) => [id, name]));
    return this.#store.sshKeys.all().map(({ userId, ...key }) => ({ ...key, user: users.get(userId) ?? '' }));
  }

  withId(id: number): SshKey | undefined {
    const stored = this.#store.sshKeys.byId(id);
    if (stored === undefined) return undefined;
    const { userId, ...key } = stored;
    return { ...key, user: this.#store.users.byId(userId)?.name ?? '' };
  }

  /**
   * Adds the key of a text, as a file of ssh-keygen(1) has it; what stands behind the key there becomes its info. Returns the new key's id.
   * Throws `UserError`: `bad-key`, `no-such-item`, `exists`, `too-many`.
   */
  add(userId: number, text: string, comment = ''): number {
    const parsed = parsePublicKey(text);
    return this.#put(userId, parsed, parsed.info, comment);
  }

  /** Adds the key of a file of the router, which stays; `info` instead of what it has there. Throws as `add` does, and `FileError`. */
  async importFile(userId: number, fileName: string, info?: string): Promise<number> {
    const text = fromUtf8(await this.#files.read(fileName, longestKeyText));
    if (text === undefined) throw new UserError('bad-key', `bad key: ${fileName} is not text`);
    const parsed = parsePublicKey(text);
    if (info !== undefined) checkInfo(info);
    return this.#put(userId, parsed, info ?? parsed.info, '');
  }

  /** Throws `UserError` `no-such-item`. */
  remove(ids: readonly number[]): void {
    this.#store.transact(() => {
      for (const id of ids) {
        if (this.#store.sshKeys.byId(id) === undefined) throw new UserError('no-such-item', 'no such item');
        this.#store.sshKeys.remove(id);
      }
    });
  }

  #put(userId: number, parsed: PublicKeyLine, info: string, comment: string): number {
    const { key, type, bits } = parsed;
    const fingerprint = fingerprintOf(parsed, this.#crypto);
    return this.#store.transact(() => {
      if (this.#store.users.byId(userId) === undefined) throw new UserError('no-such-item', 'no such item');
      const others = this.#store.sshKeys.ofUser(userId);
      if (others.some((other) => other.key === key)) throw new UserError('exists', 'the user has this key already');
      if (others.length >= mostKeys) throw new UserError('too-many', `a user can have ${mostKeys} keys`);
      return this.#store.sshKeys.add({ userId, key, type, bits, fingerprint, info, comment });
    });
  }
}

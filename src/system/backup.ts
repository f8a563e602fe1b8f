import type { Clock } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import { FileError, type Files } from '../platform/files.ts';
import type { Random } from '../platform/random.ts';
import { StoreError } from '../store/errors.ts';
import { KeySealing } from '../store/sealing.ts';
import type { Store } from '../store/store.ts';
import { decodeSnapshot, encodeSnapshot } from './backup-encoding.ts';
import { openBackup, sealBackup } from './backup-file.ts';
import { localTimeOf } from './clock.ts';
import { SystemError } from './errors.ts';
import { identityOf } from './identity.ts';

export interface BackupPorts {
  readonly store: Store;
  /** The files of /file. */
  readonly files: Files;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly clock: Clock;
}

/** Longest backup that is read, in bytes. */
const limit = 256 * 1024 * 1024;

/** The domain of /system/backup: the whole store, revocations and users included, in one encrypted file. */
export class Backup {
  readonly #ports: BackupPorts;

  constructor(ports: BackupPorts) {
    this.#ports = ports;
  }

  /**
   * Writes `NAME.backup`, by default named after the router and the time, and returns the name. Throws `SystemError`
   * (`bad-value`: no password) or `FileError`.
   */
  async save({ name, password }: { readonly name?: string | undefined; readonly password: string }): Promise<string> {
    const { store, files, crypto, random } = this.#ports;
    if (password === '') throw new SystemError('bad-value', 'a backup holds private keys and needs a password');
    const content = (secretsKey: Uint8Array) => encodeSnapshot(store.snapshot(new KeySealing(secretsKey, crypto, random)));
    const file = await sealBackup(password, content, crypto, random);
    const fileName = withEnding(name ?? this.#defaultName());
    await files.replace(fileName, file, { secret: true });
    return fileName;
  }

  /**
   * Replaces everything in the store by what a backup holds, which is checked whole first. Throws `SystemError` (`not-a-backup`,
   * `too-new`, `damaged`, `wrong-password`), `FileError` or `StoreError`; the store is then as it was.
   */
  async load({ name, password }: { readonly name: string; readonly password: string }): Promise<void> {
    const { store, crypto, random } = this.#ports;
    const file = await this.#read(name);
    const use = (content: Uint8Array, secretsKey: Uint8Array) =>
      store.restore(decodeSnapshot(content), new KeySealing(secretsKey, crypto, random));
    try {
      await openBackup(password, file, use, crypto);
    } catch (error) {
      throw error instanceof StoreError ? backupError(error) : error;
    }
  }

  /** The file of that name, or with the ending that `save` gave it. */
  async #read(name: string): Promise<Uint8Array> {
    try {
      return await this.#ports.files.read(name, limit);
    } catch (error) {
      if (!(error instanceof FileError) || error.code !== 'no-such-file' || withEnding(name) === name) throw error;
      return this.#ports.files.read(withEnding(name), limit);
    }
  }

  /** "router-20261123-2014" */
  #defaultName(): string {
    const { date, time } = localTimeOf(this.#ports.clock);
    const identity = identityOf(this.#ports.store)
      .name()
      .replaceAll(/[^A-Za-z0-9_.-]/g, '_')
      .replace(/^\.+/, '_');
    return `${identity}-${date.replaceAll('-', '')}-${time.slice(0, 5).replace(':', '')}`;
  }
}

function withEnding(name: string): string {
  return name.endsWith('.backup') ? name : `${name}.backup`;
}

/** What the store says of a backup's content, as a fault of the backup; a full disk stays a fault of the store. */
function backupError(error: StoreError): Error {
  if (error.code === 'too-new') return new SystemError('too-new', `the backup was made by a newer program: ${error.message}`);
  if (error.code === 'damaged' || error.code === 'sealed-damaged' || error.code === 'device-key-wrong')
    return new SystemError('damaged', `the backup is damaged: ${error.message}`);
  return error;
}

import type { Crypto } from '../platform/crypto.ts';
import type { Database, Databases } from '../platform/database.ts';
import type { Random } from '../platform/random.ts';
import { CaNumberTable } from './ca-numbers.ts';
import { CertificateTable } from './certificates.ts';
import { type DeviceKeySource, deviceKeyLength, findDeviceKey } from './device-key.ts';
import { StoreError, storeError } from './errors.ts';
import { GroupTable } from './groups.ts';
import { IssuedCrlTable } from './issued-crls.ts';
import { migrate } from './migrate.ts';
import { PrivateKeyTable } from './private-keys.ts';
import { resealAll } from './reseal.ts';
import { RevocationTable } from './revocations.ts';
import { migrations, sealedColumns } from './schema.ts';
import { KeySealing, type SealedSecret, type Sealing, type SecretOwner } from './sealing.ts';
import { ServiceTable } from './services.ts';
import { SettingTable } from './settings.ts';
import { restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';
import { SshKeyTable } from './ssh-keys.ts';
import { translated } from './translated.ts';
import { UserTable } from './users.ts';

/** What a store needs of its host. */
export interface StoreHost {
  readonly databases: Databases;
  readonly deviceKeys: DeviceKeySource;
  readonly crypto: Crypto;
  readonly random: Random;
}

/**
 * The router's memory: one repository a table. A read may stand alone; every change is made inside `transact`. Failures are
 * `StoreError`s.
 */
export interface Store {
  /**
   * Runs `work`, which must not wait, in one transaction: all of it or nothing, durable when the call returns. What was read before
   * a wait is read again inside.
   */
  transact<T>(work: () => T): T;
  readonly settings: SettingTable;
  readonly users: UserTable;
  readonly groups: GroupTable;
  readonly sshKeys: SshKeyTable;
  readonly certificates: CertificateTable;
  readonly privateKeys: PrivateKeyTable;
  readonly caNumbers: CaNumberTable;
  readonly revocations: RevocationTable;
  readonly issuedCrls: IssuedCrlTable;
  readonly services: ServiceTable;
  /** Seals what is secret in a row, under the device key. */
  readonly sealing: Sealing;
  /** Puts a new device key in the place of the one in use. A cut at any moment leaves a store that opens. */
  rekey(): Promise<void>;
  /** Every row of every table, its secrets sealed by `sealing` instead of the device key. */
  snapshot(sealing: Sealing): Snapshot;
  /**
   * Replaces everything by a snapshot whose secrets `sealing` opens, in one transaction. Throws `StoreError` (`too-new`: of a newer
   * schema; `damaged`: it does not fit its schema), and nothing is changed.
   */
  restore(snapshot: Snapshot, sealing: Sealing): void;
  /** How often everything was replaced by a snapshot: what was known by its id before may be another thing since. */
  readonly generation: number;
  /** Calls `listener` after each change that was committed. What it returns takes the listener away. */
  onChange(listener: () => void): () => void;
  close(): void;
}

/**
 * Opens the store at `path`, or makes it. Throws `StoreError`: `busy` (another process has it), `too-new`, `not-a-store`, `damaged`,
 * `full`, `read-only`, `device-key-missing`, `device-key-wrong`, `device-key-damaged`; the file is then as it was.
 */
export async function openStore(path: string, host: StoreHost): Promise<Store> {
  try {
    const database = translated(host.databases.open(path));
    try {
      checkWhole(database);
      migrate(database, migrations);
      const key = await findDeviceKey(database, sealedColumns, host.deviceKeys, host.crypto, host.random);
      return storeOver(database, key, host);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error);
  }
}

/** Nothing is built on a damaged file: its structure is read through once. */
function checkWhole(database: Database): void {
  const found = database.prepare('PRAGMA quick_check(1)').get();
  if (found?.['quick_check'] !== 'ok') throw new StoreError('damaged', 'the store file is damaged: restore it from a backup');
}

function storeOver(database: Database, deviceKey: Uint8Array, { deviceKeys, crypto, random }: StoreHost): Store {
  let current = new KeySealing(deviceKey, crypto, random);
  let key = deviceKey;
  const sealing: Sealing = {
    seal: (owner: SecretOwner, secret: Uint8Array) => current.seal(owner, secret),
    open: (owner: SecretOwner, secret: SealedSecret) => current.open(owner, secret),
  };
  const listeners = new Set<() => void>();
  const tell = async (): Promise<void> => {
    // When the work of the caller is done, too.
    await Promise.resolve();
    for (const listener of listeners) listener();
  };
  const changed = (): void => {
    if (listeners.size > 0) void tell();
  };
  let generation = 0;
  const issuedCrls = new IssuedCrlTable(database);
  return {
    get generation() {
      return generation;
    },
    transact(work) {
      const result = database.transact(work);
      changed();
      return result;
    },
    settings: new SettingTable(database),
    users: new UserTable(database),
    groups: new GroupTable(database),
    sshKeys: new SshKeyTable(database),
    certificates: new CertificateTable(database),
    privateKeys: new PrivateKeyTable(database, sealing),
    caNumbers: new CaNumberTable(database),
    revocations: new RevocationTable(database),
    issuedCrls,
    services: new ServiceTable(database),
    sealing,
    async rekey() {
      const nextKey = random.bytes(deviceKeyLength);
      const next = new KeySealing(nextKey, crypto, random);
      await deviceKeys.write([key, nextKey]);
      database.transact(() => resealAll(database, sealedColumns, current, next));
      current.forget();
      [current, key] = [next, nextKey];
      await deviceKeys.write([nextKey]);
    },
    snapshot: (to) => takeSnapshot(database, sealedColumns, sealing, to),
    restore(snapshot, from) {
      restoreSnapshot(database, migrations, sealedColumns, snapshot, from, sealing);
      database.transact(() => issuedCrls.makeAllDue());
      generation++;
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      current.forget();
      database.close();
    },
  };
}

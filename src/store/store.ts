import type { Crypto } from '../platform/crypto.ts';
import type { Database, Databases } from '../platform/database.ts';
import type { Random } from '../platform/random.ts';
import { CaNumberTable } from './ca-numbers.ts';
import { CertificateTable } from './certificates.ts';
import { type DeviceKeySource, deviceKeyId, findDeviceKey } from './device-key.ts';
import { storeError } from './errors.ts';
import { GroupTable } from './groups.ts';
import { migrate } from './migrate.ts';
import { PrivateKeyTable } from './private-keys.ts';
import { RevocationTable } from './revocations.ts';
import { migrations, sealedColumns } from './schema.ts';
import { type Sealing, sealingWith } from './sealing.ts';
import { SettingTable } from './settings.ts';
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
  readonly certificates: CertificateTable;
  readonly privateKeys: PrivateKeyTable;
  readonly caNumbers: CaNumberTable;
  readonly revocations: RevocationTable;
  /** Seals what is secret in a row, under the device key. */
  readonly sealing: Sealing;
  close(): void;
}

/**
 * Opens the store at `path`, or makes it. Throws `StoreError`: `busy` (another process has it), `too-new`, `not-a-store`, `damaged`,
 * `full`, `read-only`, `device-key-missing`, `device-key-wrong`, `device-key-damaged`; the file is then as it was.
 */
export async function openStore(path: string, host: StoreHost): Promise<Store> {
  try {
    const database = host.databases.open(path);
    try {
      migrate(database, migrations);
      const key = await findDeviceKey(database, sealedColumns, host.deviceKeys, host.crypto, host.random);
      return storeOver(database, sealingWith(key, deviceKeyId(key, host.crypto), host.crypto, host.random));
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error);
  }
}

function storeOver(database: Database, sealing: Sealing): Store {
  return {
    transact(work) {
      try {
        return database.transact(work);
      } catch (error) {
        throw storeError(error);
      }
    },
    settings: new SettingTable(database),
    users: new UserTable(database),
    groups: new GroupTable(database),
    certificates: new CertificateTable(database),
    privateKeys: new PrivateKeyTable(database, sealing),
    caNumbers: new CaNumberTable(database),
    revocations: new RevocationTable(database),
    sealing,
    close: () => database.close(),
  };
}

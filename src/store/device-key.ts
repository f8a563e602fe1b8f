import { concat, equalBytes } from '../bytes/bytes.ts';
import { hex } from '../bytes/hex.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Database } from '../platform/database.ts';
import { FileError, type Files } from '../platform/files.ts';
import type { Random } from '../platform/random.ts';
import { blob } from './columns.ts';
import { StoreError } from './errors.ts';
import type { SealedColumn } from './schema.ts';
import { sealingKeyId } from './sealing.ts';

/** Where device keys are kept: a file today; a fuse, a hardware id or a TPM later. */
export interface DeviceKeySource {
  /** Every key held: none, the one in use, or two while re-keying was interrupted. */
  read(): Promise<readonly Uint8Array[]>;
  /** Holds exactly these from now on, durably; a cut at any moment leaves the old keys or the new. */
  write(keys: readonly Uint8Array[]): Promise<void>;
}

export const deviceKeyLength = 32;

/**
 * Keys one after another in a file of mode 0600, in a folder that is not the folder of /file. `open` is called once, when the store's
 * lock is held, so that opening the folder may clear away what a crash left.
 */
export function deviceKeyFile(open: () => Promise<Files>, name: string): DeviceKeySource {
  let opened: Promise<Files> | undefined;
  const files = () => {
    opened ??= open();
    return opened;
  };
  return {
    async read() {
      const content = await readKeys(await files(), name);
      if (content.length % deviceKeyLength !== 0)
        throw new StoreError(
          'device-key-damaged',
          `${name} must hold ${deviceKeyLength} bytes: put the right file back, or restore a backup into a new store`,
        );
      return Array.from({ length: content.length / deviceKeyLength }, (_, i) =>
        content.slice(i * deviceKeyLength, (i + 1) * deviceKeyLength),
      );
    },
    async write(keys) {
      const content = concat(keys);
      await (await files()).replace(name, content, { secret: true });
      content.fill(0);
    },
  };
}

/** The file's bytes: none if there is no file, a length that no file may have if there are too many. */
async function readKeys(files: Files, name: string): Promise<Uint8Array> {
  try {
    return await files.read(name, 2 * deviceKeyLength);
  } catch (error) {
    if (error instanceof FileError && error.code === 'no-such-file') return new Uint8Array();
    if (error instanceof FileError && error.code === 'too-large') return new Uint8Array(1);
    throw error;
  }
}

/**
 * The key that the sealed rows of the store were sealed with; a new one, made and kept, when there are no sealed rows and no
 * key. Never makes a key over rows that another one sealed: throws `StoreError` `device-key-missing` or `device-key-wrong`.
 */
export async function findDeviceKey(
  database: Database,
  columns: readonly SealedColumn[],
  source: DeviceKeySource,
  crypto: Crypto,
  random: Random,
): Promise<Uint8Array> {
  const keys = await source.read();
  const used = keyIdsInUse(database, columns);
  const key = used.length === 0 ? keys[0] : keys.find((each) => used.every((id) => equalBytes(id, sealingKeyId(each, crypto))));
  if (key === undefined && used.length > 0) throw noKey(keys, used);
  const found = key ?? random.bytes(deviceKeyLength);
  if (keys.length !== 1) await source.write([found]);
  return found;
}

function noKey(keys: readonly Uint8Array[], used: readonly Uint8Array[]): StoreError {
  const wanted = used.map((id) => hex(id)).join(', ');
  return keys.length === 0
    ? new StoreError(
        'device-key-missing',
        `the device key ${wanted} that seals this store is missing: put it back, or restore a backup into a new store`,
      )
    : new StoreError(
        'device-key-wrong',
        `the device key is not the one that seals this store (${wanted}): put that back, or restore a backup into a new store`,
      );
}

function keyIdsInUse(database: Database, columns: readonly SealedColumn[]): Uint8Array[] {
  if (columns.length === 0) return [];
  const ids = columns.map(
    ({ table, deviceKeyId }) => `SELECT DISTINCT ${deviceKeyId} AS id FROM ${table} WHERE ${deviceKeyId} IS NOT NULL`,
  );
  return database
    .prepare(ids.join(' UNION '))
    .all()
    .map((row) => blob(row, 'id'));
}

import type { Database } from '../platform/database.ts';
import { blob, flag } from './columns.ts';
import type { Sealing } from './sealing.ts';

const table = 'private_key';

/** Private keys (PKCS#8), sealed under the device key. */
export class PrivateKeyTable {
  readonly #database: Database;
  readonly #sealing: Sealing;

  constructor(database: Database, sealing: Sealing) {
    this.#database = database;
    this.#sealing = sealing;
  }

  /** Seals a key and returns its id. */
  add(privateKey: Uint8Array, exportable: boolean): number {
    // The id is part of what is sealed, and it is known only once the row is there.
    const id = this.#database
      .prepare('INSERT INTO private_key (sealed, device_key_id, exportable) VALUES (?, ?, ?)')
      .run(new Uint8Array(0), new Uint8Array(0), exportable ? 1 : 0).lastInsertRowid;
    const { sealed, deviceKeyId } = this.#sealing.seal({ table, id }, privateKey);
    this.#database.prepare('UPDATE private_key SET sealed = ?, device_key_id = ? WHERE id = ?').run(sealed, deviceKeyId, id);
    return id;
  }

  /** The key, to be wiped by the caller; undefined if there is none of this id. */
  open(id: number): Uint8Array | undefined {
    const row = this.#database.prepare('SELECT sealed, device_key_id FROM private_key WHERE id = ?').get(id);
    if (row === undefined) return undefined;
    return this.#sealing.open({ table, id }, { sealed: blob(row, 'sealed'), deviceKeyId: blob(row, 'device_key_id') });
  }

  /** May it leave the router? */
  isExportable(id: number): boolean {
    const row = this.#database.prepare('SELECT exportable FROM private_key WHERE id = ?').get(id);
    return row !== undefined && flag(row, 'exportable');
  }

  /** It may not leave the router any more, for ever. */
  forbidExport(id: number): void {
    this.#database.prepare('UPDATE private_key SET exportable = 0 WHERE id = ?').run(id);
  }

  /** Removes the keys that no certificate has any more. */
  removeUnused(): void {
    this.#database
      .prepare('DELETE FROM private_key WHERE id NOT IN (SELECT private_key_id FROM certificate WHERE private_key_id IS NOT NULL)')
      .run();
  }
}

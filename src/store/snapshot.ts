import type { Database, Row, SqlValue } from '../platform/database.ts';
import { blob, integer, text } from './columns.ts';
import { StoreError } from './errors.ts';
import { applyMigrations, checkForeignKeys, newestVersion, schemaVersion } from './migrate.ts';
import { resealAll } from './reseal.ts';
import type { Migration, SealedColumn } from './schema.ts';
import type { Sealing } from './sealing.ts';

/** All that a store holds, as values. */
export interface Snapshot {
  readonly schemaVersion: number;
  readonly tables: readonly TableSnapshot[];
}

export interface TableSnapshot {
  readonly name: string;
  readonly columns: readonly string[];
  /** One value a column. */
  readonly rows: readonly (readonly SqlValue[])[];
}

/** SQLite's own table of the highest ids given out, so that a restored store does not give one twice. */
const sequences = 'sqlite_sequence';

/** Every row, with the secrets that `from` opens sealed by `to`. */
export function takeSnapshot(database: Database, sealed: readonly SealedColumn[], from: Sealing, to: Sealing): Snapshot {
  const tables = tableNames(database).map((name) => {
    const columns = columnNames(database, name);
    const secrets = sealed.filter(({ table }) => table === name);
    const rows = database
      .prepare(`SELECT * FROM "${name}"`)
      .all()
      .map((row) => secrets.reduce((resealed, column) => resealRow(resealed, column, from, to), row))
      .map((row) => columns.map((column) => row[column] ?? null));
    return { name, columns, rows };
  });
  return { schemaVersion: schemaVersion(database), tables };
}

function resealRow(row: Row, { table, sealed, deviceKeyId }: SealedColumn, from: Sealing, to: Sealing): Row {
  if (row[sealed] === null) return row;
  const owner = { table, id: integer(row, 'id') };
  const secret = from.open(owner, { sealed: blob(row, sealed), deviceKeyId: blob(row, deviceKeyId) });
  try {
    const anew = to.seal(owner, secret);
    return { ...row, [sealed]: anew.sealed, [deviceKeyId]: anew.deviceKeyId };
  } finally {
    secret.fill(0);
  }
}

/**
 * Replaces everything but the highest ids given out by the snapshot, whose secrets `from` opens and `to` seals from then on, and brings it to the newest schema; in
 * one transaction. Throws `StoreError`: `too-new`, or `damaged` for a snapshot that does not fit its schema.
 */
export function restoreSnapshot(
  database: Database,
  migrations: readonly Migration[],
  sealed: readonly SealedColumn[],
  snapshot: Snapshot,
  from: Sealing,
  to: Sealing,
): void {
  const newest = newestVersion(migrations);
  if (snapshot.schemaVersion > newest)
    throw new StoreError('too-new', `it was made with schema ${snapshot.schemaVersion}, and this program knows schemas up to ${newest}`);
  if (!migrations.some(({ version }) => version === snapshot.schemaVersion)) throw misfit(`there is no schema ${snapshot.schemaVersion}`);
  // Tables are dropped and filled in any order; what they refer to is checked at the end.
  database.execute('PRAGMA foreign_keys = OFF');
  try {
    database.transact(() => {
      const given = highestIds(database);
      for (const name of tableNames(database)) if (name !== sequences) database.execute(`DROP TABLE "${name}"`);
      applyMigrations(database, migrations, 0, snapshot.schemaVersion);
      fill(database, snapshot);
      applyMigrations(database, migrations, snapshot.schemaVersion, newest);
      raiseIds(database, given);
      resealAll(database, sealed, from, to);
      checkForeignKeys(database);
    });
  } catch (error) {
    throw error instanceof StoreError && error.code === 'constraint' ? misfit(error.message) : error;
  } finally {
    database.execute('PRAGMA foreign_keys = ON');
  }
}

/** The highest id that each table has given out. */
function highestIds(database: Database): readonly { readonly table: string; readonly id: number }[] {
  const rows = database.prepare(`SELECT name, seq FROM ${sequences}`).all();
  return rows.map((row) => ({ table: text(row, 'name'), id: integer(row, 'seq') }));
}

/** An id that was given out before is not given to another thing: elsewhere it may stand for what had it, as a uid does for a user. */
function raiseIds(database: Database, given: ReturnType<typeof highestIds>): void {
  const raise = database.prepare(`UPDATE ${sequences} SET seq = max(seq, ?) WHERE name = ?`);
  const add = database.prepare(
    `INSERT INTO ${sequences} (name, seq) SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM ${sequences} WHERE name = ?)`,
  );
  for (const { table, id } of given) {
    raise.run(id, table);
    add.run(table, id, table);
  }
}

/** Fills the empty tables of the snapshot's own schema; names are compared with the schema's, never taken from outside. */
function fill(database: Database, snapshot: Snapshot): void {
  const names = tableNames(database);
  if (names.join() !== snapshot.tables.map(({ name }) => name).join()) throw misfit('its tables are not those of its schema');
  for (const [i, { columns, rows }] of snapshot.tables.entries()) {
    const name = names[i] ?? '';
    const expected = columnNames(database, name);
    if (expected.join() !== columns.join()) throw misfit(`the columns of table ${name} are not those of its schema`);
    database.execute(`DELETE FROM "${name}"`);
    const insert = database.prepare(
      `INSERT INTO "${name}" (${expected.map((column) => `"${column}"`).join()}) VALUES (${expected.map(() => '?').join()})`,
    );
    for (const row of rows) {
      if (row.length !== expected.length) throw misfit(`a row of table ${name} has ${row.length} values instead of ${expected.length}`);
      insert.run(...row);
    }
  }
}

/** In a fixed order; `sqlite_sequence` last, since filling the other tables changes it. */
function tableNames(database: Database): string[] {
  const names = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '${sequences}' ORDER BY name`)
    .all()
    .map((row) => text(row, 'name'));
  return [...names, sequences];
}

function columnNames(database: Database, table: string): string[] {
  return database
    .prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid')
    .all(table)
    .map((row) => text(row, 'name'));
}

function misfit(why: string): StoreError {
  return new StoreError('damaged', `the backup does not fit its schema: ${why}`);
}

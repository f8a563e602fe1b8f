import type { Database } from '../platform/database.ts';
import { integer } from './columns.ts';
import { StoreError } from './errors.ts';
import { applicationId, type Migration } from './schema.ts';

/**
 * Brings a store to the newest schema, in one transaction: all steps or none. An empty file becomes a store. Throws `StoreError`
 * `too-new` for a schema of a newer program and `not-a-store` for somebody else's database; both are left as they are.
 */
export function migrate(database: Database, migrations: readonly Migration[]): void {
  const version = schemaVersion(database);
  const newest = newestVersion(migrations);
  if (version > newest)
    throw new StoreError('too-new', `the store has schema ${version}, and this program knows schemas up to ${newest}: use a newer program`);
  if (version === newest) return;
  // Steps that rebuild a table drop the old one, which would cascade while foreign keys are enforced; they are checked at the end.
  database.execute('PRAGMA foreign_keys = OFF');
  try {
    database.transact(() => {
      applyMigrations(database, migrations, version, newest);
      checkForeignKeys(database);
    });
  } finally {
    database.execute('PRAGMA foreign_keys = ON');
  }
}

/** The steps after `from` up to `to`, inside the caller's transaction. */
export function applyMigrations(database: Database, migrations: readonly Migration[], from: number, to: number): void {
  for (const { version, sql } of migrations) {
    if (version > from && version <= to) database.execute(sql);
  }
  database.execute(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${to}`);
}

/** Throws `StoreError` `damaged` when a row refers to one that is not there. */
export function checkForeignKeys(database: Database): void {
  const dangling = database.prepare('PRAGMA foreign_key_check').get();
  if (dangling !== undefined)
    throw new StoreError('damaged', `a row of table ${String(dangling['table'])} refers to a row that is missing`);
}

export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** The version of the schema; 0 for an empty file. */
export function schemaVersion(database: Database): number {
  const version = pragma(database, 'user_version');
  const application = pragma(database, 'application_id');
  if (application === applicationId && version > 0) return version;
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get();
  if (application === 0 && version === 0 && tables !== undefined && integer(tables, 'count') === 0) return 0;
  throw new StoreError('not-a-store', 'the file is a database, but not a store of signet');
}

function pragma(database: Database, name: 'user_version' | 'application_id'): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return row === undefined ? 0 : integer(row, name);
}

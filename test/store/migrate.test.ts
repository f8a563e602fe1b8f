import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/platform/database.ts';
import { NodeDatabases } from '../../src/platform/node/database.ts';
import type { StoreErrorCode } from '../../src/store/errors.ts';
import { migrate, newestVersion, schemaVersion } from '../../src/store/migrate.ts';
import { type Migration, migrations } from '../../src/store/schema.ts';
import { translated } from '../../src/store/translated.ts';
import { temporaryFolder } from './opened.ts';

/** A history as it might have been: a table, a column, a rebuilt table that others refer to. */
const invented: readonly Migration[] = [
  {
    version: 1,
    sql: `CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
          CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE) STRICT;`,
  },
  { version: 2, sql: `ALTER TABLE person ADD COLUMN age INTEGER;` },
  {
    version: 3,
    sql: `CREATE TABLE person_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, age INTEGER NOT NULL) STRICT;
          INSERT INTO person_new SELECT id, name, coalesce(age, 0) FROM person;
          DROP TABLE person;
          ALTER TABLE person_new RENAME TO person;`,
  },
];

function open(path = join(temporaryFolder(), 'test.db')): Database {
  const database = translated(new NodeDatabases().open(path));
  onTestFinished(() => database.close());
  return database;
}

function upTo(version: number): readonly Migration[] {
  return invented.slice(0, version);
}

/** A store of an earlier version with a person and a pet. */
function filled(version: number): Database {
  const database = open();
  migrate(database, upTo(version));
  database.execute(`INSERT INTO person (id, name) VALUES (7, 'Ann'); INSERT INTO pet (owner) VALUES (7)`);
  return database;
}

const schema = (database: Database) => database.prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all();

describe('migration', () => {
  it.each([1, 2])('from version %i keeps what is there and ends in the newest schema', (version) => {
    const database = filled(version);
    migrate(database, invented);
    expect(schemaVersion(database)).toBe(3);
    expect(database.prepare('SELECT * FROM person').all()).toEqual([{ id: 7, name: 'Ann', age: 0 }]);
    expect(database.prepare('SELECT owner FROM pet').all()).toEqual([{ owner: 7 }]);
    const fresh = open();
    migrate(fresh, invented);
    expect(schema(database)).toEqual(schema(fresh));
  });

  it('enforces references again afterwards', () => {
    const database = filled(1);
    migrate(database, invented);
    expect(() => database.execute('INSERT INTO pet (owner) VALUES (99)')).toThrow(storeError('constraint'));
  });

  it('writes nothing when there is nothing to do', () => {
    const database = filled(3 - 1);
    migrate(database, invented);
    const before = database.prepare('PRAGMA data_version').get();
    const changes = database.prepare('SELECT total_changes() AS changes').get();
    migrate(database, invented);
    expect(database.prepare('PRAGMA data_version').get()).toEqual(before);
    expect(database.prepare('SELECT total_changes() AS changes').get()).toEqual(changes);
  });

  it('that fails in any step leaves the version it came from', () => {
    const database = filled(1);
    const before = schema(database);
    const broken = [...invented, { version: 4, sql: 'CREATE TABLE other (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);' }];
    expect(() => migrate(database, broken)).toThrow(storeError('failed'));
    expect(schemaVersion(database)).toBe(1);
    expect(schema(database)).toEqual(before);
  });

  it('that would lose a row that others refer to is undone', () => {
    const database = filled(1);
    const losing = [...upTo(1), { version: 2, sql: 'DELETE FROM person' }];
    expect(() => migrate(database, losing)).toThrow(storeError('damaged'));
    expect(schemaVersion(database)).toBe(1);
    expect(database.prepare('SELECT name FROM person').all()).toEqual([{ name: 'Ann' }]);
  });

  it('refuses a newer schema', () => {
    const database = filled(2);
    expect(() => migrate(database, upTo(1))).toThrow(storeError('too-new'));
    expect(schemaVersion(database)).toBe(2);
  });

  it.each([
    ['a table of somebody else', 'CREATE TABLE theirs (id INTEGER)'],
    ['another application’s mark', 'PRAGMA application_id = 7'],
    ['a version without our mark', 'PRAGMA user_version = 1'],
    ['our mark without a version', 'PRAGMA application_id = 0x53474e54'],
  ])('refuses a database with %s', (_, sql) => {
    const database = open();
    database.execute(sql);
    expect(() => migrate(database, invented)).toThrow(storeError('not-a-store'));
  });
});

describe('the schema of this program', () => {
  it('has versions that count up from 1', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
  });

  it.each(migrations.map(({ version }) => version))('is reached from version %i', (version) => {
    const [database, fresh] = [open(), open()];
    migrate(database, migrations.slice(0, version));
    migrate(database, migrations);
    migrate(fresh, migrations);
    expect(schemaVersion(database)).toBe(newestVersion(migrations));
    expect(schema(database)).toEqual(schema(fresh));
  });

  it('types every column', () => {
    const database = open();
    migrate(database, migrations);
    const loose = database
      .prepare(`SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND strict = 0`)
      .all();
    expect(loose).toEqual([]);
  });
});

function storeError(code: StoreErrorCode): unknown {
  return expect.objectContaining({ name: 'StoreError', code });
}

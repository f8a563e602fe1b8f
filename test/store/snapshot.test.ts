import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../src/platform/database.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeDatabases } from '../../src/platform/node/database.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import type { StoreErrorCode } from '../../src/store/errors.ts';
import { migrate, schemaVersion } from '../../src/store/migrate.ts';
import type { Migration } from '../../src/store/schema.ts';
import { KeySealing } from '../../src/store/sealing.ts';
import { restoreSnapshot, type Snapshot, takeSnapshot } from '../../src/store/snapshot.ts';
import { translated } from '../../src/store/translated.ts';
import { temporaryFolder } from './opened.ts';

const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `CREATE TABLE person (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
          CREATE TABLE secret (id INTEGER PRIMARY KEY, person INTEGER REFERENCES person (id), sealed BLOB, key_id BLOB) STRICT;`,
  },
  { version: 2, sql: `ALTER TABLE person ADD COLUMN age INTEGER NOT NULL DEFAULT 18` },
];
const sealed = [{ table: 'secret', sealed: 'sealed', deviceKeyId: 'key_id' }];
const newSealing = () => new KeySealing(new NodeRandom().bytes(32), new NodeCrypto(), new NodeRandom());
const [own, other, passing] = [newSealing(), newSealing(), newSealing()];

function open(version: number): Database {
  const database = translated(new NodeDatabases().open(join(temporaryFolder(), 'test.db')));
  onTestFinished(() => database.close());
  migrate(database, migrations.slice(0, version));
  return database;
}

function filled(version: number): Database {
  const database = open(version);
  database.execute(`INSERT INTO person (name) VALUES ('Ann'), ('Bea'), ('Cleo'); DELETE FROM person WHERE name = 'Cleo'`);
  const { sealed: bytes, deviceKeyId } = own.seal({ table: 'secret', id: 5 }, Uint8Array.of(1, 2, 3));
  database.prepare('INSERT INTO secret VALUES (5, 2, ?, ?)').run(bytes, deviceKeyId);
  database.execute('INSERT INTO secret VALUES (6, NULL, NULL, NULL)');
  return database;
}

const take = (database: Database) => takeSnapshot(database, sealed, own, passing);
const restore = (database: Database, snapshot: Snapshot) => restoreSnapshot(database, migrations, sealed, snapshot, passing, other);
const people = (database: Database) => database.prepare('SELECT * FROM person ORDER BY id').all();

describe('a snapshot', () => {
  it('restores every row, secrets sealed by the other store, and the ids already given out', () => {
    const [from, to] = [filled(2), open(2)];
    to.execute(`INSERT INTO person (name) VALUES ('Old')`);
    restore(to, take(from));
    expect(people(to)).toEqual(people(from));
    const row = to.prepare('SELECT * FROM secret WHERE id = 5').get();
    expect(
      other.open({ table: 'secret', id: 5 }, { sealed: row?.['sealed'] as Uint8Array, deviceKeyId: row?.['key_id'] as Uint8Array }),
    ).toEqual(Uint8Array.of(1, 2, 3));
    expect(to.prepare('SELECT sealed FROM secret WHERE id = 6').get()).toEqual({ sealed: null });
    expect(to.prepare(`INSERT INTO person (name) VALUES ('New')`).run().lastInsertRowid).toBe(4);
  });

  it('of an earlier schema is brought to the newest', () => {
    const to = open(2);
    restore(to, take(filled(1)));
    expect(schemaVersion(to)).toBe(2);
    expect(people(to)).toEqual([
      { id: 1, name: 'Ann', age: 18 },
      { id: 2, name: 'Bea', age: 18 },
    ]);
  });

  it('does not change the store it is taken of', () => {
    const from = filled(2);
    const before = from.prepare('SELECT * FROM secret').all();
    take(from);
    expect(from.prepare('SELECT * FROM secret').all()).toEqual(before);
  });
});

describe('a snapshot that does not fit is refused, and nothing is changed:', () => {
  let to: Database;
  let snapshot: Snapshot;
  beforeEach(() => {
    to = filled(2);
    snapshot = take(filled(2));
  });

  const changed = (name: string, change: (table: Snapshot['tables'][number]) => Partial<Snapshot['tables'][number]>): Snapshot => ({
    ...snapshot,
    tables: snapshot.tables.map((table) => (table.name === name ? { ...table, ...change(table) } : table)),
  });

  it.each<[string, StoreErrorCode, () => Snapshot]>([
    ['of a newer schema', 'too-new', () => ({ ...snapshot, schemaVersion: 3 })],
    ['of no schema', 'damaged', () => ({ ...snapshot, schemaVersion: 0 })],
    ['with a table too few', 'damaged', () => ({ ...snapshot, tables: snapshot.tables.slice(1) })],
    ['with a table of another name', 'damaged', () => changed('person', () => ({ name: 'person"; DROP TABLE secret; --' }))],
    ['with a column of another name', 'damaged', () => changed('person', () => ({ columns: ['id', 'name', 'years'] }))],
    ['with a short row', 'damaged', () => changed('person', ({ rows }) => ({ rows: rows.map((row) => row.slice(1)) }))],
    ['with a value of another type', 'damaged', () => changed('person', () => ({ rows: [[1, 'Ann', 'old']] }))],
    [
      'with a name twice',
      'damaged',
      () =>
        changed('person', () => ({
          rows: [
            [1, 'Ann', 1],
            [2, 'Ann', 2],
          ],
        })),
    ],
    ['with a row that others refer to missing', 'damaged', () => changed('person', () => ({ rows: [] }))],
    [
      'with a secret of another row',
      'sealed-damaged',
      () => changed('secret', ({ rows }) => ({ rows: rows.map(([, ...rest], i) => [i + 50, ...rest]) })),
    ],
    ['of an earlier schema with a later one’s columns', 'damaged', () => ({ ...snapshot, schemaVersion: 1 })],
  ])('%s', (_, code, change) => {
    const before = take(to);
    expect(() => restore(to, change())).toThrow(expect.objectContaining({ name: 'StoreError', code }));
    expect(people(to)).toEqual([
      { id: 1, name: 'Ann', age: 18 },
      { id: 2, name: 'Bea', age: 18 },
    ]);
    expect(take(to).tables.map(({ rows }) => rows.length)).toEqual(before.tables.map(({ rows }) => rows.length));
    expect(() => to.execute('INSERT INTO secret VALUES (9, 99, NULL, NULL)')).toThrow(expect.objectContaining({ code: 'constraint' }));
  });
});

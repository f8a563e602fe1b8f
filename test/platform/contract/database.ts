import { beforeEach, describe, expect, it } from 'vitest';
import type { Database, Databases, SqlValue } from '../../../src/platform/database.ts';
import { databaseError } from './database-error.ts';
import { databaseFileContract } from './database-file.ts';

/** The databases of a host, and a fresh path for a file, in an empty folder. */
export interface DatabaseHost {
  readonly databases: Databases;
  readonly path: string;
}

/** What every host's database must do. */
export function databaseContract(make: () => DatabaseHost): void {
  describe('Database', () => {
    let host: DatabaseHost;
    let database: Database;

    beforeEach(() => {
      host = make();
      database = host.databases.open(host.path);
      database.transact(() =>
        database.execute('CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, value ANY) STRICT'),
      );
      return () => database.close();
    });

    const add = (name: string, value: SqlValue = null) => database.prepare('INSERT INTO item (name, value) VALUES (?, ?)').run(name, value);
    const names = (of = database) =>
      of
        .prepare('SELECT name FROM item ORDER BY id')
        .all()
        .map(({ name }) => name);
    const reopen = () => {
      database.close();
      database = host.databases.open(host.path);
    };

    describe('values', () => {
      it.each<[string, SqlValue]>([
        ['NULL', null],
        ['zero', 0],
        ['the largest safe integer', Number.MAX_SAFE_INTEGER],
        ['the smallest safe integer', Number.MIN_SAFE_INTEGER],
        ['a fraction', 0.5],
        ['an empty string', ''],
        ['a string with NUL, quotes and other scripts', 'a\0b\'"; DROP TABLE item; -- ünïcødé 🔑'],
        ['bytes', Uint8Array.of(0, 255, 39)],
        ['no bytes', new Uint8Array()],
      ])('come back as they were given: %s', (_, value) => {
        add('a', value);
        reopen();
        expect(database.prepare('SELECT value FROM item').get()?.['value']).toEqual(value);
      });

      it('come back as well-formed text, whatever they were', () => {
        add('a', 'half \ud800 a pair \u{1f511}');
        expect(database.prepare('SELECT value FROM item').get()).toEqual({ value: 'half \ufffd a pair \u{1f511}' });
      });

      it('are refused when they are integers that a number can not hold', () => {
        database.execute(`INSERT INTO item (value) VALUES (9007199254740993)`);
        expect(() => database.prepare('SELECT value FROM item').get()).toThrow(databaseError('failed'));
      });
    });

    describe('a statement', () => {
      it('tells the id of the row it added and how many rows it changed', () => {
        expect(add('a')).toEqual({ changes: 1, lastInsertRowid: 1 });
        expect(add('b')).toEqual({ changes: 1, lastInsertRowid: 2 });
        expect(database.prepare('UPDATE item SET value = 1').run().changes).toBe(2);
      });

      it('gives undefined for no row and an empty list for no rows', () => {
        expect(database.prepare('SELECT * FROM item').get()).toBeUndefined();
        expect(database.prepare('SELECT * FROM item').all()).toEqual([]);
        expect([...database.prepare('SELECT * FROM item').iterate()]).toEqual([]);
      });

      it('is prepared once for a text', () => {
        expect(database.prepare('SELECT 1')).toBe(database.prepare('SELECT 1'));
      });

      it('is walked row by row, twice at the same time, and may be left early', () => {
        for (const name of ['a', 'b', 'c']) add(name);
        const statement = database.prepare('SELECT name FROM item ORDER BY id');
        const first = statement.iterate();
        expect(first.next().value).toEqual({ name: 'a' });
        expect([...statement.iterate()]).toHaveLength(3);
        expect(first.next().value).toEqual({ name: 'b' });
        first.return?.();
        expect(statement.get()).toEqual({ name: 'a' });
        add('d');
        expect(names()).toEqual(['a', 'b', 'c', 'd']);
      });

      it('still works after the schema changed', () => {
        const statement = database.prepare('SELECT * FROM item');
        add('a');
        database.execute('ALTER TABLE item ADD COLUMN extra TEXT');
        expect(statement.get()).toEqual({ id: 1, name: 'a', value: null, extra: null });
      });

      it('of bad SQL is refused', () => {
        expect(() => database.prepare('SELEKT')).toThrow(databaseError('failed'));
        expect(() => database.execute('SELEKT')).toThrow(databaseError('failed'));
        expect(() => database.prepare('SELECT * FROM item WHERE name = "a"')).toThrow(databaseError('failed'));
      });
    });

    describe('constraints', () => {
      it('are told by their code', () => {
        add('a');
        expect(() => add('a')).toThrow(databaseError('constraint'));
      });

      it('hold between tables', () => {
        database.execute('CREATE TABLE part (item INTEGER NOT NULL REFERENCES item (id)) STRICT');
        expect(() => database.prepare('INSERT INTO part (item) VALUES (7)').run()).toThrow(databaseError('constraint'));
      });
    });

    describe('a transaction', () => {
      it('gives back what its work gives, and is there after reopening', () => {
        expect(database.transact(() => add('a').lastInsertRowid)).toBe(1);
        reopen();
        expect(names()).toEqual(['a']);
      });

      it('happens not at all when its work throws, and passes the error on', () => {
        const failure = new Error('no');
        expect(() =>
          database.transact(() => {
            add('a');
            throw failure;
          }),
        ).toThrow(failure);
        expect(names()).toEqual([]);
        database.transact(() => add('b'));
        expect(names()).toEqual(['b']);
      });

      it('happens not at all when a constraint is broken', () => {
        expect(() =>
          database.transact(() => {
            add('a');
            add('a');
          }),
        ).toThrow(databaseError('constraint'));
        expect(names()).toEqual([]);
      });

      it('does not nest', () => {
        expect(() => database.transact(() => database.transact(() => add('a')))).toThrow(databaseError('failed'));
        expect(names()).toEqual([]);
      });

      it('refuses work that waits', () => {
        expect(() => database.transact(async () => add('a'))).toThrow(databaseError('failed'));
        expect(names()).toEqual([]);
      });

      it('may begin while rows are being walked, and be undone', () => {
        for (const name of ['a', 'b', 'c']) add(name);
        const walk = database.prepare('SELECT name FROM item ORDER BY id').iterate();
        walk.next();
        expect(() =>
          database.transact(() => {
            add('d');
            throw new Error('undone');
          }),
        ).toThrow('undone');
        database.transact(() => add('e'));
        walk.return?.();
        reopen();
        expect(names()).toEqual(['a', 'b', 'c', 'e']);
      });
    });

    describe('ownership', () => {
      it('is exclusive: a second opening is refused, and the first goes on', () => {
        add('a');
        expect(() => host.databases.open(host.path)).toThrow(databaseError('busy'));
        add('b');
        expect(names()).toEqual(['a', 'b']);
      });

      it('ends with closing, which may be said twice', () => {
        add('a');
        database.close();
        reopen();
        expect(names()).toEqual(['a']);
      });
    });

    it('refuses a file in a folder that is not there', () => {
      expect(() => host.databases.open(`${host.path}.none/file`)).toThrow(databaseError('failed'));
    });
  });
  databaseFileContract(make);
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Databases } from '../../../src/platform/database.ts';
import type { DatabaseHost } from './database.ts';
import { databaseError } from './database-error.ts';

/** What every host's database must do with its file. Node's own SQLite is the other program. */
export function databaseFileContract(make: () => DatabaseHost): void {
  describe('the file of a Database', () => {
    let databases: Databases;
    let path: string;
    let folder: string;

    beforeEach(() => {
      ({ databases, path } = make());
      folder = dirname(path);
    });

    it('keeps its files to their owner', () => {
      const database = databases.open(path);
      database.transact(() => database.execute('CREATE TABLE item (id INTEGER) STRICT'));
      const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
      database.close();
      expect(new Set(modes)).toEqual(new Set([0o600]));
    });

    it('does not touch the file until the first transaction', () => {
      const other = new DatabaseSync(path);
      other.exec('CREATE TABLE theirs (id INTEGER)');
      other.close();
      const before = contents();
      const database = databases.open(path);
      expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
      database.close();
      expect(contents()).toEqual(before);
    });

    it('wipes what was deleted', () => {
      const database = databases.open(path);
      database.execute(`CREATE TABLE item (value TEXT) STRICT; INSERT INTO item VALUES ('to-be-forgotten')`);
      database.execute('DELETE FROM item');
      database.close();
      expect(readFileSync(path).includes('to-be-forgotten')).toBe(false);
    });

    it('writes nothing when a transaction changes nothing', () => {
      const database = databases.open(path);
      database.transact(() => database.execute('CREATE TABLE item (value TEXT) STRICT'));
      const before = contents();
      database.transact(() => database.prepare('SELECT * FROM item').all());
      database.transact(() => database.prepare('DELETE FROM item WHERE value = ?').run('none'));
      expect(contents()).toEqual(before);
      database.close();
    });

    describe('a file that is no whole database is damaged and left as it is:', () => {
      it.each<[string, () => void]>([
        ['text', () => writeFileSync(path, 'a text file '.repeat(1000))],
        ['a cut one', () => truncateSync(path, 3 * 4096)],
        ['one cut within a page', () => truncateSync(path, 3 * 4096 + 100)],
        [
          'one with an overwritten schema',
          () => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 100), Buffer.alloc(8000, 0xa5)])),
        ],
      ])('%s', (_, damage) => {
        const database = databases.open(path);
        database.transact(() => {
          database.execute('CREATE TABLE item (value TEXT) STRICT');
          for (let i = 0; i < 100; i++) database.prepare('INSERT INTO item VALUES (?)').run('x'.repeat(1000));
        });
        database.close();
        damage();
        const before = readFileSync(path);
        expect(() => {
          const damaged = databases.open(path);
          try {
            damaged.prepare('SELECT * FROM item').all();
          } finally {
            damaged.close();
          }
        }).toThrow(databaseError('damaged'));
        expect(readFileSync(path).equals(before)).toBe(true);
      });
    });

    it('tells a file format of a newer SQLite', () => {
      const database = databases.open(path);
      database.execute('CREATE TABLE item (value TEXT) STRICT');
      database.close();
      const bytes = readFileSync(path);
      bytes.writeUInt32BE(9, 44); // schema format number, https://sqlite.org/fileformat2.html 1.3.7
      writeFileSync(path, bytes);
      expect(() => databases.open(path).prepare('SELECT * FROM item')).toThrow(databaseError('too-new'));
    });

    it('does not follow a link', () => {
      symlinkSync('/dev/null', path);
      expect(() => databases.open(path)).toThrow(databaseError('failed'));
    });

    it('is refused a folder', () => {
      expect(() => databases.open(folder)).toThrow(databaseError('failed'));
    });

    it('does not disturb the lock of another program', () => {
      const other = new DatabaseSync(path);
      other.exec('BEGIN EXCLUSIVE');
      expect(() => databases.open(path)).toThrow(databaseError('busy'));
      other.exec('CREATE TABLE item (value TEXT); COMMIT');
      other.close();
    });

    function contents(): string[] {
      return readdirSync(folder).map(
        (name) =>
          `${name} ${createHash('sha256')
            .update(readFileSync(join(folder, name)))
            .digest('hex')}`,
      );
    }
  });
}

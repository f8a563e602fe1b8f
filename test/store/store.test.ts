import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { StoreErrorCode } from '../../src/store/errors.ts';
import { newestVersion } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/schema.ts';
import type { Store } from '../../src/store/store.ts';
import { canMount, withTmpfs } from '../platform/tmpfs.ts';
import { openIn } from './open-in.ts';
import { newStore, temporaryFolder } from './opened.ts';

describe('a store', () => {
  it('lies in a folder of its owner: the database and the device key, which nobody else can read', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    (await openIn(folder)).close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    expect(modes).toEqual([
      ['device.key', 0o600],
      ['signet.db', 0o600],
    ]);
    expect(statSync(join(folder, 'device.key')).size).toBe(32);
  });

  it('is made in a folder that is not there yet', async () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    (await openIn(folder)).close();
    expect(existsSync(join(folder, 'signet.db'))).toBe(true);
  });

  it('keeps what was changed in a transaction, and nothing of one that failed', async () => {
    const folder = temporaryFolder();
    const store = await openIn(folder);
    store.transact(() => store.settings.set('identity', 'a'));
    expect(() =>
      store.transact(() => {
        store.settings.set('identity', 'b');
        throw new Error('no');
      }),
    ).toThrow('no');
    store.close();
    const again = await openIn(folder);
    expect(again.settings.get('identity')).toBe('a');
    again.close();
  });

  it('is of one program at a time', async () => {
    const folder = temporaryFolder();
    const store = await openIn(folder);
    await expect(openIn(folder)).rejects.toThrow(storeError('busy'));
    store.transact(() => store.settings.set('identity', 'a'));
    store.close();
    (await openIn(folder)).close();
  });

  it('tells a read that failed as its own error', async () => {
    const store = await openIn(temporaryFolder());
    store.close();
    expect(() => store.settings.get('identity')).toThrow(storeError('failed'));
  });
});

describe('a file that is no store of this program is refused and left as it was:', () => {
  const cases: [string, StoreErrorCode, (path: string) => void][] = [
    ['a text file', 'damaged', (path) => writeFileSync(path, 'my notes\n'.repeat(500))],
    ['a store cut short', 'damaged', (path) => truncateSync(path, 4096 * 3)],
    ['a store with an overwritten page', 'damaged', (path) => overwrite(path, 2 * 4096, 4096)],
    ['another program’s database', 'not-a-store', (path) => replaceBy(path, 'CREATE TABLE theirs (id INTEGER)')],
    ['a store of a newer program', 'too-new', (path) => alter(path, `PRAGMA user_version = ${newestVersion(migrations) + 1}`)],
    ['a database with another application’s mark', 'not-a-store', (path) => alter(path, 'PRAGMA application_id = 7')],
  ];

  it.each(cases)('%s: %s', async (_, code, damage) => {
    const folder = temporaryFolder();
    const path = join(folder, 'signet.db');
    const store = await openIn(folder);
    store.transact(() => store.settings.set('identity', 'a'));
    store.close();
    damage(path);
    const before = readFileSync(path);
    const key = readFileSync(join(folder, 'device.key'));
    await expect(openIn(folder)).rejects.toThrow(storeError(code));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readFileSync(join(folder, 'device.key')).equals(key)).toBe(true);
  });
});

describe.runIf(canMount)('a disk', () => {
  it('that fills up fails the transaction, says so, and loses nothing; there is room again later', () =>
    withTmpfs('size=1m', async (folder) => {
      const store = await openIn(join(folder, 'store'));
      store.transact(() => store.settings.set('identity', 'a'));
      writeFileSync(join(folder, 'ballast'), Buffer.alloc(700_000));
      expect(() => store.transact(() => store.settings.set('big', 'x'.repeat(500_000)))).toThrow(
        storeError('full', /no room left.*nothing was changed/),
      );
      expect(store.settings.get('identity')).toBe('a');
      expect(store.settings.get('big')).toBeUndefined();
      truncateSync(join(folder, 'ballast'), 0);
      store.transact(() => store.settings.set('identity', 'b'));
      store.close();
      const again = await openIn(join(folder, 'store'));
      expect(again.settings.get('identity')).toBe('b');
      expect(again.settings.get('big')).toBeUndefined();
      again.close();
    }));

  it('that was full when the program was killed still holds every acknowledged transaction', () =>
    withTmpfs('size=600k', async (folder) => {
      const store = await openIn(folder);
      const stored = fill(store);
      const copy = join(temporaryFolder(), 'copy');
      cpSync(folder, copy, { recursive: true });
      store.close();
      const again = await openIn(copy);
      expect(stored).toBeGreaterThan(10);
      for (let i = 0; i < stored; i++) expect(again.settings.get(`n${i}`)).toHaveLength(1000);
      expect(again.settings.get(`n${stored}`)).toBeUndefined();
      again.close();
    }));

  it('that is too full for a new store says so', () =>
    withTmpfs('size=16k', async (folder) => {
      await expect(openIn(folder)).rejects.toThrow(storeError('full'));
    }));

  it('that is read-only says so and leaves the store as it was', () =>
    withTmpfs('size=1m', async (folder, remount) => {
      const store = await openIn(folder);
      store.transact(() => store.settings.set('identity', 'a'));
      store.close();
      const before = readFileSync(join(folder, 'signet.db'));
      remount('ro');
      await expect(openIn(folder)).rejects.toThrow(storeError('read-only'));
      expect(readFileSync(join(folder, 'signet.db')).equals(before)).toBe(true);
      remount('rw');
      (await openIn(folder)).close();
    }));
});

describe('re-keying', () => {
  it('seals every secret anew under another device key', async () => {
    const folder = temporaryFolder();
    const store = await openIn(folder);
    const ids = [1, 2, 3].map((n) => store.transact(() => store.privateKeys.add(Uint8Array.of(n), true)));
    const key = readFileSync(join(folder, 'device.key'));
    await store.rekey();
    expect(readFileSync(join(folder, 'device.key')).equals(key)).toBe(false);
    expect(ids.map((id) => store.privateKeys.open(id))).toEqual([Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]);
    const later = store.transact(() => store.privateKeys.add(Uint8Array.of(4), true));
    store.close();
    const again = await openIn(folder);
    expect(again.privateKeys.open(later)).toEqual(Uint8Array.of(4));
    again.close();
    writeFileSync(join(folder, 'device.key'), key);
    await expect(openIn(folder)).rejects.toThrow(storeError('device-key-wrong'));
  });
});

describe('a closed store', () => {
  it('opens no secret', async () => {
    const store = await newStore();
    const owner = { table: 'private_key', id: 1 };
    const sealed = store.sealing.seal(owner, Uint8Array.of(1));
    store.close();
    expect(() => store.sealing.open(owner, sealed)).toThrow(storeError('sealed-damaged'));
  });
});

/** What a refused call must throw. */
function storeError(code: StoreErrorCode, message = /./): unknown {
  return expect.objectContaining({ name: 'StoreError', code, message: expect.stringMatching(message) });
}

/** Stores n0, n1, … until the disk is full; how many were acknowledged. */
function fill(store: Store): number {
  let stored = 0;
  const one = () => store.transact(() => store.settings.set(`n${stored}`, 'x'.repeat(1000)));
  expect(() => {
    for (; stored < 10_000; stored++) one();
  }).toThrow(storeError('full'));
  return stored;
}

function overwrite(path: string, offset: number, length: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xa5, offset, offset + length);
  writeFileSync(path, bytes);
}

function replaceBy(path: string, sql: string): void {
  rmSync(path);
  alter(path, sql);
}

function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

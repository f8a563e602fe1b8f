import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import type { Store } from '../../src/store/store.ts';
import { Backup } from '../../src/system/backup.ts';
import type { SystemErrorCode } from '../../src/system/errors.ts';
import { identityOf } from '../../src/system/identity.ts';
import { Users } from '../../src/users/users.ts';
import { canMount, withTmpfs } from '../platform/tmpfs.ts';
import { openIn } from '../store/open-in.ts';
import { temporaryFolder } from '../store/opened.ts';

const ports = { crypto: new NodeCrypto(), random: new NodeRandom(), clock: new NodeClock() };
const secret = new Uint8Array(Buffer.from('the private key of the CA'));

interface Router {
  readonly store: Store;
  readonly users: Users;
  readonly backup: Backup;
  readonly folder: string;
}

async function router(folder = temporaryFolder()): Promise<Router> {
  const store = await openIn(folder);
  onTestFinished(() => store.close());
  const files = await NodeFiles.open(join(folder, 'files'));
  return { store, folder, users: new Users({ store, ...ports }), backup: new Backup({ store, files, ...ports }) };
}

/** A router with something in every kind of column. */
async function usedRouter(): Promise<Router> {
  const used = await router();
  const { store, users } = used;
  identityOf(store).rename('gw-1');
  const removed = await users.add({ name: 'gone', group: 'read' });
  await users.add({ name: 'ann', group: 'write', password: 'p', comment: 'ünïcødé\n' });
  users.remove([removed]);
  store.transact(() => store.privateKeys.add(secret, false));
  return used;
}

/** All that a store holds, secrets opened. */
function contents({ store }: Router): unknown {
  return store.snapshot({
    seal: (owner, opened) => ({ sealed: opened.slice(), deviceKeyId: new Uint8Array([owner.id]) }),
    open: () => new Uint8Array(),
  });
}

/** Carries a backup from one router to another. */
function carry(from: Router, to: Router, name: string, change: (bytes: Buffer) => Uint8Array = (bytes) => bytes): void {
  writeFileSync(join(to.folder, 'files', name), change(readFileSync(join(from.folder, 'files', name))));
}

describe('a backup', () => {
  it('brings everything to another router, sealed there with the device key of that one', async () => {
    const [from, to] = [await usedRouter(), await router()];
    expect(await from.backup.save({ name: 'all', password: 'secret' })).toBe('all.backup');
    carry(from, to, 'all.backup');
    identityOf(to.store).rename('replaced');
    await to.users.add({ name: 'replaced', group: 'full' });
    await to.backup.load({ name: 'all', password: 'secret' });
    expect(contents(to)).toEqual(contents(from));
    expect(identityOf(to.store).name()).toBe('gw-1');
    expect(await to.users.authenticate('ann', 'p')).toMatchObject({ comment: 'ünïcødé\n' });
    expect(to.store.privateKeys.open(1)).toEqual(secret);
    expect(readFileSync(join(to.folder, 'device.key')).equals(readFileSync(join(from.folder, 'device.key')))).toBe(false);
  });

  it('gives no id of before again: it would be the uid of somebody who was removed, and their files', async () => {
    const one = await router();
    await one.backup.save({ name: 'old', password: 'secret' });
    const removed = await one.users.add({ name: 'ann', group: 'write' });
    one.users.remove([removed]);
    await one.backup.load({ name: 'old', password: 'secret' });
    expect(await one.users.add({ name: 'bob', group: 'write' })).toBeGreaterThan(removed);
    // Also where the backup has none of a kind.
    one.store.transact(() => one.store.privateKeys.add(secret, false));
    await one.backup.load({ name: 'old', password: 'secret' });
    expect(one.store.transact(() => one.store.privateKeys.add(secret, false))).toBe(2);
  });

  it('is there after the router restarts', async () => {
    const from = await usedRouter();
    const folder = temporaryFolder();
    const to = await router(folder);
    await from.backup.save({ name: 'all', password: 'secret' });
    carry(from, to, 'all.backup');
    await to.backup.load({ name: 'all.backup', password: 'secret' });
    to.store.close();
    const again = await router(folder);
    expect(contents(again)).toEqual(contents(from));
    expect(again.store.privateKeys.open(1)).toEqual(secret);
  });

  it('does not let an id be used again that was used before it', async () => {
    const [from, to] = [await usedRouter(), await router()];
    const last = await from.users.add({ name: 'last', group: 'read' });
    from.users.remove([last]);
    await from.backup.save({ name: 'all', password: 'secret' });
    carry(from, to, 'all.backup');
    await to.backup.load({ name: 'all', password: 'secret' });
    expect(await to.users.add({ name: 'new', group: 'read' })).toBe(last + 1);
  });

  it('leaves the router that it was taken of as it was', async () => {
    const from = await usedRouter();
    const before = contents(from);
    await from.backup.save({ name: 'all', password: 'secret' });
    expect(contents(from)).toEqual(before);
  });

  it('is named after the router and the time when no name is given', async () => {
    const { backup, store } = await router();
    identityOf(store).rename('../gw 1');
    expect(await backup.save({ password: 'secret' })).toMatch(/^_.*_gw_1-\d{8}-\d{4}\.backup$/);
  });

  it('is private, and shows nothing of what is in it', async () => {
    const { backup, folder } = await usedRouter();
    await backup.save({ name: 'all', password: 'secret' });
    const path = join(folder, 'files', 'all.backup');
    const bytes = readFileSync(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(['gw-1', 'ann', 'CREATE', 'user', 'the private key'].filter((text) => bytes.includes(text))).toEqual([]);
  });

  it('needs a password', async () => {
    const { backup, folder } = await router();
    await expect(backup.save({ name: 'all', password: '' })).rejects.toThrow(systemError('bad-value'));
    expect(readdirSync(join(folder, 'files'))).toEqual([]);
  });

  it.runIf(canMount)('that does not fit on the disk is not there at all', () =>
    withTmpfs('size=600k', async (folder) => {
      const { backup, store } = await router(folder);
      store.transact(() => store.settings.set('big', 'x'.repeat(150_000)));
      fillUp(join(folder, 'ballast'));
      await expect(backup.save({ name: 'all', password: 'secret' })).rejects.toThrow(expect.objectContaining({ code: 'full' }));
      expect(existsSync(join(folder, 'files', 'all.backup'))).toBe(false);
      store.close();
    }),
  );
});

describe('a backup that is refused, with the store as it was:', () => {
  const cases: [string, SystemErrorCode, (bytes: Buffer) => Uint8Array][] = [
    ['an empty file', 'not-a-backup', () => new Uint8Array()],
    ['a text file', 'not-a-backup', () => Buffer.from('my notes\n'.repeat(100))],
    ['a cut one', 'damaged', (bytes) => bytes.subarray(0, -1)],
    ['its beginning', 'damaged', (bytes) => bytes.subarray(0, 40)],
    ['one with something behind it', 'damaged', (bytes) => Buffer.concat([bytes, Buffer.of(0)])],
    ['one with a turned bit in the header', 'damaged', (bytes) => turned(bytes, 20)],
    ['one with a turned bit in the content', 'damaged', (bytes) => turned(bytes, 200)],
    ['one of a newer format', 'too-new', (bytes) => rehashed(altered(bytes, 8, 2))],
    ['one that asks for a gigabyte of memory', 'damaged', (bytes) => rehashed(altered(bytes, 9, 20))],
    ['one altered by somebody who knows the format', 'damaged', (bytes) => rehashed(turned(bytes, 200))],
    ['one whose check was altered', 'wrong-password', (bytes) => rehashed(turned(bytes, 50))],
  ];

  it.each(cases)('%s: %s', async (_, code, change) => {
    const used = await usedRouter();
    await used.backup.save({ name: 'all', password: 'secret' });
    carry(used, used, 'all.backup', change);
    await unchanged(used, () => expect(used.backup.load({ name: 'all', password: 'secret' })).rejects.toThrow(systemError(code)));
  });

  it('with a wrong password', async () => {
    const used = await usedRouter();
    await used.backup.save({ name: 'all', password: 'secret' });
    await unchanged(used, async () => {
      await expect(used.backup.load({ name: 'all', password: 'Secret' })).rejects.toThrow(systemError('wrong-password'));
      await expect(used.backup.load({ name: 'all', password: '' })).rejects.toThrow(systemError('wrong-password'));
    });
  });

  it('of a name that is not there, or leads outside', async () => {
    const used = await usedRouter();
    await unchanged(used, async () => {
      await expect(used.backup.load({ name: 'none', password: 'x' })).rejects.toThrow(expect.objectContaining({ code: 'no-such-file' }));
      await expect(used.backup.load({ name: '../device.key', password: 'x' })).rejects.toThrow(
        expect.objectContaining({ code: 'bad-name' }),
      );
      await expect(used.backup.save({ name: '../all', password: 'x' })).rejects.toThrow(expect.objectContaining({ code: 'bad-name' }));
    });
  });

  it('every byte of the header counts', async () => {
    const used = await router();
    await used.backup.save({ name: 'all', password: 'secret' });
    const whole = readFileSync(join(used.folder, 'files', 'all.backup'));
    const before = contents(used);
    for (let at = 0; at < 56; at += 5) {
      writeFileSync(join(used.folder, 'files', 'all.backup'), rehashed(turned(whole, at)));
      await expect(used.backup.load({ name: 'all', password: 'secret' })).rejects.toThrow(expect.objectContaining({ name: 'SystemError' }));
    }
    expect(contents(used)).toEqual(before);
  });
});

async function unchanged(router: Router, work: () => Promise<unknown>): Promise<void> {
  const before = contents(router);
  await work();
  expect(contents(router)).toEqual(before);
  expect(router.store.privateKeys.open(1)).toEqual(secret);
}

/** Writes until the disk is full. */
function fillUp(path: string): void {
  const fd = openSync(path, 'w');
  expect(() => {
    for (let i = 0; i < 10_000; i++) writeSync(fd, Buffer.alloc(1024));
  }).toThrow('ENOSPC');
  closeSync(fd);
}

function systemError(code: SystemErrorCode): unknown {
  return expect.objectContaining({ name: 'SystemError', code });
}

function altered(bytes: Buffer, at: number, value: number): Buffer {
  return Buffer.from(bytes.map((byte, i) => (i === at ? value : byte)));
}

function turned(bytes: Buffer, at: number): Buffer {
  return altered(bytes, at, (bytes[at] ?? 0) ^ 1);
}

/** With the hash at the end made right again. */
function rehashed(bytes: Buffer): Buffer {
  const content = bytes.subarray(0, -32);
  return Buffer.concat([content, ports.crypto.hash('sha256', content)]);
}

import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStoreFolder } from '../../src/platform/node/store-folder.ts';
import { type DeviceKeySource, deviceKeyFile } from '../../src/store/device-key.ts';
import type { StoreErrorCode } from '../../src/store/errors.ts';
import { openIn } from './open-in.ts';
import { temporaryFolder } from './opened.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'device.key');
});

/** A store that holds one private key; returns the bytes of its device key. */
async function withKey(): Promise<Buffer> {
  const store = await openIn(folder);
  store.transact(() => store.privateKeys.add(Uint8Array.of(1, 2, 3), true));
  store.close();
  return readFileSync(path);
}

async function privateKey(): Promise<Uint8Array | undefined> {
  const store = await openIn(folder);
  const opened = store.privateKeys.open(1);
  store.close();
  return opened;
}

describe('the device key', () => {
  it('is made once, with mode 0600', async () => {
    (await openIn(folder)).close();
    const first = readFileSync(path);
    (await openIn(folder)).close();
    expect(readFileSync(path).equals(first)).toBe(true);
    expect([first.length, statSync(path).mode & 0o777]).toEqual([32, 0o600]);
  });

  it('is made anew when nothing was sealed yet', async () => {
    (await openIn(folder)).close();
    rmSync(path);
    (await openIn(folder)).close();
    expect(existsSync(path)).toBe(true);
  });

  it('that is missing is never made anew over sealed keys', async () => {
    const key = await withKey();
    rmSync(path);
    await expect(openIn(folder)).rejects.toThrow(storeError('device-key-missing', /put it back/));
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, key);
    expect(await privateKey()).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('of another router is refused and left as it is', async () => {
    await withKey();
    const other = Buffer.alloc(32, 7);
    writeFileSync(path, other);
    await expect(openIn(folder)).rejects.toThrow(storeError('device-key-wrong', /put that back/));
    expect(readFileSync(path).equals(other)).toBe(true);
  });

  it('is named once in the error, however many secrets it sealed', async () => {
    const store = await openIn(folder);
    store.transact(() => [1, 2, 3].map((n) => store.privateKeys.add(Uint8Array.of(n), true)));
    store.close();
    rmSync(path);
    await expect(openIn(folder)).rejects.toThrow(storeError('device-key-missing', /^the device key [0-9a-f]{16} that seals/));
  });

  it.each([1, 31, 33, 65, 1000])('of %i bytes is damaged and left as it is', async (length) => {
    await withKey();
    truncateSync(path, length);
    await expect(openIn(folder)).rejects.toThrow(storeError('device-key-damaged', /must hold 32 bytes/));
    expect(statSync(path).size).toBe(length);
  });
});

describe('re-keying that is cut', () => {
  /** A source that fails at the `n`-th write: before it, as a cut just before; after it, as a cut just after. */
  async function cut(n: number, when: 'before' | 'after'): Promise<DeviceKeySource> {
    const places = await openStoreFolder(folder);
    const whole = deviceKeyFile(places.openSecrets, 'device.key');
    let writes = 0;
    return {
      read: () => whole.read(),
      async write(keys) {
        writes++;
        if (writes !== n || when === 'after') await whole.write(keys);
        if (writes === n) throw new Error('cut');
      },
    };
  }

  it.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)('at write %i of the key file, %s it, leaves a store that opens', async (n, when) => {
    await withKey();
    const store = await openIn(folder, { deviceKeys: await cut(n, when) });
    await expect(store.rekey()).rejects.toThrow('cut');
    store.close();
    expect(await privateKey()).toEqual(Uint8Array.of(1, 2, 3));
    expect(statSync(path).size).toBe(32);
  });
});

function storeError(code: StoreErrorCode, message: RegExp): unknown {
  return expect.objectContaining({ name: 'StoreError', code, message: expect.stringMatching(message) });
}

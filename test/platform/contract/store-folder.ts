import { chmodSync, chownSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { StoreFolder } from '../../../src/platform/store-folder.ts';
import { bytesOf } from './bytes.ts';

/** How a host opens the folder of a store, and a folder that is there to make one in. */
export interface StoreFolderHost {
  readonly parent: string;
  readonly open: (path: string) => Promise<StoreFolder>;
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

/** What every host must see to in the folder of a store. */
export function storeFolderContract(make: () => StoreFolderHost): void {
  describe('the folder of a store', () => {
    let parent: string;
    let folder: string;
    let open: StoreFolderHost['open'];

    beforeEach(() => {
      ({ parent, open } = make());
      folder = join(parent, 'store');
    });

    it('is made with those above it, for its owner alone', async () => {
      const deep = join(folder, 'a', 'b');
      expect((await open(deep)).database).toBe(join(deep, 'signet.db'));
      expect(modeOf(deep)).toBe(0o700);
      expect(readdirSync(deep)).toEqual([]);
    });

    it('keeps the files of /file apart from its own', async () => {
      const { openFiles, openSecrets } = await open(folder);
      await (await openFiles()).replace('a', bytesOf('x'));
      await (await openSecrets()).replace('device.key', bytesOf('x'), { secret: true });
      expect(readdirSync(folder)).toEqual(['device.key', 'files']);
      expect(readdirSync(join(folder, 'files'))).toEqual(['a']);
    });

    it('is erased at its next opening, where that was asked for', async () => {
      const { askErasure, openFiles, openSecrets } = await open(folder);
      await (await openSecrets()).replace('device.key', bytesOf('secret'), { secret: true });
      await (await openFiles()).replace('deep/a', bytesOf('x'));
      writeFileSync(join(folder, 'signet.db'), 'x');
      linkSync(join(folder, 'device.key'), join(parent, 'kept'));
      await open(folder);
      expect(readdirSync(folder)).toEqual(['device.key', 'files', 'signet.db']);
      await askErasure();
      expect(readdirSync(folder)).toContain('erase');
      await open(folder);
      expect(readdirSync(folder)).toEqual([]);
      expect([...readFileSync(join(parent, 'kept'))]).toEqual([0, 0, 0, 0, 0, 0]);
    });

    it('is erased to the end, where that was cut', async () => {
      const { askErasure } = await open(folder);
      writeFileSync(join(folder, 'signet.db-wal'), 'x');
      await askErasure();
      await open(folder);
      expect(readdirSync(folder)).toEqual([]);
    });

    it.each([
      ['that is empty', () => undefined],
      ['that is a store', () => writeFileSync(join(folder, 'signet.db'), '')],
    ])('%s is taken away from others', async (_, fill) => {
      mkdirSync(folder);
      chmodSync(folder, 0o755);
      fill();
      await open(folder);
      expect(modeOf(folder)).toBe(0o700);
    });

    it('that holds other things and is open to others is refused and left as it is', async () => {
      mkdirSync(folder);
      chmodSync(folder, 0o755);
      writeFileSync(join(folder, 'notes'), '');
      await expect(open(folder)).rejects.toThrow('give the store a folder of its own');
      expect(modeOf(folder)).toBe(0o755);
    });

    it.runIf(process.getuid?.() === 0)(
      'of somebody else is refused, even to root: its owner could read it and put keys in it',
      async () => {
        mkdirSync(folder, { mode: 0o700 });
        chownSync(folder, 12_345, 12_345);
        await expect(open(folder)).rejects.toThrow('belongs to another user');
        expect(readdirSync(folder)).toEqual([]);
      },
    );

    it('that holds other things but is closed to others is taken', async () => {
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(join(folder, 'notes'), '');
      await open(folder);
      expect(readdirSync(folder)).toEqual(['notes']);
    });

    it('may be reached by a link', async () => {
      mkdirSync(folder, { mode: 0o700 });
      symlinkSync(folder, join(parent, 'link'));
      const { openFiles } = await open(join(parent, 'link'));
      await (await openFiles()).replace('a', bytesOf('x'));
      expect(readdirSync(join(folder, 'files'))).toEqual(['a']);
    });

    it('can not be a file', async () => {
      writeFileSync(folder, 'mine');
      await expect(open(folder)).rejects.toThrow(expect.objectContaining({ name: 'FileError', code: 'exists' }));
    });
  });
}

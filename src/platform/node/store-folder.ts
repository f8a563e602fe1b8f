import { chmod, mkdir, open, readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { geteuid } from 'node:process';
import { systemCode } from '../common/file-names.ts';
import { type FolderHost, prepareStoreFolder } from '../common/store-folder.ts';
import type { StoreFolder } from '../store-folder.ts';
import { NodeFiles } from './files.ts';
import { NodeFolder } from './folder.ts';

const host: FolderHost = {
  async make(path, mode) {
    try {
      await mkdir(path, mode);
      return true;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return false;
      throw error;
    }
  },
  async status(path) {
    const stats = await stat(path);
    return { isFolder: stats.isDirectory(), mode: stats.mode, isOwn: stats.uid === geteuid?.() };
  },
  entries: (path) => readdir(path),
  chmod: (path, mode) => chmod(path, mode),
  async sync(path) {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  openFiles: (path) => NodeFiles.open(path),
  openFolder: (path) => NodeFolder.open(path),
};

/** The folder of a store by Node, by any path. Throws `FileError`. */
export function openStoreFolder(path: string): Promise<StoreFolder> {
  return prepareStoreFolder(resolve(path), host);
}

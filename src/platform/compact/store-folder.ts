import { chmod, makeFolder, openFolder, statusOfFolder, syncFolder } from 'signet:files';
import { type FolderHost, prepareStoreFolder } from '../common/store-folder.ts';
import type { StoreFolder } from '../store-folder.ts';
import { CompactFiles } from './files.ts';
import { CompactFolder } from './folder.ts';
import { absolute } from './path.ts';

const host: FolderHost = {
  make: async (path, mode) => makeFolder(path, mode),
  status: async (path) => statusOfFolder(path),
  entries: async (path) => openFolder(path).entries(),
  chmod: async (path, mode) => chmod(path, mode),
  sync: async (path) => syncFolder(path),
  openFiles: (path) => CompactFiles.open(path),
  openFolder: (path) => CompactFolder.open(path),
};

/** The folder of a store, by any path. Throws `FileError`. */
export function openStoreFolder(path: string): Promise<StoreFolder> {
  return prepareStoreFolder(absolute(path), host);
}

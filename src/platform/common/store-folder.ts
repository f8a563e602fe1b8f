import { FileError, type Files } from '../files.ts';
import type { StoreFolder } from '../store-folder.ts';
import { fileError } from './file-names.ts';
import type { Folder } from './folder.ts';

const databaseName = 'signet.db';
/** Holds the keys that seal the store; destroyed before anything else. */
const deviceKeyName = 'device.key';
/** Where the daemon listens that is being reset: those who come meanwhile wait there. */
const socketName = 'console.sock';
/** Its presence says that the store is to be erased. */
const erasureName = 'erase';

/** What making the folder of a store takes of a host. Failures have the system's name for a `code`. */
export interface FolderHost {
  /** Makes one folder in a folder that is there; false where there is something of that name. */
  make(path: string, mode: number): Promise<boolean>;
  /** What it is, its mode, and whether it belongs to the user of this process. */
  status(path: string): Promise<{ readonly isFolder: boolean; readonly mode: number; readonly isOwn: boolean }>;
  entries(path: string): Promise<readonly string[]>;
  chmod(path: string, mode: number): Promise<void>;
  /** Makes the names in a folder durable. */
  sync(path: string): Promise<void>;
  openFiles(path: string): Promise<Files>;
  /** Opens a folder for `erase`. */
  openFolder(path: string): Promise<ErasedFolder>;
}

/** What erasing a store takes of its folder. */
type ErasedFolder = Pick<Folder<never>, 'entries' | 'wipe' | 'remove' | 'sync' | 'close'>;

/**
 * Makes the folder for its owner alone, or takes it away from others; one that serves something else or belongs to another user, who could
 * read the store and put a device key of their own in it, is refused. `folder` is an absolute path. Throws `FileError`.
 */
export async function prepareStoreFolder(folder: string, host: FolderHost): Promise<StoreFolder> {
  try {
    await makeFolders(folder, host);
    const { isFolder, mode, isOwn } = await host.status(folder);
    if (!isFolder) throw new FileError('exists', folder, `file already exists: ${folder}`);
    if (!isOwn) throw new FileError('not-permitted', folder, `${folder} belongs to another user: give the store a folder of its own`);
    if ((mode & 0o077) !== 0) await takeAway(folder, host);
    if ((await host.entries(folder)).includes(erasureName)) await erase(folder, host);
  } catch (error) {
    throw fileError(error, folder);
  }
  return {
    database: `${folder}/${databaseName}`,
    askErasure: async () => {
      await (await host.openFiles(folder)).replace(erasureName, new Uint8Array(0), { secret: true });
    },
    openSecrets: () => host.openFiles(folder),
    openFiles: () => host.openFiles(`${folder}/files`),
  };
}

/** Cut at any moment, it goes on when the folder is opened again: the note that asks for it goes last. */
async function erase(path: string, host: FolderHost): Promise<void> {
  const folder = await host.openFolder(path);
  try {
    const entries = await folder.entries();
    if (entries.includes(deviceKeyName)) {
      await folder.wipe(deviceKeyName);
      await folder.remove(deviceKeyName);
      await folder.sync();
    }
    for (const entry of entries) if (![deviceKeyName, erasureName, socketName].includes(entry)) await folder.remove(entry);
    await folder.sync();
    await folder.remove(erasureName);
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Makes the folder and those above it that are missing, each name durable: what is in a folder is lost with the folder's own name. */
async function makeFolders(folder: string, host: FolderHost): Promise<void> {
  const parent = folder.slice(0, Math.max(folder.lastIndexOf('/'), 1));
  let made: boolean;
  try {
    made = await host.make(folder, 0o700);
  } catch (error) {
    if (parent === folder || !(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await makeFolders(parent, host);
    made = await host.make(folder, 0o700);
  }
  if (made) await host.sync(parent);
}

/** From others than its owner: an empty folder or a store, but not somebody's home or /tmp. */
async function takeAway(folder: string, host: FolderHost): Promise<void> {
  const entries = await host.entries(folder);
  if (entries.length > 0 && !entries.includes(databaseName))
    throw new FileError('not-permitted', folder, `${folder} holds other things and is open to others: give the store a folder of its own`);
  await host.chmod(folder, 0o700);
}

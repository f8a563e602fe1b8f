import { chmod, mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { geteuid } from 'node:process';
import { FileError, type Files } from '../files.ts';
import { fileError } from './files/names.ts';
import { NodeFiles } from './files.ts';

const databaseName = 'signet.db';

/** Where things lie in the folder of a store. */
export interface StoreFolder {
  /** Path of the database. */
  readonly database: string;
  /** Path of the socket that consoles attach to. */
  readonly socket: string;
  /** The folder itself, for the device key; to be opened while the database is owned. */
  readonly openSecrets: () => Promise<Files>;
  /** The files of /file; to be opened while the database is owned. */
  readonly openFiles: () => Promise<Files>;
}

/**
 * Makes the folder for its owner alone, or takes it away from others; one that serves something else or belongs to another user, who could
 * read the store and put a device key of their own in it, is refused. Throws `FileError`.
 */
export async function openStoreFolder(path: string): Promise<StoreFolder> {
  const folder = resolve(path);
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncNames(dirname(made), folder);
    const { mode, uid } = await stat(folder);
    if (uid !== geteuid?.())
      throw new FileError('not-permitted', folder, `${folder} belongs to another user: give the store a folder of its own`);
    if ((mode & 0o077) !== 0) await takeAway(folder);
  } catch (error) {
    throw fileError(error, folder);
  }
  return {
    database: join(folder, databaseName),
    socket: join(folder, 'console.sock'),
    openSecrets: () => NodeFiles.open(folder),
    openFiles: () => NodeFiles.open(join(folder, 'files')),
  };
}

/** From others than its owner: an empty folder or a store, but not somebody's home or /tmp. */
async function takeAway(folder: string): Promise<void> {
  const entries = await readdir(folder);
  if (entries.length > 0 && !entries.includes(databaseName))
    throw new FileError('not-permitted', folder, `${folder} holds other things and is open to others: give the store a folder of its own`);
  await chmod(folder, 0o700);
}

/** Makes the names from `first` down to `last` durable: what is in a folder is lost with the folder's own name. */
async function syncNames(first: string, last: string): Promise<void> {
  for (let folder = dirname(last); folder.startsWith(first); folder = dirname(folder)) {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (folder === first) return;
  }
}

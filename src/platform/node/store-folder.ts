import { chmod, mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Files } from '../files.ts';
import { fileError } from './files/names.ts';
import { NodeFiles } from './files.ts';

/** Where things lie in the folder of a store. */
export interface StoreFolder {
  /** Path of the database. */
  readonly database: string;
  /** Path of the socket that consoles attach to. */
  readonly socket: string;
  /** The folder itself, for the device key; to be opened while the database is owned. */
  openSecrets(): Promise<Files>;
  /** The files of /file; to be opened while the database is owned. */
  openFiles(): Promise<Files>;
}

/** Makes the folder for its owner alone, or takes it away from others. Throws `FileError`. */
export async function openStoreFolder(path: string): Promise<StoreFolder> {
  const folder = resolve(path);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, 0o700);
  } catch (error) {
    throw fileError(error, folder);
  }
  return {
    database: join(folder, 'signet.db'),
    socket: join(folder, 'console.sock'),
    openSecrets: () => NodeFiles.open(folder),
    openFiles: () => NodeFiles.open(join(folder, 'files')),
  };
}

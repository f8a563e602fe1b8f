import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rmdir, unlink } from 'node:fs/promises';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/**
 * A folder held open. What is in it is reached through its descriptor (`/proc/self/fd/N/name` is Linux' way of openat(2)), so that
 * nobody can put a link or another folder in its place between a check and a use.
 */
export class Folder {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(path: string | Buffer, flags = 0): Promise<Folder> {
    return new Folder(await open(path, O_RDONLY | O_DIRECTORY | flags));
  }

  /** The path of an entry, for system calls that do not follow a link at its end. */
  at(entry: string | Buffer): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.#handle.fd}/`), Buffer.from(entry)]);
  }

  /** The folder `entry` in this one; fails with ENOTDIR or ELOOP for a link. */
  enter(entry: string | Buffer): Promise<Folder> {
    return Folder.open(this.at(entry), O_NOFOLLOW);
  }

  /** Makes a folder, durably, unless there is an entry of that name. */
  async make(entry: string): Promise<void> {
    await mkdir(this.at(entry), 0o755).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    await this.sync();
  }

  /** The names in this folder, as bytes: not every name is UTF-8. */
  async entries(): Promise<Buffer[]> {
    const names = await readdir(this.at('.'), { encoding: 'buffer' });
    return names.sort((a, b) => Buffer.compare(a, b));
  }

  /** Takes an entry away with all that a folder holds; a link is taken away itself, never followed. */
  async remove(entry: string | Buffer): Promise<void> {
    const path = this.at(entry);
    if (!(await lstat(path)).isDirectory()) return unlink(path);
    const folder = await this.enter(entry);
    try {
      for (const name of await folder.entries()) await folder.remove(name);
    } finally {
      await folder.close();
    }
    await rmdir(path);
  }

  /** Makes what was added, renamed or removed here durable. */
  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The errno name of a system error: "ENOENT". */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

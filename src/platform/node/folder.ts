import { constants, type Stats } from 'node:fs';
import { chmod, chown, type FileHandle, lstat, mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { systemCode } from '../common/file-names.ts';
import type { EntryStatus, Folder } from '../common/folder.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/** A folder held open by Node: `/proc/self/fd/N/name` is Linux' way of openat(2). */
export class NodeFolder implements Folder<NodeFolder> {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(path: string | Buffer, flags = 0): Promise<NodeFolder> {
    return new NodeFolder(await open(path, O_RDONLY | O_DIRECTORY | flags));
  }

  enter(entry: string | Buffer): Promise<NodeFolder> {
    return NodeFolder.open(this.#at(entry), O_NOFOLLOW);
  }

  async make(entry: string): Promise<void> {
    await mkdir(this.#at(entry), 0o755).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    await this.sync();
  }

  async entries(): Promise<string[]> {
    const names = await this.#names();
    return names.map((name) => name.toString('utf8')).filter((name, i) => names[i]?.equals(Buffer.from(name)));
  }

  async status(entry: string): Promise<EntryStatus | undefined> {
    try {
      return statusOf(await lstat(this.#at(entry)));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async read(entry: string, limit: number): Promise<{ readonly size: number; readonly content?: Uint8Array } | undefined> {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    const handle = await open(this.#at(entry), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return undefined;
      const { size } = stats;
      if (size > limit) return { size };
      const content = new Uint8Array(size);
      let length = 0;
      while (length < content.length) {
        const { bytesRead } = await handle.read(content, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return { size, content: content.subarray(0, length) };
    } finally {
      await handle.close();
    }
  }

  async write(entry: string, content: Uint8Array, mode: number): Promise<void> {
    const handle = await open(this.#at(entry), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    try {
      // The mode at creation went through the umask; it only ever gets narrower there.
      await handle.chmod(mode);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async adopt(entry: string, like: string): Promise<void> {
    const { uid, gid, mode } = await lstat(this.#at(like));
    const path = this.#at(entry);
    await chown(path, uid, gid);
    await chmod(path, mode & 0o7777);
  }

  async wipe(entry: string): Promise<void> {
    const handle = await open(this.#at(entry), O_WRONLY | O_NOFOLLOW);
    try {
      await handle.write(new Uint8Array((await handle.stat()).size), 0);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  move(entry: string, to: NodeFolder, name: string): Promise<void> {
    return rename(this.#at(entry), to.#at(name));
  }

  async remove(entry: string | Buffer): Promise<void> {
    const path = this.#at(entry);
    if (!(await lstat(path)).isDirectory()) return unlink(path);
    const folder = await this.enter(entry);
    try {
      for (const name of await folder.#names()) await folder.remove(name);
    } finally {
      await folder.close();
    }
    await rmdir(path);
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** The path of an entry, for system calls that do not follow a link at its end. */
  #at(entry: string | Buffer): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.#handle.fd}/`), Buffer.from(entry)]);
  }

  /** The names in this folder, as bytes: not every name is UTF-8. */
  async #names(): Promise<Buffer[]> {
    const names = await readdir(this.#at('.'), { encoding: 'buffer' });
    return names.sort((a, b) => Buffer.compare(a, b));
  }
}

function statusOf(stats: Stats): EntryStatus {
  const type = stats.isSymbolicLink() ? 'link' : stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
  const modified = stats.mtimeMs / 1000;
  return { type, size: stats.size, modified, created: stats.birthtimeMs > 0 ? stats.birthtimeMs / 1000 : modified };
}

import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { type FileEntry, FileError, type FileStatus, type Files } from '../files.ts';
import { Folder, systemCode } from './files/folder.ts';
import { deepest, fileError, isPart, partsOf, unfinished } from './files/names.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

/**
 * The files below one folder. Every part of a name is opened relative to the descriptor of the one before it and without following
 * links, so there is no moment at which another process could lead it outside. What remains: `rename` looks for the target
 * before it renames, so a file that another process makes in between is replaced; and hard links can not be told from files.
 */
export class NodeFiles implements Files {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * The files below `root`, which is made (mode 0700) if it is not there. Clears away what a crash left half-written, so only
   * the owner of the store may open them.
   */
  static async open(root: string): Promise<NodeFiles> {
    await mkdir(root, { mode: 0o700 }).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw fileError(error, root);
    });
    const files = new NodeFiles(root);
    await files.#within([], root, (folder) => clear(folder));
    return files;
  }

  async list(): Promise<FileEntry[]> {
    return this.#within([], '', (folder) => listing(folder, ''));
  }

  async status(name: string): Promise<FileStatus> {
    const [folders, entry] = partsOf(name);
    return this.#within(folders, name, async (folder) => {
      const status = statusOf(await lstat(folder.at(entry)), name);
      if (status === undefined) throw new FileError('not-a-file', name, `not a file: ${name}`);
      return status;
    });
  }

  async read(name: string, limit: number): Promise<Uint8Array> {
    const [folders, entry] = partsOf(name);
    return this.#within(folders, name, async (folder) => {
      // O_NONBLOCK: opening a FIFO must not wait for a writer.
      const handle = await open(folder.at(entry), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const stats = await handle.stat();
        if (!stats.isFile()) throw new FileError('not-a-file', name, `not a file: ${name}`);
        if (stats.size > limit)
          throw new FileError('too-large', name, `file too large: ${name} has ${stats.size} bytes, at most ${limit} are read`);
        const content = new Uint8Array(stats.size);
        let length = 0;
        while (length < content.length) {
          const { bytesRead } = await handle.read(content, length);
          if (bytesRead === 0) break;
          length += bytesRead;
        }
        return content.subarray(0, length);
      } finally {
        await handle.close();
      }
    });
  }

  async replace(name: string, content: Uint8Array, { secret = false }: { readonly secret?: boolean } = {}): Promise<void> {
    const [folders, entry] = partsOf(name);
    await this.#within(
      folders,
      name,
      async (folder) => {
        const old = await statsOf(folder, entry);
        if (old !== undefined && statusOf(old, name)?.type !== 'file') throw new FileError('not-a-file', name, `not a file: ${name}`);
        const temporary = folder.at(`.signet-${randomBytes(8).toString('hex')}`);
        try {
          await write(temporary, content, secret ? 0o600 : 0o644);
          await rename(temporary, folder.at(entry));
        } catch (error) {
          await unlink(temporary).catch(() => undefined);
          throw error;
        }
        await folder.sync();
      },
      { make: true },
    );
  }

  async remove(name: string): Promise<void> {
    const [folders, entry] = partsOf(name);
    await this.#within(folders, name, async (folder) => {
      statusOf(await lstat(folder.at(entry)), name);
      await folder.remove(entry);
      await folder.sync();
    });
  }

  async makeFolder(name: string): Promise<void> {
    const [folders, entry] = partsOf(name);
    await this.#within(folders, name, async (folder) => {
      if ((await statsOf(folder, entry)) !== undefined) throw new FileError('exists', name, `file already exists: ${name}`);
      await folder.make(entry);
    });
  }

  async rename(from: string, to: string): Promise<void> {
    const [sourceFolders, source] = partsOf(from);
    const [targetFolders, target] = partsOf(to);
    await this.#within(sourceFolders, from, async (sourceFolder) => {
      statusOf(await lstat(sourceFolder.at(source)), from);
      await this.#within(targetFolders, to, async (targetFolder) => {
        if ((await statsOf(targetFolder, target)) !== undefined) throw new FileError('exists', to, `file already exists: ${to}`);
        await rename(sourceFolder.at(source), targetFolder.at(target));
        await targetFolder.sync();
      });
      await sourceFolder.sync();
    });
  }

  /** Runs `work` in the folder of that path, and tells every failure as one of the file `name`. */
  async #within<T>(path: readonly string[], name: string, work: (folder: Folder) => Promise<T>, { make = false } = {}): Promise<T> {
    try {
      let folder = await Folder.open(this.#root);
      try {
        for (const part of path) {
          if (make && (await statsOf(folder, part)) === undefined) await folder.make(part);
          const next = await folder.enter(part);
          await folder.close();
          folder = next;
        }
        return await work(folder);
      } finally {
        await folder.close();
      }
    } catch (error) {
      throw fileError(error, name);
    }
  }
}

async function write(path: Buffer, content: Uint8Array, mode: number): Promise<void> {
  const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    // The mode at creation went through the umask; it only ever gets narrower there.
    await handle.chmod(mode);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function statsOf(folder: Folder, entry: string): Promise<Stats | undefined> {
  try {
    return await lstat(folder.at(entry));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What the port tells of an entry; undefined for a special file, an error for a link. */
function statusOf(stats: Stats, name: string): FileStatus | undefined {
  if (stats.isSymbolicLink()) throw new FileError('bad-name', name, `a part of the name is a link: ${name}`);
  if (!stats.isFile() && !stats.isDirectory()) return undefined;
  const modified = stats.mtimeMs / 1000;
  return {
    type: stats.isFile() ? 'file' : 'directory',
    size: stats.isFile() ? stats.size : 0,
    modified,
    created: stats.birthtimeMs > 0 ? stats.birthtimeMs / 1000 : modified,
  };
}

async function listing(folder: Folder, prefix: string, depth = 0): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const bytes of await folder.entries()) {
    const entry = bytes.toString('utf8');
    if (!Buffer.from(entry).equals(bytes) || !isPart(entry)) continue;
    const stats = await statsOf(folder, entry);
    if (stats === undefined || stats.isSymbolicLink()) continue;
    const name = prefix + entry;
    const status = statusOf(stats, name);
    if (status === undefined) continue;
    entries.push({ name, ...status });
    if (status.type === 'file' || depth + 1 >= deepest) continue;
    entries.push(...(await inside(folder, entry, (inner) => listing(inner, `${name}/`, depth + 1), [])));
  }
  return entries;
}

async function clear(folder: Folder, depth = 0): Promise<void> {
  for (const bytes of await folder.entries()) {
    const entry = bytes.toString('latin1');
    if (unfinished.test(entry)) await unlink(folder.at(entry));
    else if ((await lstat(folder.at(bytes))).isDirectory() && depth + 1 < deepest)
      await inside(folder, bytes, (inner) => clear(inner, depth + 1), undefined);
  }
}

/** Runs `work` in the folder `entry`; `otherwise` if it is gone or may not be entered. */
async function inside<T>(folder: Folder, entry: string | Buffer, work: (folder: Folder) => Promise<T>, otherwise: T): Promise<T> {
  let inner: Folder;
  try {
    inner = await folder.enter(entry);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'].includes(systemCode(error) ?? '')) return otherwise;
    throw error;
  }
  try {
    return await work(inner);
  } finally {
    await inner.close();
  }
}

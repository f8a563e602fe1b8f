import { hex } from '../../bytes/hex.ts';
import { type FileEntry, FileError, type FileStatus, type Files } from '../files.ts';
import type { Random } from '../random.ts';
import { deepest, fileError, isPart, partsOf, systemCode, unfinished } from './file-names.ts';
import type { EntryStatus, Folder } from './folder.ts';

/**
 * The files below one folder. Every part of a name is opened relative to the folder before it and without following links, so there is no
 * moment at which another process could lead it outside. What remains: `rename` looks for the target before it renames, so a file that another
 * process makes in between is replaced; and hard links can not be told from files.
 */
export class FolderFiles<Host extends Folder<Host>> implements Files {
  readonly #openRoot: () => Promise<Host>;
  readonly #random: Random;

  protected constructor(openRoot: () => Promise<Host>, random: Random) {
    this.#openRoot = openRoot;
    this.#random = random;
  }

  /** Clears away what a crash left half-written; for the owner of the store alone. `root` is for messages. */
  protected clear(root: string): Promise<void> {
    return this.#within([], root, (folder) => clear(folder));
  }

  list(): Promise<FileEntry[]> {
    return this.#within([], '', (folder) => listing(folder, ''));
  }

  async status(name: string): Promise<FileStatus> {
    const [folders, entry] = partsOf(name);
    return this.#within(folders, name, async (folder) => {
      const status = shown(await present(folder, entry, name), name);
      if (status === undefined) throw notAFile(name);
      return status;
    });
  }

  async read(name: string, limit: number): Promise<Uint8Array> {
    const [folders, entry] = partsOf(name);
    return this.#within(folders, name, async (folder) => {
      const file = await folder.read(entry, limit);
      if (file === undefined) throw notAFile(name);
      const { size, content } = file;
      if (content === undefined)
        throw new FileError('too-large', name, `file too large: ${name} has ${size} bytes, at most ${limit} are read`);
      return content;
    });
  }

  async replace(name: string, content: Uint8Array, { secret = false, keepsAccess = false } = {}): Promise<void> {
    const [folders, entry] = partsOf(name);
    await this.#within(
      folders,
      name,
      async (folder) => {
        const old = await folder.status(entry);
        if (old !== undefined && shown(old, name)?.type !== 'file') throw notAFile(name);
        const temporary = `.signet-${hex(this.#random.bytes(8))}`;
        try {
          await folder.write(temporary, content, secret ? 0o600 : 0o644);
          if (keepsAccess && old !== undefined) await folder.adopt(temporary, entry);
          await folder.move(temporary, folder, entry);
        } catch (error) {
          await folder.remove(temporary).catch(() => undefined);
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
      shown(await present(folder, entry, name), name);
      await folder.remove(entry);
      await folder.sync();
    });
  }

  async makeFolder(name: string): Promise<void> {
    const [folders, entry] = partsOf(name);
    await this.#within(folders, name, async (folder) => {
      if ((await folder.status(entry)) !== undefined) throw new FileError('exists', name, `file already exists: ${name}`);
      await folder.make(entry);
    });
  }

  async rename(from: string, to: string): Promise<void> {
    const [sourceFolders, source] = partsOf(from);
    const [targetFolders, target] = partsOf(to);
    await this.#within(sourceFolders, from, async (sourceFolder) => {
      shown(await present(sourceFolder, source, from), from);
      await this.#within(targetFolders, to, async (targetFolder) => {
        if ((await targetFolder.status(target)) !== undefined) throw new FileError('exists', to, `file already exists: ${to}`);
        await sourceFolder.move(source, targetFolder, target);
        await targetFolder.sync();
      });
      await sourceFolder.sync();
    });
  }

  /** Runs `work` in the folder of that path, and tells every failure as one of the file `name`. */
  async #within<T>(path: readonly string[], name: string, work: (folder: Host) => Promise<T>, { make = false } = {}): Promise<T> {
    try {
      let folder = await this.#openRoot();
      try {
        for (const part of path) {
          if (make && (await folder.status(part)) === undefined) await folder.make(part);
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

function notAFile(name: string): FileError {
  return new FileError('not-a-file', name, `not a file: ${name}`);
}

async function present<Host extends Folder<Host>>(folder: Host, entry: string, name: string): Promise<EntryStatus> {
  const status = await folder.status(entry);
  if (status === undefined) throw new FileError('no-such-file', name, `no such file: ${name}`);
  return status;
}

/** What the port tells of an entry; undefined for a special file, an error for a link. */
function shown({ type, size, modified, created }: EntryStatus, name: string): FileStatus | undefined {
  if (type === 'link') throw new FileError('bad-name', name, `a part of the name is a link: ${name}`);
  return type === 'other' ? undefined : { type, size: type === 'file' ? size : 0, modified, created };
}

async function listing<Host extends Folder<Host>>(folder: Host, prefix: string, depth = 0): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  for (const entry of await folder.entries()) {
    if (!isPart(entry)) continue;
    const found = await folder.status(entry);
    if (found === undefined || found.type === 'link') continue;
    const name = prefix + entry;
    const status = shown(found, name);
    if (status === undefined) continue;
    entries.push({ name, ...status });
    if (status.type === 'file' || depth + 1 >= deepest) continue;
    entries.push(...(await inside(folder, entry, (inner) => listing(inner, `${name}/`, depth + 1), [])));
  }
  return entries;
}

async function clear<Host extends Folder<Host>>(folder: Host, depth = 0): Promise<void> {
  for (const entry of await folder.entries()) {
    if (unfinished.test(entry)) await folder.remove(entry);
    else if ((await folder.status(entry))?.type === 'directory' && depth + 1 < deepest)
      await inside(folder, entry, (inner) => clear(inner, depth + 1), undefined);
  }
}

/** Runs `work` in the folder `entry`; `otherwise` if it is gone or may not be entered. */
async function inside<Host extends Folder<Host>, T>(
  folder: Host,
  entry: string,
  work: (folder: Host) => Promise<T>,
  otherwise: T,
): Promise<T> {
  let inner: Host;
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

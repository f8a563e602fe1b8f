import { fromUtf8Lossy, utf8 } from '../bytes/utf8.ts';
import { type FileEntry, FileError, type Files } from '../platform/files.ts';
import { isSecret, renameFile } from './secrecy.ts';

/** Longest file whose contents are shown or set at the console, in bytes: RouterOS' limit. */
export const contentsLimit = 60 * 1024;

/** Longest file that is copied. */
const copyLimit = 64 * 1024 * 1024;

/** A file or folder of the router. */
export interface FileItem {
  readonly id: number;
  /** "vpn/ann.p12" */
  readonly name: string;
  /** "directory", "backup", "script", ".crt file", "file" */
  readonly type: string;
  readonly size: number;
  /** Seconds since 1970 UTC. */
  readonly created: number;
  readonly modified: number;
  /** Its text, where one file was asked for and is not too long. */
  readonly contents: string | undefined;
  /** It holds, or by its name should hold, a private key. */
  readonly secret: boolean;
}

/** `/file`: the files below the store's folder `files`. Failures are `FileError`s. */
export class RouterFiles {
  readonly #files: Files;
  /** Ids live as long as the program: a file has none of its own. */
  readonly #ids = new Map<string, number>();
  #next = 1;

  constructor(files: Files) {
    this.#files = files;
  }

  /** The names, for completion: none where they can not be read. */
  async names(): Promise<string[]> {
    try {
      return (await this.list()).map(({ name }) => name);
    } catch (error) {
      if (error instanceof FileError) return [];
      throw error;
    }
  }

  /** In the order of their making; without contents. */
  async list(): Promise<FileItem[]> {
    const entries = await this.#files.list();
    const there = new Set(entries.map((entry) => entry.name));
    for (const name of this.#ids.keys()) if (!there.has(name)) this.#ids.delete(name);
    return entries.toSorted((a, b) => a.created - b.created).map((entry) => this.#item(entry, undefined));
  }

  async withId(id: number): Promise<FileItem | undefined> {
    for (const [name, known] of this.#ids) if (known === id) return this.withName(name);
    return undefined;
  }

  /** Is there a file or folder of this name? */
  async has(name: string): Promise<boolean> {
    return (await unlessMissing(() => this.#files.status(name))) !== undefined;
  }

  /** The file with its contents; undefined if there is none. */
  withName(name: string): Promise<FileItem | undefined> {
    return unlessMissing(async () => {
      const status = await this.#files.status(name);
      const readable = status.type === 'file' && status.size <= contentsLimit;
      const contents = readable ? fromUtf8Lossy(await this.#files.read(name, contentsLimit)) : undefined;
      return this.#item({ name, ...status }, contents);
    });
  }

  /** Makes a file, or a folder; `exists` for a name that is taken. Returns its id. */
  async add(name: string, contents: string, type: 'file' | 'directory'): Promise<number> {
    if (type === 'directory') {
      await this.#files.makeFolder(name);
    } else {
      await this.#checkFree(name);
      await this.#files.replace(name, utf8(contents), { secret: isSecret(name) });
    }
    return this.#id(name);
  }

  async setContents(item: FileItem, contents: string): Promise<void> {
    if (item.type === 'directory') throw new FileError('not-a-file', item.name, `${item.name} is a directory`);
    await this.#files.replace(item.name, utf8(contents), { secret: isSecret(item.name) });
  }

  /** The file keeps its id. */
  async rename(item: FileItem, name: string): Promise<void> {
    await renameFile(this.#files, item.name, name, item.type === 'directory' ? undefined : copyLimit);
    this.#ids.delete(item.name);
    this.#ids.set(name, item.id);
  }

  async remove(item: FileItem): Promise<void> {
    await this.#files.remove(item.name);
    this.#ids.delete(item.name);
  }

  async copy(item: FileItem, name: string): Promise<void> {
    await this.#checkFree(name);
    await this.#files.replace(name, await this.#files.read(item.name, copyLimit), { secret: isSecret(item.name) || isSecret(name) });
  }

  async #checkFree(name: string): Promise<void> {
    if (await this.has(name)) throw new FileError('exists', name, 'a file of this name already exists');
  }

  #item(entry: FileEntry, contents: string | undefined): FileItem {
    const { name, size, created, modified } = entry;
    return {
      id: this.#id(name),
      name,
      type: typeOf(entry),
      size,
      created,
      modified,
      contents,
      secret: isSecret(name) || contents?.includes('PRIVATE KEY-----') === true,
    };
  }

  #id(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const id = this.#next++;
    this.#ids.set(name, id);
    return id;
  }
}

const types: Readonly<Record<string, string>> = { backup: 'backup', rsc: 'script' };

function typeOf({ type, name }: FileEntry): string {
  if (type === 'directory') return 'directory';
  const ending = /[^/.]\.([^./]+)$/.exec(name)?.[1];
  return ending === undefined ? 'file' : (types[ending] ?? `.${ending} file`);
}

/** What `work` finds; undefined if the name is of no file, or can be of none. */
async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileError && (error.code === 'no-such-file' || error.code === 'bad-name')) return undefined;
    throw error;
  }
}

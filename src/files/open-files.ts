import { type FileEntry, FileError, type FileStatus, type Files } from '../platform/files.ts';

/**
 * The files of a router while it is open. Once it is closed another may be in its place, to which nothing of this one may be written: whoever
 * is still at work is refused.
 */
export class OpenFiles implements Files {
  readonly #files: Files;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  constructor(files: Files) {
    this.#files = files;
  }

  list(): Promise<FileEntry[]> {
    return this.#while('', () => this.#files.list());
  }

  status(name: string): Promise<FileStatus> {
    return this.#while(name, () => this.#files.status(name));
  }

  read(name: string, limit: number): Promise<Uint8Array> {
    return this.#while(name, () => this.#files.read(name, limit));
  }

  replace(name: string, content: Uint8Array, options?: Parameters<Files['replace']>[2]): Promise<void> {
    return this.#while(name, () => this.#files.replace(name, content, options));
  }

  remove(name: string): Promise<void> {
    return this.#while(name, () => this.#files.remove(name));
  }

  makeFolder(name: string): Promise<void> {
    return this.#while(name, () => this.#files.makeFolder(name));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#while(from, () => this.#files.rename(from, to));
  }

  /** Refuses everything from now on. Resolves when what was under way is done. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }

  async #while<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new FileError('failed', name, 'the router was closed');
    const done = work();
    this.#underWay.add(done);
    try {
      return await done;
    } finally {
      this.#underWay.delete(done);
    }
  }
}

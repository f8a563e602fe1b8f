import { type OpenFolder, openFolder } from 'signet:files';
import type { EntryStatus, Folder } from '../common/folder.ts';

/** A folder held open by the host. */
export class CompactFolder implements Folder<CompactFolder> {
  readonly #folder: OpenFolder;

  private constructor(folder: OpenFolder) {
    this.#folder = folder;
  }

  static async open(path: string): Promise<CompactFolder> {
    return new CompactFolder(openFolder(path));
  }

  async enter(entry: string): Promise<CompactFolder> {
    return new CompactFolder(this.#folder.enter(entry));
  }

  async make(entry: string): Promise<void> {
    this.#folder.make(entry);
  }

  async entries(): Promise<readonly string[]> {
    return this.#folder.entries();
  }

  async status(entry: string): Promise<EntryStatus | undefined> {
    return this.#folder.status(entry);
  }

  async read(entry: string, limit: number): Promise<{ readonly size: number; readonly content?: Uint8Array | undefined } | undefined> {
    return this.#folder.read(entry, limit);
  }

  async write(entry: string, content: Uint8Array, mode: number): Promise<void> {
    this.#folder.write(entry, content, mode);
  }

  async adopt(entry: string, like: string): Promise<void> {
    this.#folder.adopt(entry, like);
  }

  async wipe(entry: string): Promise<void> {
    this.#folder.wipe(entry);
  }

  async move(entry: string, to: CompactFolder, name: string): Promise<void> {
    this.#folder.move(entry, to.#folder.descriptor, name);
  }

  async remove(entry: string): Promise<void> {
    this.#folder.remove(entry);
  }

  async sync(): Promise<void> {
    this.#folder.sync();
  }

  async close(): Promise<void> {
    this.#folder.close();
  }
}

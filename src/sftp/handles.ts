import { BudgetError, type Holding, type Share } from '../bytes/budget.ts';
import { type FileEntry, FileError } from '../platform/files.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import type { Content } from './memory.ts';
import { PacketReader, uint32 } from './packet.ts';

/** A file that is read or written: its bytes as they were when it was opened, and what was written since. */
export interface OpenFile {
  readonly name: string;
  readonly content: Content;
  readonly reads: boolean;
  readonly writes: boolean;
  /** All is written at its end. */
  readonly appends: boolean;
  /** None of this name may be there when it is put in place. */
  readonly isNew: boolean;
  /** When it was changed last, before it was opened; undefined for a new one. */
  readonly modified: number | undefined;
  /** Is there something to put in place? */
  changed: boolean;
  /** A part of it could not be taken, so that nothing of it is put in place. */
  spoiled: boolean;
}

/** A folder whose entries are told one part after another: those that are left, and what is counted for them. */
interface OpenFolder {
  readonly entries: FileEntry[];
  readonly kept: Holding;
}

/** Bytes that an entry of a folder takes beside its name. */
const perEntry = 256;

/** What one client has open. A handle is known to its client as four bytes. Failures are `FileError`s. */
export class Handles {
  /** The most that are open at once. */
  static readonly most = 16;
  readonly #share: Share;
  readonly #open = new Map<number, OpenFile | OpenFolder>();
  #next = 1;

  /** @param share where lists of folders are counted */
  constructor(share: Share) {
    this.#share = share;
  }

  /** Throws where no more may be open. */
  checkRoom(): void {
    if (this.#open.size >= Handles.most)
      throw new FileError('failed', '', `at most ${Handles.most} files and directories are open at once`);
  }

  /** Returns the handle. */
  addFile(file: OpenFile): Uint8Array {
    return this.#add(file);
  }

  /** Returns the handle. Throws where there is no room for so many. */
  addFolder(entries: FileEntry[]): Uint8Array {
    const kept = this.#share.holding();
    try {
      kept.resize(entries.reduce((sum, { name }) => sum + perEntry + 2 * name.length, 0));
    } catch (error) {
      throw error instanceof BudgetError ? new FileError('too-large', '', error.message) : error;
    }
    return this.#add({ entries, kept });
  }

  #add(open: OpenFile | OpenFolder): Uint8Array {
    const number = this.#next++;
    this.#open.set(number, open);
    return uint32(number);
  }

  toRead(handle: Uint8Array): OpenFile {
    const file = this.#file(handle);
    if (!file.reads) throw new FileError('not-permitted', file.name, 'the file was not opened to be read');
    return file;
  }

  toWrite(handle: Uint8Array): OpenFile {
    const file = this.#file(handle);
    if (!file.writes) throw new FileError('not-permitted', file.name, 'the file was not opened to be written');
    return file;
  }

  /** The entries that are left; whoever tells them takes them out. */
  entries(handle: Uint8Array): FileEntry[] {
    const open = this.#find(handle);
    if (!isFolder(open)) throw unknown();
    return open.entries;
  }

  attributes(handle: Uint8Array): Attributes {
    const open = this.#find(handle);
    if (isFolder(open)) return attributesOf({ type: 'directory', size: 0 });
    const { content, modified } = open;
    return attributesOf({ type: 'file', size: content.length, ...(modified !== undefined && { modified }) });
  }

  /** Takes a handle away. Returns its file, whose content is to be closed; undefined for a folder. */
  take(handle: Uint8Array): OpenFile | undefined {
    const open = this.#find(handle);
    this.#open.delete(numberOf(handle));
    if (!isFolder(open)) return open;
    open.kept.resize(0);
    return undefined;
  }

  closeAll(): void {
    for (const open of this.#open.values()) {
      if (isFolder(open)) open.kept.resize(0);
      else open.content.close();
    }
    this.#open.clear();
  }

  #file(handle: Uint8Array): OpenFile {
    const open = this.#find(handle);
    if (isFolder(open)) throw unknown();
    return open;
  }

  #find(handle: Uint8Array): OpenFile | OpenFolder {
    const open = this.#open.get(numberOf(handle));
    if (open === undefined) throw unknown();
    return open;
  }
}

function isFolder(open: OpenFile | OpenFolder): open is OpenFolder {
  return 'entries' in open;
}

/** 0, which no handle is, for what is not four bytes. */
function numberOf(handle: Uint8Array): number {
  return handle.length === 4 ? new PacketReader(handle).uint32() : 0;
}

function unknown(): FileError {
  return new FileError('failed', '', 'no such handle');
}

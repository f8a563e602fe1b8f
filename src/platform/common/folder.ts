/** What is told of an entry of a folder, links not followed. */
export interface EntryStatus {
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970 UTC; `created` is `modified` where the file system does not know it. */
  readonly modified: number;
  readonly created: number;
}

/**
 * A folder held open by the host. What is in it is reached through its descriptor and without following links, so that nobody can put a link
 * or another folder in its place between a check and a use. Failures have the system's name for a `code` ("ENOENT").
 */
export interface Folder<Self> {
  /** The folder `entry` in this one; ENOTDIR or ELOOP for a link. */
  enter(entry: string): Promise<Self>;
  /** Makes a folder, durably, unless there is an entry of that name. */
  make(entry: string): Promise<void>;
  /** The names that are UTF-8, sorted by their bytes. */
  entries(): Promise<readonly string[]>;
  /** Undefined where there is no such entry. */
  status(entry: string): Promise<EntryStatus | undefined>;
  /** Undefined for what is no file; without `content` where the size is beyond the limit. Never waits for another process. */
  read(entry: string, limit: number): Promise<{ readonly size: number; readonly content?: Uint8Array | undefined } | undefined>;
  /** Makes a file that is not there yet, its content durable, with just this mode. */
  write(entry: string, content: Uint8Array, mode: number): Promise<void>;
  /** Gives a file the owner, the group and the mode of the entry `like`. */
  adopt(entry: string, like: string): Promise<void>;
  /** Writes zeros over the bytes of a file, durably; whether what was there is gone is a matter of the disk. */
  wipe(entry: string): Promise<void>;
  /** Gives an entry another name, in this folder or another one; what has that name goes. */
  move(entry: string, to: Self, name: string): Promise<void>;
  /** Takes an entry away with all that a folder holds; a link is taken away itself. */
  remove(entry: string): Promise<void>;
  /** Makes what was added, renamed or removed here durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

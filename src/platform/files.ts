export interface FileStatus {
  readonly type: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Last change, seconds since 1970 UTC. */
  readonly modified: number;
  /** When it was made, as far as the file system knows; else `modified`. */
  readonly created: number;
}

export interface FileEntry extends FileStatus {
  /** Path below the root, with `/` between folders: "flash/ca.crt". */
  readonly name: string;
}

export type FileErrorCode =
  | 'no-such-file'
  | 'exists'
  | 'bad-name'
  | 'too-large'
  | 'not-a-file'
  | 'full'
  | 'read-only'
  | 'not-permitted'
  | 'failed';

export class FileError extends Error {
  readonly code: FileErrorCode;
  /** The name as it was asked for. */
  readonly file: string;

  constructor(code: FileErrorCode, file: string, message: string) {
    super(message);
    this.name = 'FileError';
    this.code = code;
    this.file = file;
  }
}

/**
 * A folder and what is below it, and nothing else: a name with `..`, a NUL, an empty part, a leading `/` or a symbolic link on
 * its way is refused with `bad-name`, whatever it points to. Every failure is a `FileError`.
 */
export interface Files {
  /** Everything below the folder, sorted by name, folders before what they hold. Links and special files are left out. */
  list(): Promise<FileEntry[]>;
  status(name: string): Promise<FileStatus>;
  /** The bytes of a file of at most `limit` bytes; a longer one is `too-large`, refused before it is read. */
  read(name: string, limit: number): Promise<Uint8Array>;
  /**
   * Writes a whole file: a reader, and a reboot at any moment, sees the old content or the new, never a part; durable when
   * it returns. Missing folders are made. `secret` files get mode 0600, others 0644.
   */
  replace(name: string, content: Uint8Array, options?: { readonly secret?: boolean }): Promise<void>;
  /** Takes a file, or a folder with all it holds, away. */
  remove(name: string): Promise<void>;
  makeFolder(name: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

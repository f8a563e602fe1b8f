export interface FileStatus {
  readonly type: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Last change: seconds since 1970 UTC with the fraction that the file system keeps. */
  readonly modified: number;
  /** When it was made (or last replaced), in the same unit, as far as the file system knows; else `modified`. */
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
 * its way is refused with `bad-name`, whatever it points to. So are a control character, a part of more than 255 bytes and more than 16
 * parts. Every failure is a `FileError`.
 */
export interface Files {
  /**
   * Everything below the folder, each folder sorted by name and followed by what it holds. Links, special files and names that
   * would be refused are left out.
   */
  list(): Promise<FileEntry[]>;
  status(name: string): Promise<FileStatus>;
  /** The bytes of a file of at most `limit` bytes; a longer one is `too-large`, refused before it is read. */
  read(name: string, limit: number): Promise<Uint8Array>;
  /**
   * Writes a whole file: a reader, and a reboot at any moment, sees the old content or the new, never a part; durable when
   * it returns. Missing folders are made. `secret` files get mode 0600, others 0644; with `keepsAccess` one that is there keeps its
   * owner, group and mode.
   */
  replace(name: string, content: Uint8Array, options?: { readonly secret?: boolean; readonly keepsAccess?: boolean }): Promise<void>;
  /** Takes a file, or a folder with all it holds, away, durably. */
  remove(name: string): Promise<void>;
  /** Makes one folder in a folder that is there. Throws `exists` for a name that is taken. */
  makeFolder(name: string): Promise<void>;
  /** Gives a file or folder another name, also in another folder that is there. Throws `exists` for a name that is taken. */
  rename(from: string, to: string): Promise<void>;
}

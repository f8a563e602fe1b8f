/** A person's (or a script's) end of a console: bytes both ways and a window. The console edits lines itself. */
export interface Terminal {
  /** Is it a terminal that shows what is written where the cursor is? A pipe or file is not. */
  readonly interactive: boolean;
  /** Window size in characters; 0 where unknown. Changes are told by `onResize`. */
  readonly columns: number;
  readonly rows: number;
  /** The TERM of the other end ("xterm-256color", "dumb", ""). */
  readonly type: string;
  /** The next bytes typed, or undefined at the end of input. One read at a time. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when the other end took the bytes; a gone peer is an error of `code` `closed`. */
  write(bytes: Uint8Array): Promise<void>;
  /** As `write`, to standard error where the other end has two streams; for what a script must not mix with its output. */
  writeError(bytes: Uint8Array): Promise<void>;
  onResize(listener: () => void): () => void;
  /** Called for Ctrl-C while nobody reads (a command runs), and when the other end is gone. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the session with an exit status; without one where the daemon ends, which the other end is to know. */
  close(status?: number): Promise<void>;
}

/** What a column holds. Integers are safe JavaScript integers. */
export type SqlValue = null | number | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
  /** Rows one at a time, so that a long list is never whole in memory; whether rows changed meanwhile are seen is undefined. */
  iterate(...values: SqlValue[]): IterableIterator<Row>;
}

export type DatabaseErrorCode = 'full' | 'read-only' | 'damaged' | 'busy' | 'constraint' | 'too-new' | 'failed';

/** `full`: no room on the disk; `busy`: another process owns the file; `too-new`: made by a newer program. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string) {
    super(message);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

/**
 * SQLite, one file, one owner. Synchronous: a statement is done when the call returns. Every failure is a `DatabaseError`.
 */
export interface Database {
  /** One or more statements without results. */
  execute(sql: string): void;
  /** A statement, prepared once and cached by its text. */
  prepare(sql: string): Statement;
  /**
   * Runs `work` in one transaction: all of it or nothing, durable (synced to the disk) when the call returns. `work` is
   * synchronous. Transactions don't nest; a nested call throws.
   */
  transact<T>(work: () => T): T;
  /** May be called again. */
  close(): void;
}

export interface Databases {
  /**
   * Opens or makes the file at `path`, owned exclusively until `close`, with secure_delete and full durability. A file that is there is
   * not changed before the first transaction.
   */
  open(path: string): Database;
}

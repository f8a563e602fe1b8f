import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type CompiledStatement, type Connection, type Durability, durable, SqliteDatabase } from '../common/sqlite.ts';
import { type Database, DatabaseError, type DatabaseErrorCode, type Databases, type Row, type SqlValue } from '../database.ts';

/** SQLite through node:sqlite. */
export class NodeDatabases implements Databases {
  readonly #durability: Durability;

  constructor(durability: Durability = durable) {
    this.#durability = durability;
  }

  open(path: string): Database {
    return new SqliteDatabase(new NodeConnection(path), path, this.#durability);
  }
}

class NodeConnection implements Connection {
  readonly #sqlite: DatabaseSync;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    makeFile(path);
    this.#sqlite = this.#attempt(
      () =>
        new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true, enableDoubleQuotedStringLiterals: false, defensive: true }),
    );
  }

  execute(sql: string): void {
    this.#attempt(() => this.#sqlite.exec(sql));
  }

  prepare(sql: string): CompiledStatement {
    const compile = () => this.#attempt(() => this.#sqlite.prepare(sql));
    return new NodeStatement(compile, (work) => this.#attempt(work));
  }

  inTransaction(): boolean {
    return this.#sqlite.isTransaction;
  }

  close(): void {
    if (this.#sqlite.isOpen) this.#attempt(() => this.#sqlite.close());
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw databaseError(error, this.#path);
    }
  }
}

class NodeStatement implements CompiledStatement {
  readonly #compile: () => StatementSync;
  readonly #attempt: <T>(work: () => T) => T;
  readonly #compiled: StatementSync;

  constructor(compile: () => StatementSync, attempt: <T>(work: () => T) => T) {
    this.#compile = compile;
    this.#attempt = attempt;
    this.#compiled = compile();
  }

  run(values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number } {
    const { changes, lastInsertRowid } = this.#attempt(() => this.#compiled.run(...values));
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  get(values: readonly SqlValue[]): Row | undefined {
    const row = this.#attempt(() => this.#compiled.get(...values));
    return row === undefined ? undefined : asRow(row);
  }

  all(values: readonly SqlValue[]): Row[] {
    return this.#attempt(() => this.#compiled.all(...values)).map((row) => asRow(row));
  }

  walk(values: readonly SqlValue[]): { next(): Row | undefined; close(): void } {
    const rows = this.#attempt(() => this.#compile().iterate(...values));
    return {
      next: () => {
        const next = this.#attempt(() => rows.next());
        return next.done === true ? undefined : asRow(next.value);
      },
      close: () => void rows.return?.(),
    };
  }
}

function asRow(row: Record<string, unknown>): Row {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- node:sqlite answers bigint only where it was asked to, which is not done here.
  return row as Row;
}

/** Makes an empty file that nobody else can read, if there is none, and its name durable. SQLite gives the journal the same mode. */
function makeFile(path: string): void {
  if (path === ':memory:') return;
  try {
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600));
    const folder = openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    throw databaseError(error, path);
  }
}

/** SQLite's primary result codes (sqlite3.h) that mean something to a caller. */
const sqliteCodes = new Map<number, DatabaseErrorCode>([
  [5, 'busy'], // SQLITE_BUSY
  [6, 'busy'], // SQLITE_LOCKED
  [8, 'read-only'], // SQLITE_READONLY
  [11, 'damaged'], // SQLITE_CORRUPT
  [13, 'full'], // SQLITE_FULL
  [19, 'constraint'], // SQLITE_CONSTRAINT
  [26, 'damaged'], // SQLITE_NOTADB
]);

/** A file that ends in the middle of a page (sqlite3.h). */
const SQLITE_IOERR_SHORT_READ = 522;

const systemCodes = new Map<string, DatabaseErrorCode>([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EPERM', 'read-only'],
]);

function databaseError(error: unknown, path: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  if (!(error instanceof Error)) return new DatabaseError('failed', `${path}: ${String(error)}`);
  const message = `${path}: ${error.message}`;
  if ('errcode' in error && typeof error.errcode === 'number') return new DatabaseError(sqliteCode(error.errcode, error.message), message);
  const system = 'code' in error && typeof error.code === 'string' ? systemCodes.get(error.code) : undefined;
  return new DatabaseError(system ?? 'failed', message);
}

function sqliteCode(code: number, message: string): DatabaseErrorCode {
  if (code === SQLITE_IOERR_SHORT_READ) return 'damaged';
  if (message === 'unsupported file format') return 'too-new';
  return sqliteCodes.get(code & 0xff) ?? 'failed';
}

import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import {
  type Database,
  DatabaseError,
  type DatabaseErrorCode,
  type Databases,
  type Row,
  type SqlValue,
  type Statement,
} from '../database.ts';

/** What a transaction costs and promises. `extra` syncs the folder too when a journal file goes; only tests ask for `off`. */
export interface Durability {
  readonly journal: 'wal' | 'truncate';
  readonly synchronous: 'extra' | 'off';
}

/** One sync a transaction instead of three; the bytes written on a flash file system may yet speak for `truncate`. */
const durable: Durability = { journal: 'wal', synchronous: 'extra' };

/** Pages of the write-ahead log after which it is folded into the file: 1 MiB, for small flash. */
const walPages = 256;

/** SQLite through node:sqlite. */
export class NodeDatabases implements Databases {
  readonly #durability: Durability;

  constructor(durability: Durability = durable) {
    this.#durability = durability;
  }

  open(path: string): Database {
    return new NodeDatabase(path, this.#durability);
  }
}

class NodeDatabase implements Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, Statement>();
  readonly #path: string;
  readonly #journal: Durability['journal'];
  #journalChosen = false;
  #transacting = false;

  constructor(path: string, { journal, synchronous }: Durability) {
    this.#path = path;
    this.#journal = journal;
    makeFile(path);
    this.#connection = this.#attempt(
      () =>
        new DatabaseSync(path, { timeout: 0, enableForeignKeyConstraints: true, enableDoubleQuotedStringLiterals: false, defensive: true }),
    );
    try {
      this.#own(synchronous);
    } catch (error) {
      this.#connection.close();
      throw error;
    }
  }

  /** Takes the lock and writes nothing: what is another's, damaged or too new for the caller stays as it is. */
  #own(synchronous: Durability['synchronous']): void {
    this.execute('PRAGMA locking_mode = EXCLUSIVE');
    this.execute('BEGIN EXCLUSIVE; COMMIT');
    this.execute(`
      PRAGMA synchronous = ${synchronous};
      PRAGMA secure_delete = ON;
      PRAGMA temp_store = MEMORY;
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -1024;
      PRAGMA wal_autocheckpoint = ${walPages};
      PRAGMA journal_size_limit = ${walPages * 4096};
    `);
  }

  /** The journal mode is written in the file, so it waits for the first transaction. */
  #chooseJournal(): void {
    if (this.#journalChosen) return;
    const mode = this.prepare(`PRAGMA journal_mode = ${this.#journal}`).get()?.['journal_mode'];
    if (mode !== this.#journal) throw new DatabaseError('failed', `${this.#path}: journal mode ${this.#journal} is not to be had`);
    this.#journalChosen = true;
  }

  execute(sql: string): void {
    this.#attempt(() => this.#connection.exec(sql));
  }

  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const compile = () => this.#attempt(() => this.#connection.prepare(sql));
    const statement = new NodeStatement(compile, (work) => this.#attempt(work));
    this.#statements.set(sql, statement);
    return statement;
  }

  transact<T>(work: () => T): T {
    if (this.#transacting) throw new DatabaseError('failed', 'a transaction is already under way');
    this.#chooseJournal();
    this.execute('BEGIN IMMEDIATE');
    this.#transacting = true;
    try {
      const result = work();
      if (result instanceof Promise) throw new DatabaseError('failed', 'the work of a transaction must not wait');
      this.execute('COMMIT');
      return result;
    } catch (error) {
      // SQLite has ended the transaction by itself after some failures (a full disk).
      if (this.#connection.isTransaction) this.execute('ROLLBACK');
      throw error;
    } finally {
      this.#transacting = false;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#attempt(() => this.#connection.close());
  }

  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw databaseError(error, this.#path);
    }
  }
}

class NodeStatement implements Statement {
  readonly #compile: () => StatementSync;
  readonly #attempt: <T>(work: () => T) => T;
  readonly #compiled: StatementSync;

  constructor(compile: () => StatementSync, attempt: <T>(work: () => T) => T) {
    this.#compile = compile;
    this.#attempt = attempt;
    this.#compiled = compile();
  }

  run(...values: SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number } {
    const { changes, lastInsertRowid } = this.#attempt(() => this.#compiled.run(...values));
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  get(...values: SqlValue[]): Row | undefined {
    const row = this.#attempt(() => this.#compiled.get(...values));
    return row === undefined ? undefined : asRow(row);
  }

  all(...values: SqlValue[]): Row[] {
    return this.#attempt(() => this.#compiled.all(...values)).map((row) => asRow(row));
  }

  *iterate(...values: SqlValue[]): IterableIterator<Row> {
    // A statement of its own: two walks may overlap, and a walk may run the same statement again.
    const rows = this.#attempt(() => this.#compile().iterate(...values));
    try {
      for (let next = this.#attempt(() => rows.next()); next.done !== true; next = this.#attempt(() => rows.next()))
        yield asRow(next.value);
    } finally {
      rows.return?.();
    }
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

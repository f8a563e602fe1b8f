import { type Database, DatabaseError, type Row, type SqlValue, type Statement } from '../database.ts';

/** What a transaction costs and promises. `extra` syncs the folder too when a journal file goes; only tests ask for `off`. */
export interface Durability {
  readonly journal: 'wal' | 'truncate';
  readonly synchronous: 'extra' | 'off';
}

/** One sync a transaction instead of three, and the least bytes written to flash: bench/README.md has the figures. */
export const durable: Durability = { journal: 'wal', synchronous: 'extra' };

/** Pages of the write-ahead log after which it is folded into the file: 1 MiB, for small flash. */
const walPages = 256;

/** A host's connection to SQLite: foreign keys on, double-quoted strings off, no waiting for locks. Every failure is a `DatabaseError`. */
export interface Connection {
  execute(sql: string): void;
  prepare(sql: string): CompiledStatement;
  /** Has a transaction begun and not ended? */
  inTransaction(): boolean;
  /** May be called again. */
  close(): void;
}

/** A statement that a host has compiled. Numbers are bound as REAL, by which a column's type makes integers of them. */
export interface CompiledStatement {
  run(values: readonly SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number };
  get(values: readonly SqlValue[]): Row | undefined;
  all(values: readonly SqlValue[]): Row[];
  /** Rows of a compilation of its own: two walks may overlap, and a walk may run the same statement again. */
  walk(values: readonly SqlValue[]): { next(): Row | undefined; close(): void };
}

/** What this product asks of SQLite, whatever host links it. */
export class SqliteDatabase implements Database {
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement>();
  readonly #path: string;
  readonly #journal: Durability['journal'];
  #journalChosen = false;
  #transacting = false;

  constructor(connection: Connection, path: string, { journal, synchronous }: Durability) {
    this.#connection = connection;
    this.#path = path;
    this.#journal = journal;
    try {
      this.#own(synchronous);
    } catch (error) {
      connection.close();
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
    this.#connection.execute(sql);
  }

  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = new SqliteStatement(this.#connection.prepare(sql));
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
      if (this.#connection.inTransaction()) this.execute('ROLLBACK');
      throw error;
    } finally {
      this.#transacting = false;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }
}

class SqliteStatement implements Statement {
  readonly #compiled: CompiledStatement;

  constructor(compiled: CompiledStatement) {
    this.#compiled = compiled;
  }

  run(...values: SqlValue[]): { readonly changes: number; readonly lastInsertRowid: number } {
    return this.#compiled.run(values);
  }

  get(...values: SqlValue[]): Row | undefined {
    return this.#compiled.get(values);
  }

  all(...values: SqlValue[]): Row[] {
    return this.#compiled.all(values);
  }

  *iterate(...values: SqlValue[]): IterableIterator<Row> {
    const walk = this.#compiled.walk(values);
    try {
      for (let row = walk.next(); row !== undefined; row = walk.next()) yield row;
    } finally {
      walk.close();
    }
  }
}

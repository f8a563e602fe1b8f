import { type OpenDatabase, openDatabase } from 'signet:database';
import { type CompiledStatement, type Connection, type Durability, durable, SqliteDatabase } from '../common/sqlite.ts';
import { type Database, DatabaseError, type DatabaseErrorCode, type Databases, type SqlValue } from '../database.ts';
import { wellFormed } from './text.ts';
import { attempt } from './work.ts';

/** The SQLite that is linked into the host. */
export class CompactDatabases implements Databases {
  readonly #durability: Durability;

  constructor(durability: Durability = durable) {
    this.#durability = durability;
  }

  open(path: string): Database {
    return new SqliteDatabase(new CompactConnection(path), path, this.#durability);
  }
}

class CompactConnection implements Connection {
  readonly #path: string;
  readonly #sqlite: OpenDatabase;

  constructor(path: string) {
    this.#path = path;
    this.#sqlite = this.#attempt(() => openDatabase(path));
  }

  execute(sql: string): void {
    this.#attempt(() => this.#sqlite.execute(sql));
  }

  prepare(sql: string): CompiledStatement {
    const statement = this.#attempt(() => this.#sqlite.prepare(sql));
    return {
      run: (values) => this.#attempt(() => statement.run(storable(values))),
      get: (values) => this.#attempt(() => statement.get(storable(values))),
      all: (values) => this.#attempt(() => statement.all(storable(values))),
      walk: (values) => {
        const walk = this.#attempt(() => statement.walk(storable(values)));
        return { next: () => this.#attempt(() => walk.next()), close: () => walk.close() };
      },
    };
  }

  inTransaction(): boolean {
    return this.#sqlite.inTransaction();
  }

  close(): void {
    this.#sqlite.close();
  }

  #attempt<T>(work: () => T): T {
    return attempt(work, (code: DatabaseErrorCode, message) => new DatabaseError(code, `${this.#path}: ${message}`));
  }
}

function storable(values: readonly SqlValue[]): readonly SqlValue[] {
  return values.map((value) => (typeof value === 'string' ? wellFormed(value) : value));
}

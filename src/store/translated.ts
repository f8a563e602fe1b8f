import type { Database, Statement } from '../platform/database.ts';
import { storeError } from './errors.ts';

/** The same database with failures as `StoreError`s, which say what a person can do. */
export function translated(database: Database): Database {
  return {
    execute: (sql) => attempt(() => database.execute(sql)),
    prepare: (sql) => translatedStatement(attempt(() => database.prepare(sql))),
    transact: (work) => attempt(() => database.transact(work)),
    close: () => attempt(() => database.close()),
  };
}

function translatedStatement(statement: Statement): Statement {
  return {
    run: (...values) => attempt(() => statement.run(...values)),
    get: (...values) => attempt(() => statement.get(...values)),
    all: (...values) => attempt(() => statement.all(...values)),
    *iterate(...values) {
      try {
        yield* statement.iterate(...values);
      } catch (error) {
        throw storeError(error);
      }
    },
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(error);
  }
}

import type { Databases } from '../../src/platform/database.ts';
import { workload as whole } from './issuing.ts';
import type { Workload } from './workload.ts';

/** The same commands, each statement of them on the disk by itself: what becomes of a cut must be seen. */
export const workload: Workload = {
  ...whole,
  run: (folder, databases, acknowledge) => whole.run(folder, withoutTransactions(databases), acknowledge),
};

function withoutTransactions(databases: Databases): Databases {
  return {
    open(path) {
      const database = databases.open(path);
      return {
        execute: (sql) => database.execute(sql),
        prepare: (sql) => database.prepare(sql),
        transact: (work) => work(),
        close: () => database.close(),
      };
    },
  };
}

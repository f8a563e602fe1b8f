/**
 * The process that is cut: `child.ts prepare|run WORKLOAD FOLDER JOURNAL SYNCHRONOUS`. Writes a line for each acknowledgement; ends with
 * status 3 and the error's name and code if the store failed.
 */
import { writeSync } from 'node:fs';
import type { Durability } from '../../src/platform/common/sqlite.ts';
import { NodeDatabases } from '../../src/platform/node/database.ts';
import { StoreError } from '../../src/store/errors.ts';
import type { Workload } from './workload.ts';

const [step, path = '', folder = '', journal, synchronous] = process.argv.slice(2);
const { workload } = (await import(path)) as { workload: Workload };
const databases = new NodeDatabases({ journal, synchronous } as Durability);
try {
  if (step === 'prepare') await workload.prepare(folder, databases);
  else await workload.run(folder, databases, (what) => writeSync(1, `${what}\n`));
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  writeSync(2, `${error.name} ${error.code}\n`);
  process.exitCode = 3;
}

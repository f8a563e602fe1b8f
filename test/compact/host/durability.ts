import { openRouter } from '../../../src/compact-router.ts';
import { runProgram } from '../../../src/console/program.ts';
import type { Durability } from '../../../src/platform/common/sqlite.ts';
import { CompactDatabases } from '../../../src/platform/compact/database.ts';
import { CompactProcess } from '../../../src/platform/compact/process.ts';
import { version } from '../../../src/version.ts';

/** The program as `src/compact.ts` has it, with a store that is written as the environment says: `SIGNET_JOURNAL`, `SIGNET_SYNCHRONOUS`. */
export function run(): Promise<number> {
  const program = new CompactProcess();
  const durability = { journal: program.environment('SIGNET_JOURNAL'), synchronous: program.environment('SIGNET_SYNCHRONOUS') };
  const databases = new CompactDatabases(durability as Durability);
  return runProgram(
    Object.assign(program, {
      version,
      openRouter: (folder: string, options: { readonly log: boolean }) => openRouter(folder, program.clock, { ...options, databases }),
    }),
  );
}

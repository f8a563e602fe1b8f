import type { Databases } from '../../src/platform/database.ts';

/**
 * Something that is done to a store and cut anywhere. A workload is a module that exports `workload`; it runs in a child process that
 * is killed, and is checked in the test's own.
 */
export interface Workload {
  /** Makes, undisturbed, the store that `run` works on. */
  prepare(folder: string, databases: Databases): Promise<void>;
  /** Does one thing after the other, each acknowledged as soon as it is said to be done; goes on where the last run was cut. */
  run(folder: string, databases: Databases, acknowledge: (what: string) => void): Promise<void>;
  /** Opens the store and throws unless everything acknowledged is there, and whatever else is there is whole. */
  check(folder: string, acknowledged: readonly string[]): Promise<void>;
}

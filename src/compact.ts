import { type Router, runProgram } from './console/program.ts';
import { consoleOf, greetingOf } from './console/router-console.ts';
import { CompactCrypto } from './platform/compact/crypto.ts';
import { CompactDatabases } from './platform/compact/database.ts';
import { CompactKeyGenerator } from './platform/compact/keygen.ts';
import { CompactLogSink } from './platform/compact/log.ts';
import { CompactMachine } from './platform/compact/machine.ts';
import { CompactProcess } from './platform/compact/process.ts';
import { CompactRandom } from './platform/compact/random.ts';
import { openStoreFolder } from './platform/compact/store-folder.ts';
import { openRouter as openCore } from './router.ts';
import { deviceKeyFile } from './store/device-key.ts';
import { version } from './version.ts';

/** The program of the compact host, which calls this and ends with the status that it resolves with. */
export function run(): Promise<number> {
  const program = new CompactProcess();
  const { clock } = program;

  async function openRouter(folder: string, { log }: { readonly log: boolean }): Promise<Router> {
    const store = await openStoreFolder(folder);
    const core = await openCore({
      database: store.database,
      databases: new CompactDatabases(),
      deviceKeys: deviceKeyFile(store.openSecrets, 'device.key'),
      openFiles: store.openFiles,
      crypto: new CompactCrypto(),
      random: new CompactRandom(),
      clock,
      keyGenerator: new CompactKeyGenerator(),
      machine: new CompactMachine(folder),
      logSink: log ? new CompactLogSink() : { write: () => undefined },
    });
    return { console: consoleOf(core, clock, greetingOf(version)), notes: [], close: async () => core.close() };
  }

  return runProgram(Object.assign(program, { version, openRouter }));
}

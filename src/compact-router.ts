import { openServer } from './console/open-server.ts';
import type { Router } from './console/program.ts';
import { resetOf } from './console/reset.ts';
import type { Clock } from './platform/clock.ts';
import { CompactCrypto } from './platform/compact/crypto.ts';
import { CompactDatabases } from './platform/compact/database.ts';
import { CompactKeyGenerator } from './platform/compact/keygen.ts';
import { CompactLogSink } from './platform/compact/log.ts';
import { CompactMachine } from './platform/compact/machine.ts';
import { CompactRandom } from './platform/compact/random.ts';
import { openStoreFolder } from './platform/compact/store-folder.ts';
import { openRouter as openCore } from './router.ts';
import { deviceKeyFile } from './store/device-key.ts';
import { version } from './version.ts';

interface Options {
  /** The log goes to standard error. */
  readonly log: boolean;
  readonly databases?: CompactDatabases;
}

/** Opens the router of the store in `folder`. */
export async function openRouter(folder: string, clock: Clock, { log, databases = new CompactDatabases() }: Options): Promise<Router> {
  const store = await openStoreFolder(folder);
  const reset = resetOf(store);
  const core = await openCore({
    database: store.database,
    databases,
    deviceKeys: deviceKeyFile(store.openSecrets, 'device.key'),
    openFiles: store.openFiles,
    crypto: new CompactCrypto(),
    random: new CompactRandom(),
    clock,
    keyGenerator: new CompactKeyGenerator(),
    machine: new CompactMachine(folder),
    reset: () => reset.ask(),
    logSink: log ? new CompactLogSink() : { write: () => undefined },
  });
  return {
    server: (host) => openServer(core, clock, version, host),
    serve: (network) => core.serve(network, async () => (await import('./rest-service.ts')).restServiceOf(core, clock)),
    notes: [],
    resetAsked: reset.asked,
    close: () => core.close(),
  };
}

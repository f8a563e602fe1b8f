import { openServer } from './console/open-server.ts';
import type { Router } from './console/program.ts';
import { resetOf } from './console/reset.ts';
import type { Clock } from './platform/clock.ts';
import { NodeCrypto } from './platform/node/crypto.ts';
import { NodeDatabases } from './platform/node/database.ts';
import type { KeyGeneratorChoice } from './platform/node/keygen.ts';
import { NodeLogSink } from './platform/node/log.ts';
import { NodeMachine } from './platform/node/machine.ts';
import { NodeRandom } from './platform/node/random.ts';
import { openStoreFolder } from './platform/node/store-folder.ts';
import { openRouter as openCore } from './router.ts';
import { deviceKeyFile } from './store/device-key.ts';
import { version } from './version.ts';

/** Opens the router of the store in `folder`; `log`: the log goes to standard error. */
export async function openRouter(
  folder: string,
  clock: Clock,
  { generator, note }: KeyGeneratorChoice,
  { log }: { readonly log: boolean },
): Promise<Router> {
  const store = await openStoreFolder(folder);
  const reset = resetOf(store);
  const core = await openCore({
    database: store.database,
    databases: new NodeDatabases(),
    deviceKeys: deviceKeyFile(store.openSecrets, 'device.key'),
    openFiles: store.openFiles,
    crypto: new NodeCrypto(),
    random: new NodeRandom(),
    clock,
    keyGenerator: generator,
    machine: new NodeMachine(folder),
    reset: () => reset.ask(),
    logSink: log ? new NodeLogSink(process.stderr) : { write: () => undefined },
  });
  return {
    server: (host) => openServer(core, clock, version, host),
    serve: (network) => core.serve(network, async () => (await import('./rest-service.ts')).restServiceOf(core, clock)),
    notes: note === undefined ? [] : [`note: ${note}`],
    resetAsked: reset.asked,
    close: () => core.close(),
  };
}

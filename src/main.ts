import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Router } from './console/program.ts';

// Two thirds of a start go into compiling. The cache is in our own folder, not in the system's for temporary files, where others may
// write; everything else is imported after this.
enableCompileCache(fileURLToPath(new URL('../.cache/compiled', import.meta.url)));

const [{ encodeBy }, { runProgram }, { NodeProcess }, { encodeUtf8 }, { version }] = await Promise.all([
  import('./bytes/utf8.ts'),
  import('./console/program.ts'),
  import('./platform/node/process.ts'),
  import('./platform/node/text.ts'),
  import('./version.ts'),
]);
encodeBy(encodeUtf8);
const program = new NodeProcess();

/** Opens the router of a store. What it is made of is loaded only now: a console that attaches to a daemon does without. */
async function openRouter(folder: string, { log }: { readonly log: boolean }): Promise<Router> {
  const [router, consoles, servers, { resetOf }, deviceKeys, crypto, databases, keygen, logs, machines, random, stores] = await Promise.all(
    [
      import('./router.ts'),
      import('./console/router-console.ts'),
      import('./console/server.ts'),
      import('./console/reset.ts'),
      import('./store/device-key.ts'),
      import('./platform/node/crypto.ts'),
      import('./platform/node/database.ts'),
      import('./platform/node/keygen.ts'),
      import('./platform/node/log.ts'),
      import('./platform/node/machine.ts'),
      import('./platform/node/random.ts'),
      import('./platform/node/store-folder.ts'),
    ],
  );
  const { clock } = program;
  const store = await stores.openStoreFolder(folder);
  const reset = resetOf(store);
  const { generator, note } = keygen.chooseKeyGenerator();
  const core = await router.openRouter({
    database: store.database,
    databases: new databases.NodeDatabases(),
    deviceKeys: deviceKeys.deviceKeyFile(store.openSecrets, 'device.key'),
    openFiles: store.openFiles,
    crypto: new crypto.NodeCrypto(),
    random: new random.NodeRandom(),
    clock,
    keyGenerator: generator,
    machine: new machines.NodeMachine(folder),
    reset: () => reset.ask(),
    logSink: log ? new logs.NodeLogSink(process.stderr) : { write: () => undefined },
  });
  return {
    server: (host) => new servers.ConsoleServer(consoles.consolesOf(core, clock, consoles.greetingOf(version)), host),
    notes: note === undefined ? [] : [`note: ${note}`],
    resetAsked: reset.asked,
    close: async () => core.close(),
  };
}

process.exit(await runProgram(Object.assign(program, { version, openRouter })));

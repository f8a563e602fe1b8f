import { join } from 'node:path';
import type { KeyGenerator } from '../src/platform/keygen.ts';
import { NodeClock } from '../src/platform/node/clock.ts';
import { NodeCrypto } from '../src/platform/node/crypto.ts';
import { NodeDatabases } from '../src/platform/node/database.ts';
import { NodeMachine } from '../src/platform/node/machine.ts';
import { NodeRandom } from '../src/platform/node/random.ts';
import { openStoreFolder } from '../src/platform/node/store-folder.ts';
import { openRouter, type RouterCore, type RouterPorts } from '../src/router.ts';
import { deviceKeyFile } from '../src/store/device-key.ts';
import { newKey } from './x509/keys.ts';

const keyGenerator: KeyGenerator = {
  name: 'test',
  expectedSeconds: () => Promise.resolve(0),
  generate: (spec) => Promise.resolve(newKey(spec.type === 'rsa' ? `rsa-${spec.bits}` : spec.type === 'ec' ? spec.curve : 'ed25519')),
};

/**
 * The router of a store in `folder`, wired as the program wires it, but for key generation, for what a power cut would need, and for what
 * `ports` say.
 */
export async function routerIn(folder: string, ports: Partial<RouterPorts> = {}): Promise<RouterCore> {
  const places = await openStoreFolder(join(folder, 'store'));
  return openRouter({
    database: places.database,
    databases: new NodeDatabases({ journal: 'wal', synchronous: 'off' }),
    deviceKeys: deviceKeyFile(() => places.openSecrets(), 'device.key'),
    openFiles: () => places.openFiles(),
    crypto: new NodeCrypto(),
    random: new NodeRandom(),
    clock: new NodeClock(),
    machine: new NodeMachine(folder),
    reset: () => places.askErasure(),
    keyGenerator,
    logSink: { write: () => undefined },
    ...ports,
  });
}

import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeDatabases } from '../../src/platform/node/database.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { openStoreFolder } from '../../src/platform/node/store-folder.ts';
import { deviceKeyFile } from '../../src/store/device-key.ts';
import { openStore, type Store, type StoreHost } from '../../src/store/store.ts';

/** The store in a folder, as the program opens it. */
export async function openIn(folder: string, host: Partial<StoreHost> = {}): Promise<Store> {
  const places = await openStoreFolder(folder);
  return openStore(places.database, {
    databases: new NodeDatabases(),
    deviceKeys: deviceKeyFile(places.openSecrets, 'device.key'),
    crypto: new NodeCrypto(),
    random: new NodeRandom(),
    ...host,
  });
}

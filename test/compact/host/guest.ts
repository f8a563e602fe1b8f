// The guest with the compact host's ports, built into that host with its feature `testing`.
import { readDirect, writeDirect } from 'signet:testing';
import { CompactClock } from '../../../src/platform/compact/clock.ts';
import { CompactCrypto } from '../../../src/platform/compact/crypto.ts';
import { CompactDatabases } from '../../../src/platform/compact/database.ts';
import { CompactFiles } from '../../../src/platform/compact/files.ts';
import { CompactKeyGenerator } from '../../../src/platform/compact/keygen.ts';
import { CompactMachine } from '../../../src/platform/compact/machine.ts';
import { CompactNetwork } from '../../../src/platform/compact/network.ts';
import { CompactRandom } from '../../../src/platform/compact/random.ts';
import { openStoreFolder } from '../../../src/platform/compact/store-folder.ts';
import { CompactTerminal } from '../../../src/platform/compact/terminal.ts';
import { encodeUtf8 } from '../../../src/platform/compact/text.ts';
import { serve } from '../guest/serve.ts';

export function run(): Promise<number> {
  const ports = {
    clock: new CompactClock(),
    crypto: new CompactCrypto(),
    databases: new CompactDatabases(),
    keyGenerator: new CompactKeyGenerator(),
    network: new CompactNetwork(),
    random: new CompactRandom(),
    text: { encode: encodeUtf8 },
    machine: (store: string) => new CompactMachine(store),
    openFiles: (root: string) => CompactFiles.open(root),
    openStoreFolder,
  };
  return serve(ports, new CompactTerminal(''), { readSync: readDirect, writeSync: writeDirect });
}

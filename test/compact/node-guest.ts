// The guest with Node's ports: what the remote calls are tried with.
import { readSync } from 'node:fs';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeDatabases } from '../../src/platform/node/database.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';
import { chooseKeyGenerator } from '../../src/platform/node/keygen.ts';
import { NodeMachine } from '../../src/platform/node/machine.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { openStoreFolder } from '../../src/platform/node/store-folder.ts';
import { encodeUtf8 } from '../../src/platform/node/text.ts';
import type { GuestPorts } from './guest/ports.ts';
import { serve } from './guest/serve.ts';
import { pause, writeReady } from './remote/pipes.ts';

const ports: GuestPorts = {
  clock: new NodeClock(),
  crypto: new NodeCrypto(),
  databases: new NodeDatabases(),
  keyGenerator: chooseKeyGenerator().generator,
  network: new NodeNetwork(),
  random: new NodeRandom(),
  text: { encode: encodeUtf8 },
  machine: (store) => new NodeMachine(store),
  openFiles: (root) => NodeFiles.open(root),
  openStoreFolder,
};

const input: AsyncIterator<Uint8Array> = process.stdin.iterator();
const output = 1;
const directInput = 3;

process.exitCode = await serve(
  ports,
  {
    read: async () => {
      const next = await input.next();
      return next.done === true ? undefined : next.value;
    },
  },
  {
    readSync: () => {
      const bytes = new Uint8Array(65_536);
      const length = readSync(directInput, bytes);
      return length === 0 ? undefined : bytes.subarray(0, length);
    },
    writeSync: (bytes) => {
      // Node has made its standard output one that does not wait.
      for (let rest = bytes; rest.length > 0; ) {
        const written = writeReady(output, rest);
        if (written === undefined) pause(0.05);
        else rest = rest.subarray(written);
      }
    },
  },
);

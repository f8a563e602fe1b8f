import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe } from 'vitest';
import { clockContract } from '../platform/contract/clock.ts';
import { cryptoContract } from '../platform/contract/crypto.ts';
import { databaseContract } from '../platform/contract/database.ts';
import { filesContract } from '../platform/contract/files.ts';
import { keyGeneratorContract } from '../platform/contract/keygen.ts';
import { machineContract } from '../platform/contract/machine.ts';
import { networkContract } from '../platform/contract/network.ts';
import { tcpContract } from '../platform/contract/network-tcp.ts';
import { tlsContract } from '../platform/contract/network-tls.ts';
import { randomContract } from '../platform/contract/random.ts';
import { storeFolderContract } from '../platform/contract/store-folder.ts';
import { textContract } from '../platform/contract/text.ts';
import type { GuestPorts } from './guest/ports.ts';
import { RemoteGuest } from './remote/guest.ts';

/** Every contract of a port, over the ports of a program: `command` and its arguments. For `slowBits` see `keyGeneratorContract`. */
export function contractsOver(command: readonly string[], slowBits: number): void {
  let guest: RemoteGuest | undefined;
  let folder = '';

  /** The ports of the program, which is started again when a test was its end. */
  function ports(): GuestPorts {
    if (guest === undefined || guest.ended) guest = new RemoteGuest(command);
    return guest.ports;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signet-contract-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(async () => {
    await guest?.stop();
  });

  clockContract(() => ports().clock);
  cryptoContract(() => ports().crypto);
  databaseContract(() => ({ databases: ports().databases, path: join(folder, 'test.db') }));
  filesContract(() => ({ root: join(folder, 'files'), open: (root) => ports().openFiles(root) }));
  describe('KeyGenerator', () => {
    keyGeneratorContract(slowBits, () => ports().keyGenerator);
  });
  machineContract((store) => ports().machine(store));
  networkContract(() => ({ network: ports().network, tellsUsers: true, folder }));
  tcpContract(() => ports().network);
  tlsContract(() => ports().network);
  randomContract(() => ports().random);
  textContract((text) => ports().text.encode(text));
  storeFolderContract(() => ({ parent: folder, open: (path) => ports().openStoreFolder(path) }));
}

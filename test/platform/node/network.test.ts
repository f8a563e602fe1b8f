import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAddon } from '../../../src/platform/node/keygen/addon.ts';
import { NodeNetwork } from '../../../src/platform/node/network.ts';
import { networkContract } from '../contract/network.ts';
import { tcpContract } from '../contract/network-tcp.ts';
import { tlsContract } from '../contract/network-tls.ts';
import { addonIsTried } from './native-addon.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-network-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

networkContract(() => ({ network: new NodeNetwork(), tellsUsers: addonIsTried, folder }));
tcpContract(() => new NodeNetwork());
tlsContract(() => new NodeNetwork());

describe('NodeNetwork without the addon', () => {
  networkContract(() => ({ network: new NodeNetwork(() => loadAddon(join(folder, 'none.node'))), tellsUsers: false, folder }));
});

describe('NodeNetwork', () => {
  it('leaves the mask of the process as it was', async () => {
    const mask = process.umask(0o027);
    const listener = await new NodeNetwork().listenUnix(join(folder, 'console.sock'), 0o600, () => undefined);
    expect(process.umask(mask)).toBe(0o027);
    await listener.close();
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeNetwork } from '../../../src/platform/node/network.ts';
import { networkContract } from '../contract/network.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-network-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

networkContract(() => ({ network: new NodeNetwork(), folder }));

describe('NodeNetwork', () => {
  it('takes over the socket of a program that was killed', async () => {
    const path = join(folder, 'console.sock');
    const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(() => execFileSync(process.execPath, ['-e', program])).toThrow('SIGKILL');
    expect(statSync(path).isSocket()).toBe(true);
    const network = new NodeNetwork();
    const listener = await network.listenUnix(path, (connection) => connection.close());
    const connection = await network.connectUnix(path);
    expect(await connection.read()).toBeUndefined();
    connection.close();
    await listener.close();
  });

  it('leaves the mask of the process as it was', async () => {
    const mask = process.umask(0o027);
    const listener = await new NodeNetwork().listenUnix(join(folder, 'console.sock'), () => undefined);
    expect(process.umask(mask)).toBe(0o027);
    await listener.close();
  });
});

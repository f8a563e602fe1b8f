import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../src/platform/cancel.ts';
import { nodeGuest } from '../node-program.ts';
import { RemoteGuest } from './guest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-guest-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a guest', () => {
  it('ends by itself when nobody calls any more', async () => {
    const guest = new RemoteGuest(nodeGuest);
    guest.ports.clock.now();
    expect(await guest.stop()).toBe(0);
  });

  it('passes on the very error that a function of ours has thrown', async () => {
    const guest = new RemoteGuest(nodeGuest);
    const database = guest.ports.databases.open(join(folder, 'test.db'));
    const failure = new Error('no');
    const work = (): never => {
      throw failure;
    };
    let thrown: unknown;
    try {
      database.transact(work);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(failure);
    await guest.stop();
  });

  it('serves calls while a function of ours runs that it waits for', async () => {
    const guest = new RemoteGuest(nodeGuest);
    const path = join(folder, 'socket');
    const peers: string[] = [];
    const listener = await guest.ports.network.listenUnix(path, 0o600, (connection) => {
      peers.push(connection.peer);
      connection.close();
    });
    const connection = await guest.ports.network.connectUnix(path);
    expect(await connection.read()).toBeUndefined();
    expect(peers).toEqual(['unix']);
    connection.close();
    await listener.close();
    await guest.stop();
  });

  it('takes more at once than a pipe holds, while it has more to say than a pipe holds', async () => {
    const guest = new RemoteGuest(nodeGuest);
    const files = await guest.ports.openFiles(join(folder, 'files'));
    const content = new Uint8Array(300_000).fill(7);
    await files.replace('a', content);
    const [read] = await Promise.all([files.read('a', 300_000), files.replace('b', content)]);
    expect(read).toEqual(content);
    expect(guest.ports.random.bytes(300_000)).toHaveLength(300_000);
    await guest.stop();
  });
});

describe('a guest that dies', () => {
  const dying = [process.execPath, '-e', 'process.stderr.write("out of luck"); process.stdin.once("data", () => process.exit(3))'];

  it('fails a synchronous call with what it has said', async () => {
    const guest = new RemoteGuest(dying);
    expect(() => guest.ports.clock.now()).toThrow('the guest has ended (status 3): out of luck');
    expect(guest.ended).toBe(true);
    expect(await guest.stop()).toBe(3);
  });

  it('fails every call that waits, and every later one', async () => {
    const guest = new RemoteGuest(nodeGuest);
    const { clock, network } = guest.ports;
    const sleeping = clock.sleep(1e9, neverCancelled);
    guest.kill();
    await expect(sleeping).rejects.toThrow('the guest has ended');
    await expect(network.connectUnix('/none')).rejects.toThrow('the guest has ended');
    expect(() => clock.now()).toThrow('the guest has ended');
    await guest.stop();
  });

  it('tells the signal that it died of', () => {
    const guest = new RemoteGuest([process.execPath, '-e', 'process.kill(process.pid, "SIGILL")']);
    expect(() => guest.ports.clock.now()).toThrow('the guest has ended (signal 4)');
  });

  it('is one that writes what is no frame', () => {
    const guest = new RemoteGuest([process.execPath, '-e', 'process.stdout.write("hello"); setInterval(() => undefined, 1000)']);
    expect(() => guest.ports.clock.now()).toThrow('no frame: hello');
  });

  it('may be one that was never there', () => {
    const guest = new RemoteGuest([join(folder, 'none')]);
    expect(() => guest.ports.clock.now()).toThrow('none can not be started');
  });
});

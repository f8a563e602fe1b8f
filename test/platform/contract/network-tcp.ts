import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CancelSource, neverCancelled } from '../../../src/platform/cancel.ts';
import type { Listener, Network, TcpConnection } from '../../../src/platform/network.ts';
import { patience } from '../../patience.ts';
import { bytesOf } from './bytes.ts';
import { networkError } from './network.ts';

const deafListener = `
import socket, time
listening = socket.create_server(("127.0.0.1", 0), backlog=0)
print(listening.getsockname()[1], flush=True)
time.sleep(600)
`;

/** What every host's TCP must do. */
export function tcpContract(make: () => Network): void {
  describe('Network, TCP', () => {
    let network: Network;
    let listeners: Listener[];
    let connections: TcpConnection[];

    beforeEach(() => {
      network = make();
      listeners = [];
      connections = [];
    });
    afterEach(async () => {
      for (const connection of connections) connection.close();
      for (const listener of listeners) await listener.close();
    });

    async function listen(address?: string, port = 0): Promise<{ readonly address: string; readonly port: number }> {
      const listener = await network.listenTcp(port, address, (connection) => connections.push(connection));
      listeners.push(listener);
      return { address: listener.address, port: Number(listener.address.replace(/.*:/, '')) };
    }

    async function connect(host: string, port: number): Promise<TcpConnection> {
      const connection = await network.connectTcp(host, port, neverCancelled);
      connections.push(connection);
      return connection;
    }

    /** Both ends of one connection. */
    async function pair(): Promise<[near: TcpConnection, far: TcpConnection]> {
      const { port } = await listen('127.0.0.1');
      const near = await network.connectTcp('127.0.0.1', port, neverCancelled);
      const far = await vi.waitUntil(() => connections[0], { interval: 1, timeout: patience });
      connections.push(near);
      return [near, far];
    }

    it('carries bytes both ways, and tells who is at the other end', async () => {
      const [near, far] = await pair();
      await near.write(bytesOf('question'));
      expect(await far.read()).toEqual(bytesOf('question'));
      await far.write(bytesOf('answer'));
      expect(await near.read()).toEqual(bytesOf('answer'));
      expect(near.peer).toBe(listeners[0]?.address);
      expect(far.peer).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(far.user).toBeUndefined();
    });

    it('goes on one way when the other has ended', async () => {
      const [near, far] = await pair();
      await far.write(bytesOf('first'));
      far.close();
      expect(await near.read()).toEqual(bytesOf('first'));
      expect(await near.read()).toBeUndefined();
      expect(await near.read()).toBeUndefined();
    });

    it('carries more than the kernel holds, in order, and everything that was written before the close', async () => {
      const [near, far] = await pair();
      const sent = Uint8Array.from({ length: 2_000_000 }, (_, i) => i % 251);
      const received: Uint8Array[] = [];
      const all = (async () => {
        for (let chunk = await far.read(); chunk !== undefined; chunk = await far.read()) received.push(chunk);
      })();
      await near.write(sent);
      near.close();
      await all;
      expect(Buffer.concat(received).equals(sent)).toBe(true);
    });

    it('listens on every address, by IPv4 and IPv6, and shows a peer of IPv4 as one', async () => {
      const { address, port } = await listen();
      expect(address).toBe(`[::]:${port}`);
      await connect('127.0.0.1', port);
      expect((await vi.waitUntil(() => connections.at(1), { interval: 1, timeout: patience })).peer).toMatch(/^127\.0\.0\.1:\d+$/);
      await connect('::1', port);
      await vi.waitUntil(() => connections.length === 4, { interval: 1, timeout: patience });
      expect(connections.map(({ peer }) => peer)).toContainEqual(expect.stringMatching(/^\[::1\]:\d+$/));
    });

    it('listens on one address alone', async () => {
      const { address, port } = await listen('::1');
      expect(address).toBe(`[::1]:${port}`);
      await expect(connect('127.0.0.1', port)).rejects.toThrow(expect.objectContaining({ name: 'NetworkError' }));
      expect((await connect('::1', port)).peer).toBe(address);
    });

    it('connects by name', async () => {
      const { port } = await listen();
      expect((await connect('localhost', port)).peer).toMatch(new RegExp(`^(127\\.0\\.0\\.1|\\[::1\\]):${port}$`));
    });

    it('refuses a port that is taken, and one beside an address', async () => {
      const { port } = await listen('127.0.0.1');
      await expect(network.listenTcp(port, '127.0.0.1', () => undefined)).rejects.toThrow(networkError('in-use'));
      await expect(network.listenTcp(0, 'router.lan', () => undefined)).rejects.toThrow(networkError('failed'));
      await expect(network.listenTcp(0, '192.0.2.1', () => undefined)).rejects.toThrow(networkError('failed'));
    });

    it('accepts nobody once it is closed, and leaves the connections that are there', async () => {
      const [near, far] = await pair();
      const [listener] = listeners;
      await listener?.close();
      await listener?.close();
      await near.write(bytesOf('still here'));
      expect(await far.read()).toEqual(bytesOf('still here'));
      await expect(connect('127.0.0.1', Number(listener?.address.replace(/.*:/, '')))).rejects.toThrow(
        expect.objectContaining({ name: 'NetworkError' }),
      );
    });

    it('tells a reset from an end', async () => {
      const { port } = await listen('127.0.0.1');
      const client = createConnection({ port, host: '127.0.0.1' });
      const far = await vi.waitUntil(() => connections[0], { interval: 1, timeout: patience });
      const reading = far.read();
      client.resetAndDestroy();
      await expect(reading).rejects.toThrow(networkError('closed'));
    });

    it('ends what is under way when it is dropped', async () => {
      const [near, far] = await pair();
      const reading = near.read();
      // As much as the kernel takes from who does not read, and then some: one write that is not taken in all the time that a slow machine needs.
      const long = patience / 60;
      let writing = near.write(new Uint8Array(1_000_000));
      while ((await Promise.race([writing.then(() => 'taken'), setTimeout(long, 'stuck')])) === 'taken')
        writing = near.write(new Uint8Array(1_000_000));
      near.drop();
      await expect(writing).rejects.toThrow(networkError('closed'));
      expect(await reading).toBeUndefined();
      far.close();
    });

    it('says that a name is none', async () => {
      await expect(connect('no-such-router.invalid', 443)).rejects.toThrow(networkError('no-such-host'));
    });

    it('stops connecting when it is told to', async () => {
      const stopped = new CancelSource();
      stopped.cancel();
      await expect(network.connectTcp('127.0.0.1', 1, stopped)).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
      // A listener that accepts nobody, and has no room for more who wait, answers nobody.
      const deaf = spawn('python3', ['-c', deafListener], { stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        const [line] = (await once(deaf.stdout, 'data')) as [Buffer];
        const port = Number(line.toString());
        const waiting = Array.from({ length: 4 }, () => createConnection({ port, host: '127.0.0.1' }).on('error', () => undefined));
        await once(waiting[0] ?? deaf, 'connect');
        const source = new CancelSource();
        const connecting = network.connectTcp('127.0.0.1', port, source);
        await setTimeout(50);
        source.cancel();
        await expect(connecting).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
        for (const socket of waiting) socket.destroy();
      } finally {
        deaf.kill('SIGKILL');
      }
    });
  });
}

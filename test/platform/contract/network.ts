import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Connection, Listener, Network, NetworkErrorCode } from '../../../src/platform/network.ts';
import { patience } from '../../patience.ts';
import { bytesOf } from './bytes.ts';

/** A host's network, and a folder that is there to make sockets in. */
export interface NetworkHost {
  readonly network: Network;
  /** Can it tell whose process is at the other end? */
  readonly tellsUsers: boolean;
  readonly folder: string;
}

/** What every host's network must do. */
export function networkContract(make: () => NetworkHost): void {
  describe('Network, Unix sockets', () => {
    let network: Network;
    let tellsUsers: boolean;
    let path: string;
    let listeners: Listener[];

    beforeEach(() => {
      const host = make();
      ({ network, tellsUsers } = host);
      path = join(host.folder, 'console.sock');
      listeners = [];
    });
    afterEach(async () => {
      for (const listener of listeners) await listener.close();
    });

    async function listen(accept: (connection: Connection) => void = (connection) => connection.close(), at = path): Promise<Listener> {
      const listener = await network.listenUnix(at, 0o600, accept);
      listeners.push(listener);
      return listener;
    }

    /** Both ends of one connection. */
    async function pair(at = path): Promise<[near: Connection, far: Connection]> {
      const accepted: Connection[] = [];
      await listen((connection) => accepted.push(connection), at);
      const near = await network.connectUnix(at);
      const far = await vi.waitUntil(() => accepted[0], { interval: 1, timeout: patience });
      return [near, far];
    }

    async function readAll(connection: Connection): Promise<Buffer> {
      const chunks: Uint8Array[] = [];
      for (let chunk = await connection.read(); chunk !== undefined; chunk = await connection.read()) chunks.push(chunk);
      return Buffer.concat(chunks);
    }

    it('carry bytes both ways', async () => {
      const [near, far] = await pair();
      await near.write(bytesOf('question'));
      expect(await far.read()).toEqual(bytesOf('question'));
      await far.write(bytesOf('answer'));
      expect(await near.read()).toEqual(bytesOf('answer'));
      expect(far.peer).toBe('unix');
      near.close();
      far.close();
    });

    it('carry more than the kernel holds, in order, and everything that was written before the close', async () => {
      const [near, far] = await pair();
      const sent = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
      const received = readAll(far);
      await near.write(sent);
      near.close();
      expect((await received).equals(sent)).toBe(true);
      far.close();
    });

    it('tell the end of the peer once and again, and a write after it', async () => {
      const [near, far] = await pair();
      near.close();
      expect(await far.read()).toBeUndefined();
      expect(await far.read()).toBeUndefined();
      await expect(
        (async () => {
          for (let i = 0; i < 100; i++) await far.write(new Uint8Array(65_536));
        })(),
      ).rejects.toThrow(networkError('closed'));
      far.close();
    });

    it('refuse to read and write once closed here', async () => {
      const [near, far] = await pair();
      near.close();
      near.close();
      expect(await far.read()).toBeUndefined();
      await expect(near.write(bytesOf('x'))).rejects.toThrow(networkError('closed'));
      far.close();
    });

    it('lose what nobody takes when they are dropped, also after a close', async () => {
      for (const closes of [false, true]) {
        const [near, far] = await pair(`${path}${closes}`);
        const written = near.write(new Uint8Array(2_000_000));
        if (closes) near.close();
        near.drop();
        near.drop();
        await expect(written).rejects.toThrow(networkError('closed'));
        await expect(near.write(bytesOf('x'))).rejects.toThrow(networkError('closed'));
        expect(await near.read()).toBeUndefined();
        expect((await readAll(far)).length).toBeLessThan(2_000_000);
        far.close();
      }
    });

    it.each([0o600, 0o666])('have the mode %o', async (mode) => {
      listeners.push(await network.listenUnix(path, mode, (connection) => connection.close()));
      expect(statSync(path).mode & 0o777).toBe(mode);
    });

    it('tell whose process is at the other end', async () => {
      const [near, far] = await pair();
      expect(network.tellsUsers).toBe(tellsUsers);
      expect(far.user).toBe(tellsUsers ? getuid?.() : undefined);
      near.close();
      far.close();
    });

    it('are gone when their listener closed', async () => {
      const listener = await listen();
      expect(listener.address).toBe(path);
      await listener.close();
      await listener.close();
      expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
      await expect(network.connectUnix(path)).rejects.toThrow(networkError('refused'));
    });

    it('leave the connections that are there when their listener closes', async () => {
      const [near, far] = await pair();
      await listeners[0]?.close();
      await near.write(bytesOf('still here'));
      expect(await far.read()).toEqual(bytesOf('still here'));
      near.close();
      far.close();
    });

    it('refuse a second listener, and the first goes on', async () => {
      await listen();
      await expect(network.listenUnix(path, 0o600, () => undefined)).rejects.toThrow(networkError('in-use'));
      (await network.connectUnix(path)).close();
    });

    it('take over the socket of a program that was killed', async () => {
      const program = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
      expect(() => execFileSync(process.execPath, ['-e', program])).toThrow('SIGKILL');
      expect(statSync(path).isSocket()).toBe(true);
      await listen();
      const connection = await network.connectUnix(path);
      expect(await connection.read()).toBeUndefined();
      connection.close();
    });

    it('do not take the place of another file', async () => {
      writeFileSync(path, 'mine');
      await expect(network.listenUnix(path, 0o600, () => undefined)).rejects.toThrow(networkError('in-use'));
      await expect(network.connectUnix(path)).rejects.toThrow(networkError('refused'));
      expect(statSync(path).size).toBe(4);
    });

    it('may have a path of any length', async () => {
      const folder = join(path, '..', 'long'.repeat(40));
      const at = join(folder, 'console.sock');
      await expect(network.listenUnix(at, 0o600, () => undefined)).rejects.toThrow(expect.objectContaining({ name: 'NetworkError' }));
      mkdirSync(folder);
      const [near, far] = await pair(at);
      await near.write(bytesOf('x'));
      expect(await far.read()).toEqual(bytesOf('x'));
      near.close();
      far.close();
      await listeners.pop()?.close();
      expect(statSync(at, { throwIfNoEntry: false })).toBeUndefined();
    });

    it('refuse a folder that is not there', async () => {
      await expect(network.connectUnix(join(path, 'none'))).rejects.toThrow(expect.objectContaining({ name: 'NetworkError' }));
      await expect(network.listenUnix(`${path}.none/a`, 0o600, () => undefined)).rejects.toThrow(
        expect.objectContaining({ name: 'NetworkError' }),
      );
    });
  });
}

/** What a refused call must throw. */
export function networkError(code: NetworkErrorCode): unknown {
  return expect.objectContaining({ name: 'NetworkError', code });
}

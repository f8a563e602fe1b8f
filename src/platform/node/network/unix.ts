import { closeSync, constants, lstatSync, openSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { type Listener, NetworkError } from '../../network.ts';
import { connected } from './connection.ts';
import { networkError, systemCode } from './error.ts';

/** Longest path that fits a `sockaddr_un` (unix(7)). */
const longestPath = 107;

/** Listens on a socket's file; one that nobody listens on stays after a crash, and its place is taken. */
export async function listenUnix(path: string, mode: number, accept: (socket: Socket) => void): Promise<Listener> {
  const at = new SocketPath(path);
  const open = (): Promise<Server> => listen(at.path, mode, accept);
  try {
    const server = await open().catch(async (error: unknown) => {
      if (systemCode(error) !== 'EADDRINUSE') throw error;
      if (!lstatSync(path).isSocket()) throw new NetworkError('in-use', `${path} is there and no socket`);
      if (await answers(at.path)) throw new NetworkError('in-use', `another program listens on ${path}`);
      unlinkSync(path);
      return open();
    });
    return new UnixListener(server, path, at);
  } catch (error) {
    at.release();
    throw networkError(error, path);
  }
}

export async function connectUnix(path: string): Promise<Socket> {
  const at = new SocketPath(path);
  try {
    return await connect(at.path);
  } catch (error) {
    throw networkError(error, path);
  } finally {
    at.release();
  }
}

/** A socket's path, by way of its open folder where it is too long to be given to the kernel. */
class SocketPath {
  readonly path: string;
  readonly #folder: number | undefined;

  constructor(path: string) {
    this.#folder = Buffer.byteLength(path) > longestPath ? openFolder(path) : undefined;
    this.path = this.#folder === undefined ? path : `/proc/self/fd/${this.#folder}/${basename(path)}`;
  }

  release(): void {
    if (this.#folder !== undefined) closeSync(this.#folder);
  }
}

function openFolder(path: string): number {
  try {
    return openSync(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    throw networkError(error, path);
  }
}

class UnixListener implements Listener {
  readonly address: string;
  readonly #server: Server;
  readonly #at: SocketPath;
  #closed = false;

  constructor(server: Server, address: string, at: SocketPath) {
    this.#server = server;
    this.address = address;
    this.#at = at;
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      // Takes the socket's file away within the call, by the path it was given: the folder must be open until then.
      this.#server.close();
      this.#at.release();
    }
    return Promise.resolve();
  }
}

function listen(path: string, mode: number, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, accept);
    server.once('error', reject);
    // The socket's file is made within this call: its mode is right from the first moment.
    const mask = process.umask(0o777 & ~mode);
    try {
      server.listen(path, () => {
        server.removeListener('error', reject);
        resolve(server);
      });
    } finally {
      process.umask(mask);
    }
  });
}

async function connect(path: string): Promise<Socket> {
  const socket = createConnection({ path, allowHalfOpen: true });
  await connected(socket);
  return socket;
}

/** Does anybody listen on this socket? Its file stays after a crash. */
async function answers(path: string): Promise<boolean> {
  try {
    (await connect(path)).destroy();
    return true;
  } catch (error) {
    if (systemCode(error) === 'ECONNREFUSED') return false;
    throw error;
  }
}

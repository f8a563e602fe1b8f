import { closeSync, constants, lstatSync, openSync, unlinkSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { type Connection, type Listener, type Network, NetworkError, type NetworkErrorCode } from '../network.ts';
import { type Addon, type LoadedAddon, loadOwnAddon } from './keygen/addon.ts';

/** Longest path that fits a `sockaddr_un` (unix(7)). */
const longestPath = 107;

/** Unix sockets of Node. Whose process is at the other end is told by the addon alone. */
export class NodeNetwork implements Network {
  readonly #load: () => LoadedAddon;
  #addon: LoadedAddon | undefined;

  constructor(load: () => LoadedAddon = loadOwnAddon) {
    this.#load = load;
  }

  get tellsUsers(): boolean {
    return this.#loaded !== undefined;
  }

  /** Loaded when a daemon asks for it, and not for a console. */
  get #loaded(): Addon | undefined {
    this.#addon ??= this.#load();
    return this.#addon.loaded ? this.#addon.exports : undefined;
  }

  async listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Promise<Listener> {
    const at = new SocketPath(path);
    const addon = this.#loaded;
    const open = (): Promise<Server> => listen(at.path, mode, (socket) => accept(new SocketConnection(socket, userOf(socket, addon))));
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

  async connectUnix(path: string): Promise<Connection> {
    const at = new SocketPath(path);
    try {
      return new SocketConnection(await connect(at.path), undefined);
    } catch (error) {
      throw networkError(error, path);
    } finally {
      at.release();
    }
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

class SocketConnection implements Connection {
  readonly peer = 'unix';
  readonly user: number | undefined;
  readonly #socket: Socket;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(socket: Socket, user: number | undefined) {
    this.user = user;
    this.#socket = socket;
    // An error is told by the read or write that meets it.
    socket.on('error', () => undefined);
    this.#chunks = socket.iterator({ destroyOnReturn: false });
  }

  async read(): Promise<Uint8Array | undefined> {
    try {
      const chunk = await this.#chunks.next();
      return chunk.done === true ? undefined : new Uint8Array(chunk.value);
    } catch (error) {
      throw networkError(error, 'connection');
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(networkError(error, 'connection')) : resolve()));
    });
  }

  close(): void {
    this.#socket.destroySoon();
  }
}

/** The descriptor of a socket is no part of Node's documented interface: without one nobody is told of. */
function userOf(socket: Socket, addon: Addon | undefined): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  const descriptor: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof descriptor === 'number' ? (addon?.peerUser(descriptor) ?? undefined) : undefined;
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

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path, allowHalfOpen: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
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

const codes = new Map<string, NetworkErrorCode>([
  ['EADDRINUSE', 'in-use'],
  ['ECONNREFUSED', 'refused'],
  ['ENOENT', 'refused'],
  ['EACCES', 'not-permitted'],
  ['EPERM', 'not-permitted'],
  ['EPIPE', 'closed'],
  ['ECONNRESET', 'closed'],
  ['ERR_STREAM_DESTROYED', 'closed'],
  ['ERR_STREAM_WRITE_AFTER_END', 'closed'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'closed'],
]);

function networkError(error: unknown, what: string): NetworkError {
  if (error instanceof NetworkError) return error;
  return new NetworkError(
    codes.get(systemCode(error) ?? '') ?? 'failed',
    `${what}: ${error instanceof Error ? error.message : String(error)}`,
  );
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

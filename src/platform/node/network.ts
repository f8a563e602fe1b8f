import type { Socket } from 'node:net';
import type { Cancel } from '../cancel.ts';
import type { Connection, Listener, Network, TcpConnection } from '../network.ts';
import { type Addon, type LoadedAddon, loadOwnAddon } from './keygen/addon.ts';
import { SocketConnection } from './network/connection.ts';
import { connectUnix, listenUnix } from './network/unix.ts';

/** Sockets of Node. Whose process is at the other end of a Unix socket is told by the addon alone. */
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

  listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Promise<Listener> {
    const addon = this.#loaded;
    return listenUnix(path, mode, (socket) => accept(new SocketConnection(socket, 'unix', userOf(socket, addon))));
  }

  async connectUnix(path: string): Promise<Connection> {
    return new SocketConnection(await connectUnix(path), 'unix', undefined);
  }

  // TLS is loaded when it is used: a console does without.

  async listenTcp(port: number, address: string | undefined, accept: (connection: TcpConnection) => void): Promise<Listener> {
    const { listenTcp } = await import('./network/tcp.ts');
    return listenTcp(port, address, accept);
  }

  async connectTcp(host: string, port: number, cancel: Cancel): Promise<TcpConnection> {
    const { connectTcp } = await import('./network/tcp.ts');
    return connectTcp(host, port, cancel);
  }
}

/** The descriptor of a socket is no part of Node's documented interface: without one nobody is told of. */
function userOf(socket: Socket, addon: Addon | undefined): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  const descriptor: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : undefined;
  return typeof descriptor === 'number' ? (addon?.peerUser(descriptor) ?? undefined) : undefined;
}

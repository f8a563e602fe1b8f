import type { Socket } from 'node:net';
import type { Connection } from '../../network.ts';
import { networkError } from './error.ts';

/** A socket of Node's, of whatever kind. */
export class SocketConnection implements Connection {
  readonly peer: string;
  readonly user: number | undefined;
  readonly #socket: Socket;
  /** Takes nothing from the socket before the first read. */
  readonly #chunks: AsyncIterator<Uint8Array>;
  #closed = false;

  constructor(socket: Socket, peer: string, user: number | undefined) {
    this.peer = peer;
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
      // What was under way when it was closed here has ended.
      if (this.#closed) return undefined;
      throw networkError(error, 'connection');
    }
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => (error ? reject(networkError(error, 'connection')) : resolve()));
    });
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroySoon();
  }

  drop(): void {
    this.#closed = true;
    this.#socket.destroy();
  }
}

/** Resolves when a socket that was made to connect has; rejects with Node's error. */
export function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve();
    });
  });
}

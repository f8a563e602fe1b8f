import { sleep } from 'signet:clock';
import { connectUnix, listenUnix, type OpenConnection, type OpenListener } from 'signet:network';
import { type Connection, type Listener, type Network, NetworkError, type NetworkErrorCode } from '../network.ts';
import { translated } from './work.ts';

/** Unix sockets of the host. */
export class CompactNetwork implements Network {
  async listenUnix(path: string, accept: (connection: Connection) => void): Promise<Listener> {
    const listener = await attempt(() => listenUnix(path));
    void acceptAll(listener, accept);
    return {
      address: path,
      close: async () => listener.close(),
    };
  }

  async connectUnix(path: string): Promise<Connection> {
    return new CompactConnection(await attempt(() => connectUnix(path)));
  }
}

/** Milliseconds until descriptors may be there again. */
const patience = 100;

async function acceptAll(listener: OpenListener, accept: (connection: Connection) => void): Promise<void> {
  for (;;) {
    let connection: OpenConnection | undefined;
    try {
      connection = await listener.accept();
    } catch {
      // One that went away before it was accepted, or no descriptor left for it: the next one may have more luck.
      await sleep(patience).outcome;
      continue;
    }
    if (connection === undefined) return;
    accept(new CompactConnection(connection));
  }
}

class CompactConnection implements Connection {
  readonly peer = 'unix';
  readonly #connection: OpenConnection;

  constructor(connection: OpenConnection) {
    this.#connection = connection;
  }

  read(): Promise<Uint8Array | undefined> {
    return attempt(() => this.#connection.read());
  }

  write(bytes: Uint8Array): Promise<void> {
    return attempt(() => this.#connection.write(bytes));
  }

  close(): void {
    this.#connection.close();
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated<NetworkErrorCode>(error, (code, message) => new NetworkError(code, message));
  }
}

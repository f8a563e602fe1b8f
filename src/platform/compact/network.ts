import { sleep } from 'signet:clock';
import { connectUnix, listenUnix, type OpenConnection, type OpenListener } from 'signet:network';
import { type Connection, type Listener, type Network, NetworkError, type NetworkErrorCode } from '../network.ts';
import { attemptLater } from './work.ts';

/** Unix sockets of the host. */
export class CompactNetwork implements Network {
  readonly tellsUsers = true;

  async listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Promise<Listener> {
    const listener = await attemptLater(() => listenUnix(path, mode), networkError);
    void acceptAll(listener, accept);
    return {
      address: path,
      close: async () => listener.close(),
    };
  }

  async connectUnix(path: string): Promise<Connection> {
    return new CompactConnection(await attemptLater(() => connectUnix(path), networkError));
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
  readonly user: number | undefined;
  readonly #connection: OpenConnection;

  constructor(connection: OpenConnection) {
    this.user = connection.user;
    this.#connection = connection;
  }

  read(): Promise<Uint8Array | undefined> {
    return attemptLater(() => this.#connection.read(), networkError);
  }

  write(bytes: Uint8Array): Promise<void> {
    return attemptLater(() => this.#connection.write(bytes), networkError);
  }

  close(): void {
    this.#connection.close();
  }
}

function networkError(code: NetworkErrorCode, message: string): NetworkError {
  return new NetworkError(code, message);
}

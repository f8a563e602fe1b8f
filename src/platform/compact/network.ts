import { sleep } from 'signet:clock';
import {
  connectTcp,
  connectUnix,
  listenTcp,
  listenUnix,
  type OpenConnection,
  type OpenListener,
  type OpenTlsConnection,
} from 'signet:network';
import type { Cancel } from '../cancel.ts';
import {
  type Connection,
  type Listener,
  type Network,
  NetworkError,
  type NetworkErrorCode,
  type TcpConnection,
  type TlsClientSettings,
  type TlsConnection,
  type TlsServerSettings,
} from '../network.ts';
import { attemptLater, outcomeOf } from './work.ts';

/** Sockets of the host. */
export class CompactNetwork implements Network {
  readonly tellsUsers = true;

  async listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Promise<Listener> {
    return listener(await attemptLater(() => listenUnix(path, mode), networkError), accept);
  }

  async connectUnix(path: string): Promise<Connection> {
    return new CompactConnection(await attemptLater(() => connectUnix(path), networkError));
  }

  async listenTcp(port: number, address: string | undefined, accept: (connection: TcpConnection) => void): Promise<Listener> {
    const open = (): Promise<OpenListener> => (address === undefined ? listenTcp(port) : listenTcp(port, address));
    return listener(await attemptLater(open, networkError), accept);
  }

  async connectTcp(host: string, port: number, cancel: Cancel): Promise<TcpConnection> {
    return new CompactConnection(await attemptLater(() => outcomeOf(() => connectTcp(host, port), cancel), networkError));
  }
}

function listener(open: OpenListener, accept: (connection: TcpConnection) => void): Listener {
  void acceptAll(open, accept);
  return {
    address: open.address,
    close: async () => open.close(),
  };
}

/** Milliseconds until descriptors may be there again. */
const patience = 100;

async function acceptAll(open: OpenListener, accept: (connection: TcpConnection) => void): Promise<void> {
  for (;;) {
    let connection: OpenConnection | undefined;
    try {
      connection = await open.accept();
    } catch {
      // One that went away before it was accepted, or no descriptor left for it: the next one may have more luck.
      await sleep(patience).outcome;
      continue;
    }
    if (connection === undefined) return;
    accept(new CompactConnection(connection));
  }
}

class CompactConnection implements TcpConnection {
  readonly peer: string;
  readonly user: number | undefined;
  readonly #connection: OpenConnection;

  constructor(connection: OpenConnection) {
    this.peer = connection.peer;
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

  drop(): void {
    this.#connection.drop();
  }

  async serveTls({ certificates, privateKey, versions }: TlsServerSettings): Promise<TlsConnection> {
    const shake = (): Promise<OpenTlsConnection> => this.#connection.serveTls(certificates, privateKey, versions === 'only-1.2');
    return new CompactTlsConnection(await attemptLater(shake, networkError));
  }

  async startTls({ name, versions }: TlsClientSettings): Promise<TlsConnection> {
    return new CompactTlsConnection(await attemptLater(() => this.#connection.startTls(name, versions === 'only-1.2'), networkError));
  }
}

class CompactTlsConnection extends CompactConnection implements TlsConnection {
  readonly version: '1.2' | '1.3';
  readonly peerCertificates: readonly Uint8Array[];

  constructor(connection: OpenTlsConnection) {
    super(connection);
    this.version = connection.version;
    this.peerCertificates = connection.peerCertificates;
  }
}

function networkError(code: NetworkErrorCode, message: string): NetworkError {
  return new NetworkError(code, message);
}

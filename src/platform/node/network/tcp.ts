import { createConnection, createServer, isIPv4, isIPv6, type Server, type Socket } from 'node:net';
import { type Cancel, Cancelled } from '../../cancel.ts';
import {
  type Listener,
  NetworkError,
  type TcpConnection,
  type TlsClientSettings,
  type TlsConnection,
  type TlsServerSettings,
} from '../../network.ts';
import { connected, SocketConnection } from './connection.ts';
import { networkError, systemCode } from './error.ts';
import { serveTls, startTls } from './tls.ts';

/** Every address, of IPv6 and, as Linux has it, of IPv4. */
const everywhere = '::';
const everywhereInIpv4 = '0.0.0.0';

export async function listenTcp(port: number, address: string | undefined, accept: (connection: TcpConnection) => void): Promise<Listener> {
  if (address !== undefined && !isIPv4(address) && !isIPv6(address)) throw new NetworkError('failed', `${address} is no IP address`);
  const open = (at: string): Promise<Server> =>
    listen(port, at, (socket) => {
      const connection = tcpConnection(socket);
      if (connection !== undefined) accept(connection);
    });
  try {
    const server = await open(address ?? everywhere).catch((error: unknown) => {
      // A kernel without IPv6, which says so in one of two ways.
      const without = address === undefined && ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes(systemCode(error) ?? '');
      if (!without) throw error;
      return open(everywhereInIpv4);
    });
    return new TcpListener(server);
  } catch (error) {
    throw networkError(error, shown(address ?? everywhere, port));
  }
}

export async function connectTcp(host: string, port: number, cancel: Cancel): Promise<TcpConnection> {
  cancel.check();
  const socket = createConnection({ host, port, allowHalfOpen: true });
  const forget = cancel.onCancel(() => socket.destroy(new Cancelled()));
  try {
    await connected(socket);
  } catch (error) {
    // Of several addresses each has an error of its own: the last one tells.
    const one: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
    throw one instanceof Cancelled ? one : networkError(one, shown(host, port));
  } finally {
    forget();
  }
  const connection = tcpConnection(socket);
  if (connection === undefined) throw new NetworkError('closed', `${shown(host, port)}: it is closed`);
  return connection;
}

class TcpListener implements Listener {
  readonly address: string;
  readonly #server: Server;

  constructor(server: Server) {
    const at = server.address();
    this.address = at === null || typeof at === 'string' ? '' : shown(at.address, at.port);
    this.#server = server;
  }

  close(): Promise<void> {
    this.#server.close();
    return Promise.resolve();
  }
}

/** Undefined for a socket whose peer is gone already. */
function tcpConnection(socket: Socket): TcpConnection | undefined {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined || remotePort === undefined) {
    socket.destroy();
    return undefined;
  }
  // Answers are written as a whole: there is nothing to wait for.
  socket.setNoDelay(true);
  return new OpenTcpConnection(socket, shown(remoteAddress, remotePort));
}

class OpenTcpConnection extends SocketConnection implements TcpConnection {
  readonly #socket: Socket;

  constructor(socket: Socket, peer: string) {
    super(socket, peer, undefined);
    this.#socket = socket;
  }

  serveTls(settings: TlsServerSettings): Promise<TlsConnection> {
    return serveTls(this.#socket, this.peer, settings);
  }

  startTls(settings: TlsClientSettings): Promise<TlsConnection> {
    return startTls(this.#socket, this.peer, settings);
  }
}

const mapped = '::ffff:';

/** A peer of IPv4 on a socket of IPv6 is shown as what it is. */
function shown(address: string, port: number): string {
  const plain = address.startsWith(mapped) && isIPv4(address.slice(mapped.length)) ? address.slice(mapped.length) : address;
  return isIPv6(plain) ? `[${plain}]:${port}` : `${plain}:${port}`;
}

function listen(port: number, host: string, accept: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, accept);
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      resolve(server);
    });
  });
}

import type { Cancel } from './cancel.ts';

/** One accepted or made connection. */
export interface Connection {
  /** Who is at the other end: "unix", or "192.0.2.1:4711". */
  readonly peer: string;
  /** Uid of the process at the other end of a Unix socket, for which the kernel vouches; undefined where the host can't ask it. */
  readonly user: number | undefined;
  /** The next bytes, or undefined when the peer ended, or it was closed here; a reset is an error of `code` `closed`. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when the kernel took the bytes; a gone peer is an error of `code` `closed`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection after what was written before. May be called again. */
  close(): void;
  /** Ends it at once: what the kernel has not taken is lost, and whoever waits for that is told `closed`. Also after a close. */
  drop(): void;
}

/** A connection over TCP, on which TLS may be spoken. */
export interface TcpConnection extends Connection {
  /**
   * The server's side of a handshake, before anything was read. What it gives takes the place of this connection, of which nothing is
   * used any more; a close of this one while the handshake is under way ends it. It has no limit of time of its own. After a failure there
   * is nothing left to do but to close it.
   */
  serveTls(settings: TlsServerSettings): Promise<TlsConnection>;
  /** The same of the client's side. */
  startTls(settings: TlsClientSettings): Promise<TlsConnection>;
}

/** 1.2 and 1.3, or 1.2 alone. There is nothing older, no session is resumed, and every cipher suite has forward secrecy. */
export type TlsVersions = 'any' | 'only-1.2';

export interface TlsServerSettings {
  /** DER, the server's own first; at least that one. */
  readonly certificates: readonly Uint8Array[];
  /** PKCS#8 PrivateKeyInfo of the first certificate. */
  readonly privateKey: Uint8Array;
  readonly versions: TlsVersions;
}

export interface TlsClientSettings {
  /** The host's name, which the server is told (RFC 6066 3), or an IP address, which it is not. */
  readonly name: string;
  readonly versions: TlsVersions;
}

/**
 * A connection inside TLS. What the handshake proved is that the peer has the private key of the first of its certificates, and nothing
 * more: whether that is one to be trusted is for the caller to decide, before the first byte is written. An end of the bytes is not proven
 * to be the peer's: what is spoken must say by itself where it ends.
 */
export interface TlsConnection extends Connection {
  readonly version: '1.2' | '1.3';
  /**
   * DER, the peer's own first; none on a server. What follows is what the peer sent, or as much of it as leads on from its own: in no order
   * that could be relied on, and proven by nothing.
   */
  readonly peerCertificates: readonly Uint8Array[];
}

export interface Listener {
  /** The socket's path, or "192.0.2.1:443", "[::]:443": with the port that it really has. */
  readonly address: string;
  /** Accepts nobody any more, and takes the socket's file away; connections that are there go on. May be called again. */
  close(): Promise<void>;
}

/** `tls`: what came is no TLS, or there is no handshake on which both sides agree; or the keys and certificates given don't go together. */
export type NetworkErrorCode = 'in-use' | 'refused' | 'not-permitted' | 'no-such-host' | 'unreachable' | 'closed' | 'tls' | 'failed';

export class NetworkError extends Error {
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string) {
    super(message);
    this.name = 'NetworkError';
    this.code = code;
  }
}

/** Unix sockets, TCP, and TLS over it. HTTP is the core's own, above this port, so that both hosts answer alike. */
export interface Network {
  /** Can this host tell the `user` of a connection? */
  readonly tellsUsers: boolean;
  /**
   * Listens on a Unix socket, which has this mode from its first moment, 0600 or 0666; a socket file that nobody listens on is taken
   * over, a live one is `in-use`.
   */
  listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Promise<Listener>;
  connectUnix(path: string): Promise<Connection>;
  /** Listens on a port (0: a free one) of an IP address of this machine, or of all of them, by IPv6 and IPv4, where none is given. */
  listenTcp(port: number, address: string | undefined, accept: (connection: TcpConnection) => void): Promise<Listener>;
  /** Connects to the first of the host's addresses that answers; `host` is a name or an IP address. Rejects with `Cancelled`. */
  connectTcp(host: string, port: number, cancel: Cancel): Promise<TcpConnection>;
}

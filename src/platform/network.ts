/** One accepted or made connection. */
export interface Connection {
  /** Who is at the other end: "unix", or "192.0.2.1:4711". */
  readonly peer: string;
  /** Uid of the process at the other end of a Unix socket, for which the kernel vouches; undefined where the host can't ask it. */
  readonly user: number | undefined;
  /** The next bytes, or undefined when the peer ended. */
  read(): Promise<Uint8Array | undefined>;
  /** Resolves when the kernel took the bytes; a gone peer is an error of `code` `closed`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection after what was written before. May be called again. */
  close(): void;
}

export interface Listener {
  readonly address: string;
  /** Accepts nobody any more, and takes the socket's file away; connections that are there go on. May be called again. */
  close(): Promise<void>;
}

export type NetworkErrorCode = 'in-use' | 'refused' | 'not-permitted' | 'closed' | 'failed';

export class NetworkError extends Error {
  readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string) {
    super(message);
    this.name = 'NetworkError';
    this.code = code;
  }
}

/** Unix sockets (TCP and TLS come with the web service). */
export interface Network {
  /** Can this host tell the `user` of a connection? */
  readonly tellsUsers: boolean;
  /**
   * Listens on a Unix socket, which has this mode from its first moment, 0600 or 0666; a socket file that nobody listens on is taken
   * over, a live one is `in-use`.
   */
  listenUnix(path: string, mode: number, accept: (connection: Connection) => void): Promise<Listener>;
  connectUnix(path: string): Promise<Connection>;
}

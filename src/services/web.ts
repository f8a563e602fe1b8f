import { type MessageLimits, usualLimits } from '../http/limits.ts';
import type { Handler } from '../http/server.ts';
import { Watch } from '../http/watch.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import type { Severity } from '../platform/log.ts';
import {
  type Connection,
  type Listener,
  type Network,
  NetworkError,
  type TcpConnection,
  type TlsServerSettings,
} from '../platform/network.ts';
import { Complaints } from './complaints.ts';
import { addressOf, isWithin, parsePrefix } from './prefixes.ts';
import type { Work } from './scheduler.ts';
import type { Service, Services } from './services.ts';
import { type Session, Sessions } from './sessions.ts';

/** What the web services need. */
export interface WebPorts {
  readonly network: Network;
  readonly clock: Clock;
  readonly services: Services;
  /** What the service shows in a handshake; its key is wiped afterwards. Rejects where the certificate or its key is not there. */
  readonly identity: (certificateId: number) => Promise<Pick<TlsServerSettings, 'certificates' | 'privateKey'>>;
  /** The time, where the clock can be right. */
  readonly now: () => Instant | undefined;
  /** What answers; it is loaded when somebody asks. */
  readonly site: () => Promise<(client: WebClient) => Handler>;
  readonly log: (severity: Severity, topics: readonly string[], message: string) => void;
}

/** Who asks. */
export interface WebClient {
  readonly address: string;
  /** Over TLS? */
  readonly secure: boolean;
}

/** The services that are served here. */
const served = ['www', 'www-ssl'] as const;

/** What is sent to a router is short; files come by SFTP. */
const limits: MessageLimits = { ...usualLimits, body: 131_072 };

/** Milliseconds that a handshake may take. */
const patience = 10_000;

interface Listening {
  readonly port: number;
  readonly listener: Listener;
}

/** www and www-ssl, as /ip/service has them. */
export class Web implements Work {
  readonly name = 'service';
  readonly topics = ['web'];
  readonly atAnyTime = true;
  readonly #ports: WebPorts;
  readonly #complaints: Complaints;
  readonly #open = new Map<string, Listening>();
  #turns: Promise<void> = Promise.resolve();
  #closed = false;
  readonly #sessions = new Map<string, Sessions>();

  constructor(ports: WebPorts) {
    this.#ports = ports;
    this.#complaints = new Complaints(ports.clock, ports.log);
  }

  /** A service that listens where it should not, or does not where it should, is due at once. The key has the port: another is another trial. */
  due(): ReadonlyMap<string, Instant> {
    const due = new Map<string, Instant>();
    for (const name of served) {
      const port = this.#wanted(name);
      if (port !== this.#open.get(name)?.port) due.set(`${name}:${port ?? 'none'}`, 0);
    }
    return due;
  }

  /** One after another: a port that is set twice at once is still one listener. */
  run(key: string): Promise<void> {
    const turn = this.#turns.then(() => this.#follow(key));
    this.#turns = turn.catch(() => undefined);
    return turn;
  }

  async #follow(key: string): Promise<void> {
    const [name = ''] = key.split(':');
    const before = this.#open.get(name);
    if (before !== undefined && before.port !== this.#wanted(name)) {
      this.#open.delete(name);
      await before.listener.close();
    }
    const port = this.#wanted(name);
    if (port === undefined) {
      this.#sessionsOf(name).drop();
      this.#ports.services.report(name, undefined);
    } else if (!this.#closed && !this.#open.has(name)) await this.#listen(name, port);
  }

  /** The port that the service is to have now; none if it is disabled. */
  #wanted(name: string): number | undefined {
    const service = this.#ports.services.withName(name);
    return service === undefined || service.disabled ? undefined : service.port;
  }

  /** Ends every connection, and accepts none. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turns;
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const sessions of this.#sessions.values()) sessions.drop();
    await Promise.all(open.map(({ listener }) => listener.close()));
  }

  async #listen(name: string, port: number): Promise<void> {
    const { network, services } = this.#ports;
    try {
      const listener = await network.listenTcp(port, undefined, (connection) => void this.#serve(name, connection));
      this.#open.set(name, { port, listener });
      services.report(name, undefined);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      services.report(name, error.message);
      throw new NetworkError(error.code, `${name} can not listen on port ${port}: ${error.message}`);
    }
  }

  /** Serves a connection until it ends. Never rejects. */
  async #serve(name: string, connection: TcpConnection): Promise<void> {
    const address = addressOf(connection.peer);
    let session: Session | undefined;
    try {
      const service = this.#ports.services.withName(name);
      const isWelcome = service !== undefined && !service.disabled && mayCome(address, service);
      session = isWelcome ? this.#sessionsOf(name).open(address, service.maxSessions) : undefined;
      if (session === undefined || service === undefined) connection.drop();
      else await this.#converse(service, connection, session, address);
    } catch (error) {
      this.#failed(name, address, error);
    } finally {
      session?.end();
      connection.close();
    }
  }

  async #converse(service: Service, connection: TcpConnection, session: Session, address: string): Promise<void> {
    const { clock, now, site } = this.#ports;
    const secure = service.tlsVersion !== undefined;
    let spoken = session.over(connection);
    if (secure) spoken = session.over(await this.#shakeHands(service, connection));
    const failed = (error: unknown): void => this.#failed(service.name, address, error);
    const [{ serveHttp }, handler] = await Promise.all([import('../http/server.ts'), site()]);
    await serveHttp(spoken, handler({ address, secure }), { clock, now, failed, limits });
  }

  /** By the certificate that the service has now. */
  async #shakeHands({ certificateId, tlsVersion = 'any' }: Service, connection: TcpConnection): Promise<Connection> {
    if (certificateId === undefined) throw new NetworkError('tls', 'it has no certificate: set certificate=');
    const { privateKey, certificates } = await this.#ports.identity(certificateId);
    const watch = new Watch(this.#ports.clock, () => connection.drop());
    watch.allow(patience);
    try {
      return await watch.during(() => connection.serveTls({ certificates, privateKey, versions: tlsVersion }));
    } finally {
      watch.dispose();
      privateKey.fill(0);
    }
  }

  #sessionsOf(name: string): Sessions {
    const sessions = this.#sessions.get(name) ?? new Sessions(this.#ports.clock);
    this.#sessions.set(name, sessions);
    return sessions;
  }

  /** Precise in the log, where the network is told little. */
  #failed(name: string, address: string, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'closed' || code === 'interrupted') return;
    const isOurs = code !== 'bad-message' && code !== 'tls';
    const message = error instanceof Error ? (code === undefined ? (error.stack ?? error.message) : error.message) : String(error);
    this.#complaints.add(isOurs ? 'error' : 'info', ['web'], `${name}: ${address}: ${message}`);
  }
}

function mayCome(from: string, { address }: Service): boolean {
  return address.length === 0 || isWithin(from, address.map(parsePrefix));
}

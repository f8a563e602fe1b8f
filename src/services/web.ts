import type { Handler } from '../http/server.ts';
import { type Cancel, Cancelled, CancelSource } from '../platform/cancel.ts';
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
  readonly #sessions = new Map<string, Sessions>();

  constructor(ports: WebPorts) {
    this.#ports = ports;
    this.#complaints = new Complaints(ports.clock, ports.log);
  }

  /** A service that listens where it should not, or does not where it should, is due at once. The key has the port: another is another trial. */
  due(): ReadonlyMap<string, Instant> {
    const due = new Map<string, Instant>();
    for (const service of this.#served()) {
      const port = this.#open.get(service.name)?.port;
      if (port !== portOf(service)) due.set(`${service.name}:${portOf(service) ?? 'none'}`, 0);
    }
    return due;
  }

  async run(key: string, cancel: Cancel): Promise<void> {
    const service = this.#served().find(({ name }) => key.startsWith(`${name}:`));
    if (service === undefined) return;
    const { name } = service;
    const open = this.#open.get(name);
    if (open !== undefined && open.port !== portOf(service)) {
      this.#open.delete(name);
      await open.listener.close();
      if (service.disabled) this.#sessionsOf(name).drop();
    }
    if (service.disabled) this.#ports.services.report(name, undefined);
    else if (!this.#open.has(name)) await this.#listen(service, cancel);
  }

  /** Ends every connection, and accepts none. */
  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const sessions of this.#sessions.values()) sessions.drop();
    await Promise.all(open.map(({ listener }) => listener.close()));
  }

  #served(): Service[] {
    return this.#ports.services.list().filter(({ name }) => name === 'www' || name === 'www-ssl');
  }

  async #listen({ name, port }: Service, cancel: Cancel): Promise<void> {
    const { network, services } = this.#ports;
    try {
      const listener = await network.listenTcp(port, undefined, (connection) => void this.#serve(name, connection));
      this.#open.set(name, { port, listener });
      services.report(name, undefined);
      if (cancel.cancelled) await this.close();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      services.report(name, error.message);
      throw new NetworkError(error.code, `${name} can not listen on port ${port}: ${error.message}`);
    }
  }

  /** Serves a connection until it ends. Never rejects. */
  async #serve(name: string, connection: TcpConnection): Promise<void> {
    const service = this.#ports.services.withName(name);
    const address = addressOf(connection.peer);
    const isWelcome = service !== undefined && !service.disabled && mayCome(address, service);
    const session = isWelcome ? this.#sessionsOf(name).open(address, service.maxSessions) : undefined;
    if (session === undefined || service === undefined) return connection.drop();
    try {
      await this.#converse(service, connection, session, address);
    } catch (error) {
      this.#failed(name, address, error);
    } finally {
      session.end();
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
    await serveHttp(spoken, handler({ address, secure }), { clock, now, failed });
  }

  /** By the certificate that the service has now. */
  async #shakeHands({ certificateId, tlsVersion = 'any' }: Service, connection: TcpConnection): Promise<Connection> {
    if (certificateId === undefined) throw new NetworkError('tls', 'it has no certificate: set certificate=');
    const { privateKey, certificates } = await this.#ports.identity(certificateId);
    const done = new CancelSource();
    this.#ports.clock.sleep(patience, done).then(
      () => connection.drop(),
      (error: unknown) => {
        if (!(error instanceof Cancelled)) throw error;
      },
    );
    try {
      return await connection.serveTls({ certificates, privateKey, versions: tlsVersion });
    } finally {
      done.cancel();
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

function portOf({ disabled, port }: Service): number | undefined {
  return disabled ? undefined : port;
}

function mayCome(from: string, { address }: Service): boolean {
  return address.length === 0 || isWithin(from, address.map(parsePrefix));
}

import { utf8 } from '../bytes/utf8.ts';
import { neverCancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import { type Connection, type Network, NetworkError } from '../platform/network.ts';
import type { Terminal } from '../platform/terminal.ts';
import { attach } from './attach.ts';
import { type CommandLine, readCommandLine, type Task, UsageError, usage } from './command-line.ts';
import { ConsoleServer } from './server.ts';
import type { SessionContext } from './session.ts';

/** The router of one store, as the program runs it. */
export interface Router {
  readonly console: SessionContext;
  /** One line each that a person should read when the router starts. */
  readonly notes: readonly string[];
  /** Closes the store. Nothing of the router may be used afterwards. */
  close(): Promise<void>;
}

/** What the program needs of the host that it runs on. */
export interface Host {
  readonly arguments: readonly string[];
  readonly version: string;
  /** SIGNET_STORE; undefined if it is not set. */
  readonly storeOfEnvironment: string | undefined;
  readonly defaultStore: string;
  readonly network: Network;
  readonly clock: Clock;
  /** The terminal, or pipe, of this process; with `input` a pipe that brings just that. */
  terminal(input?: Uint8Array): Terminal;
  /** A file of the machine, by any path. */
  readFile(path: string): Promise<Uint8Array>;
  print(text: string): void;
  complain(text: string): void;
  /** Calls `listener` at SIGINT, SIGTERM and SIGHUP with the signal's number. */
  onSignal(listener: (signal: number) => void): void;
  /** Opens the store in `folder`, making it if there is none; `log`: the log goes to standard error. */
  openRouter(folder: string, options: { readonly log: boolean }): Promise<Router>;
}

/** Does what the program was called for. Resolves with the exit status: 2 for wrong usage, 1 for failure. */
export async function runProgram(host: Host): Promise<number> {
  try {
    const { task, store }: CommandLine = readCommandLine(host.arguments);
    return await run(task, store ?? host.storeOfEnvironment ?? host.defaultStore, host);
  } catch (error) {
    if (error instanceof UsageError) {
      host.complain(`signet: ${error.message}\nTry "signet help".\n`);
      return 2;
    }
    // Errors of our layers are for people to read; what has no code is a fault of the program and shows where it was.
    if (!(error instanceof Error && 'code' in error)) throw error;
    host.complain(`signet: ${error.message}\n`);
    return 1;
  }
}

async function run(task: Task, store: string, host: Host): Promise<number> {
  switch (task.kind) {
    case 'version':
      host.print(`signet ${host.version}\n`);
      return 0;
    case 'help':
      host.print(usage);
      return 0;
    case 'daemon':
      return runDaemon(store, host);
    case 'console': {
      const connection = await connect(store, host);
      if (connection === undefined) throw new NetworkError('refused', `no daemon runs on the store in ${store}`);
      return attachHere(connection, host, host.terminal());
    }
    case 'start':
      return runConsole(store, host);
    case 'run':
      return runConsole(store, host, await host.readFile(task.file));
    default:
      return runConsole(store, host, utf8(task.line));
  }
}

const socketOf = (store: string): string => `${store}/console.sock`;

/** The daemon that runs on this store, if one does. */
async function connect(store: string, host: Host): Promise<Connection | undefined> {
  try {
    return await host.network.connectUnix(socketOf(store));
  } catch (error) {
    if (error instanceof NetworkError && error.code === 'refused') return undefined;
    throw error;
  }
}

async function attachHere(connection: Connection, host: Host, terminal: Terminal): Promise<number> {
  let signalled: number | undefined;
  host.onSignal((signal) => {
    signalled = signal;
    connection.close();
  });
  let status = 1;
  try {
    status = await attach(connection, terminal);
  } catch (error) {
    if (terminal.interactive) host.complain('\n');
    if (signalled === undefined) throw error;
    status = 128 + signalled;
  } finally {
    await terminal.close(status);
  }
  return status;
}

/** A daemon that is just starting owns the store but does not listen yet; so does one that is just ending. */
const tries = 50;
const betweenTries = 100;

/** A console on the daemon that runs, or on one that is embedded here. `input` takes the place of what is typed. */
async function runConsole(store: string, host: Host, input?: Uint8Array): Promise<number> {
  for (let left = tries; ; left--) {
    const connection = await connect(store, host);
    if (connection !== undefined) return attachHere(connection, host, host.terminal(input));
    const router = await openRouter(store, host, left === 0);
    if (router !== undefined) return runEmbedded(router, store, host, input);
    await host.clock.sleep(betweenTries, neverCancelled);
  }
}

/** Undefined if another process owns the store and there is still hope that it will answer. */
async function openRouter(store: string, host: Host, last: boolean): Promise<Router | undefined> {
  try {
    return await host.openRouter(store, { log: false });
  } catch (error) {
    if (!last && error instanceof Error && 'code' in error && error.code === 'busy') return undefined;
    throw error;
  }
}

async function runEmbedded(router: Router, store: string, host: Host, input?: Uint8Array): Promise<number> {
  const server = serverOf(router, host);
  try {
    const listener = await host.network.listenUnix(socketOf(store), (connection) => void server.serve(connection));
    const stopped = stoppedBySignal(server, host);
    const own = server.open(host.terminal(input), [...router.console.greeting, ...router.notes]);
    const ended = own.then(async (status) => {
      if (server.count > 0) host.complain(waiting);
      await server.empty();
      return status;
    });
    const status = await Promise.race([ended, stopped.consoles]);
    void listener.close();
    return stopped.status() ?? status ?? 1;
  } finally {
    await router.close();
  }
}

const waiting = 'signet: other consoles are open on this store; this process ends with the last of them (Ctrl-C ends them)\n';

async function runDaemon(store: string, host: Host): Promise<number> {
  const router = await host.openRouter(store, { log: true });
  const server = serverOf(router, host);
  try {
    const listener = await host.network.listenUnix(socketOf(store), (connection) => void server.serve(connection));
    const stopped = stoppedBySignal(server, host);
    for (const note of router.notes) host.complain(`signet: ${note}\n`);
    host.complain(`signet: the daemon runs on the store in ${store}\n`);
    await stopped.consoles;
    void listener.close();
    return 0;
  } finally {
    await router.close();
  }
}

/** A console whose other end takes nothing any more is not waited for longer than so many milliseconds. */
const patience = 5000;

interface Stopped {
  /** Resolves when a signal has come and ended every console. */
  readonly consoles: Promise<undefined>;
  /** The exit status that tells of the signal; undefined if none has come. */
  status(): number | undefined;
}

function stoppedBySignal(server: ConsoleServer, host: Host): Stopped {
  let status: number | undefined;
  const consoles = new Promise<undefined>((resolve) => {
    host.onSignal((signal) => {
      status = 128 + signal;
      void Promise.race([server.stop(), host.clock.sleep(patience, neverCancelled)]).then(() => resolve(undefined));
    });
  });
  return { consoles, status: () => status };
}

function serverOf(router: Router, host: Host): ConsoleServer {
  return new ConsoleServer(router.console, (error) => {
    host.complain(`signet: a console failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  });
}

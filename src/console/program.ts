import { utf8 } from '../bytes/utf8.ts';
import { type Cancel, Cancelled, CancelSource, neverCancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import type { Files } from '../platform/files.ts';
import { type Connection, type Listener, type Network, NetworkError } from '../platform/network.ts';
import type { Terminal } from '../platform/terminal.ts';
import { attach } from './attach.ts';
import { type CommandLine, readCommandLine, type Task, UsageError, usage } from './command-line.ts';
import type { Purpose } from './protocol.ts';
import type { ConsoleServer, ServerHost } from './server.ts';

/** The router of one store, as the program runs it. */
export interface Router {
  /** The server of its consoles, of which there is one: loaded when somebody comes. */
  server(host: ServerHost): Promise<ConsoleServer>;
  /** Serves on the network, from now on. */
  serve(network: Network): void;
  /** One line each that a person should read when the router starts. */
  readonly notes: readonly string[];
  /** Resolves when a person asked for the router to be as it was when it was new, which it is when it is opened again. */
  readonly resetAsked: Promise<undefined>;
  /** Closes the store. Nothing of the router may be used afterwards. */
  close(): Promise<void>;
}

/** What the program needs of the host that it runs on. */
export interface Host {
  readonly arguments: readonly string[];
  readonly version: string;
  /** Where the store is, and where its daemon listens, if nobody says. */
  readonly defaultStore: string;
  readonly defaultSocket: string;
  /** Uid of this process. */
  readonly user: number;
  /** Bytes that may be kept in memory for all who are at consoles and use files, together. */
  readonly room: number;
  readonly network: Network;
  readonly clock: Clock;
  /** A variable of the environment; undefined where it is not set, or empty. */
  environment(name: string): string | undefined;
  /** Tells the program that started this one, if it wants to know: sd_notify(3). */
  tellSupervisor(state: 'ready' | 'stopping'): void;
  /** The terminal, or pipe, of this process; with `input` a pipe that brings just that. */
  terminal(input?: Uint8Array): Terminal;
  /** The files of the machine below a folder, as they are. */
  machineFiles(root: string): Files;
  /** Locks a file as lckpwdf(3) does; undefined while another process has it. Throws `FileError`. */
  lockFile(path: string): (() => void) | undefined;
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
    const given = readCommandLine(host.arguments);
    return await run(given.task, placeOf(given, host), host);
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

/** Where a store is, and where its daemon listens. */
interface Place {
  readonly store: string;
  readonly socket: string;
}

/** A store that is named has its socket with it; the usual one may be in a folder that other users can't enter. */
function placeOf({ store: given, socket }: CommandLine, host: Host): Place {
  const named = given ?? host.environment('SIGNET_STORE');
  const usual = named === undefined ? host.defaultSocket : `${named}/console.sock`;
  return { store: named ?? host.defaultStore, socket: socket ?? host.environment('SIGNET_SOCKET') ?? usual };
}

async function run(task: Task, place: Place, host: Host): Promise<number> {
  switch (task.kind) {
    case 'version':
      host.print(`signet ${host.version}\n`);
      return 0;
    case 'help':
      host.print(usage);
      return 0;
    case 'daemon':
      return runDaemon(place, host);
    case 'console':
      return runAttached(place, host, host.terminal());
    case 'login':
      return runAttached(place, host, host.terminal(), 'login');
    case 'files':
      return runFiles(place, host);
    case 'accounts':
      return runAccounts(place, host, task.follow);
    case 'start':
      return runConsole(place, host);
    case 'run':
      return runConsole(place, host, await host.readFile(task.file));
    default:
      return runConsole(place, host, utf8(task.line));
  }
}

/** The daemon that listens here, if one does. */
async function connect({ socket }: Place, host: Host): Promise<Connection | undefined> {
  try {
    return await host.network.connectUnix(socket);
  } catch (error) {
    if (error instanceof NetworkError && error.code === 'refused') return undefined;
    throw error;
  }
}

/** A console on a daemon that runs already. */
async function runAttached(place: Place, host: Host, terminal: Terminal, purpose?: 'login' | 'files'): Promise<number> {
  const connection = await connect(place, host);
  if (connection !== undefined) return attachHere(connection, place, host, terminal, purpose);
  await terminal.close(1);
  throw nobodyListens(place);
}

/** The files of the router for the SFTP client at the other end of this process's pipes. */
async function runFiles(place: Place, host: Host): Promise<number> {
  const terminal = host.terminal();
  if (!terminal.interactive) return runAttached(place, host, terminal, 'files');
  await terminal.close(1);
  host.complain('signet: this serves an SFTP client, which no terminal is: use sftp or scp\n');
  return 1;
}

function nobodyListens({ store, socket }: Place): NetworkError {
  return new NetworkError('refused', `no daemon runs on the store in ${store}: nobody listens on ${socket}`);
}

async function attachHere(
  connection: Connection,
  place: Place,
  host: Host,
  terminal: Terminal,
  purpose: Purpose = terminal.interactive ? 'console' : 'script',
): Promise<number> {
  const leaving = new CancelSource();
  let open = connection;
  let signalled: number | undefined;
  host.onSignal((signal) => {
    signalled = signal;
    leaving.cancel();
    open.close();
  });
  const again = async (cancel: Cancel): Promise<Connection> => {
    for (;;) {
      await host.clock.sleep(betweenTries, cancel);
      const found = await connect(place, host);
      if (found === undefined) continue;
      open = found;
      return found;
    }
  };
  let status = 1;
  try {
    status = await attach(connection, terminal, { purpose, from: addressOf(host), leaving, again });
  } catch (error) {
    if (terminal.interactive) host.complain('\n');
    if (signalled === undefined) throw error;
    status = 128 + signalled;
  } finally {
    await terminal.close(status);
  }
  return status;
}

async function runAccounts(place: Place, host: Host, follow: boolean): Promise<number> {
  const { keepAccounts } = await import('./keep-accounts.ts');
  const ended = new CancelSource();
  let open: Connection | undefined;
  host.onSignal((signal) => {
    ended.cancel();
    open?.close();
    status = 128 + signal;
  });
  let status: number | undefined;
  for (;;) {
    open = await connect(place, host);
    if (open === undefined && !follow) throw nobodyListens(place);
    if (status !== undefined) open?.close();
    const outcome = open === undefined ? undefined : await keepAccounts(open, follow, host);
    if (status !== undefined || outcome !== undefined) return status ?? outcome ?? 1;
    try {
      await host.clock.sleep(betweenTries, ended);
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }
}

/** Where whoever uses this program comes from, as an SSH server says (ssh(1)). */
function addressOf(host: Host): string {
  return host.environment('SSH_CONNECTION')?.split(' ', 1)[0] ?? '';
}

/** A daemon that is just starting owns the store but does not listen yet; so does one that is just ending. */
const tries = 50;
const betweenTries = 100;

/** A console on the daemon that runs, or on one that is embedded here. `input` takes the place of what is typed. */
async function runConsole(place: Place, host: Host, input?: Uint8Array): Promise<number> {
  for (let left = tries; ; left--) {
    const connection = await connect(place, host);
    if (connection !== undefined) return attachHere(connection, place, host, host.terminal(input));
    const router = await openRouter(place.store, host, { log: false, last: left === 0 });
    if (router !== undefined) return runEmbedded(router, place, host, input);
    await host.clock.sleep(betweenTries, neverCancelled);
  }
}

/** Undefined if another process owns the store and there is still hope that it will answer. */
async function openRouter(store: string, host: Host, { log, last }: { log: boolean; last: boolean }): Promise<Router | undefined> {
  try {
    return await host.openRouter(store, { log });
  } catch (error) {
    if (!last && error instanceof Error && 'code' in error && error.code === 'busy') return undefined;
    throw error;
  }
}

async function runEmbedded(router: Router, place: Place, host: Host, input?: Uint8Array): Promise<number> {
  const server = await serverOf(router, host);
  /** What ended it from outside: its exit status, and whether that was a reset. */
  const end: { status?: number; isReset?: boolean } = {};
  let status: number | undefined;
  try {
    const listener = await listenFor(place, host, (connection) => void server.serve(connection));
    const terminal = host.terminal(input);
    // What runs a line and ends is no server.
    if (terminal.interactive) router.serve(host.network);
    const ended = server.open(terminal, router.notes).then(async (status) => {
      if (terminal.interactive) {
        if (server.count > 0) host.complain(waiting);
        await server.empty();
      } else {
        // Who waits for a line to end must not wait for a person who happens to be here, and who can come again.
        await server.idle();
        await stop(server, host);
      }
      return status;
    });
    const stopped = Promise.race([signalled(host), router.resetAsked]).then((signal) => {
      Object.assign(end, { status: signal === undefined ? 0 : 128 + signal, isReset: signal === undefined });
      // Who else is here may go on with a daemon that comes; after a reset nobody is who they were.
      return stop(server, host, signal === undefined ? 1 : undefined);
    });
    status = await Promise.race([ended, stopped]);
    void listener.close();
  } finally {
    await router.close();
  }
  // Opening erases: what was to be destroyed must not lie there until somebody comes again.
  if (end.isReset === true) await (await host.openRouter(place.store, { log: false })).close();
  return end.status ?? status ?? 1;
}

const waiting = 'signet: other consoles are open on this store; this process ends with the last of them (Ctrl-C ends them)\n';

/** Whoever may open the store may come; others who have an account may, if the host can tell who they are. */
function listenFor({ socket }: Place, host: Host, accept: (connection: Connection) => void): Promise<Listener> {
  return host.network.listenUnix(socket, host.network.tellsUsers ? 0o666 : 0o600, accept);
}

async function runDaemon(place: Place, host: Host): Promise<number> {
  const end = signalled(host);
  let router: Router | undefined = await host.openRouter(place.store, { log: true });
  try {
    let door = doorOf(router, host);
    let ready = Promise.resolve(door);
    const listener = await listenFor(place, host, (connection) => void ready.then((now) => now.serve(connection)));
    for (;;) {
      router.serve(host.network);
      for (const note of router.notes) host.complain(`signet: ${note}\n`);
      host.complain(`signet: the daemon runs on the store in ${place.store}\n`);
      host.tellSupervisor('ready');
      const signal = await Promise.race([end, router.resetAsked]);
      if (signal !== undefined) {
        host.tellSupervisor('stopping');
        await stop(door, host);
        void listener.close();
        return 0;
      }
      // Whoever comes now waits for the new router: another process that finds nobody would open the store itself.
      let go: (door: Door) => void = () => undefined;
      ready = new Promise((resolve) => {
        go = resolve;
      });
      // After a reset nobody is who they were.
      await stop(door, host, 0);
      await router.close();
      router = undefined;
      router = await reopened(place, host);
      door = doorOf(router, host);
      go(door);
    }
  } finally {
    await router?.close();
  }
}

/** After a reset: another process may have had the store in its eye, and have it for a moment. */
async function reopened({ store }: Place, host: Host): Promise<Router> {
  for (let left = tries; ; left--) {
    const router = await openRouter(store, host, { log: true, last: left === 0 });
    if (router !== undefined) return router;
    await host.clock.sleep(betweenTries, neverCancelled);
  }
}

/** The number of the first signal that asks this process to end. */
function signalled(host: Host): Promise<number> {
  return new Promise((resolve) => {
    host.onSignal(resolve);
  });
}

/** A console whose other end takes nothing any more is not waited for longer than so many milliseconds: a daemon ends within two seconds. */
const patience = 1000;

/** Ends every console. @param status what they end with; undefined where their daemon may come back */
async function stop(server: Pick<ConsoleServer, 'stop'>, host: Host, status?: number): Promise<undefined> {
  await Promise.race([server.stop(status), host.clock.sleep(patience, neverCancelled)]);
  return undefined;
}

/** Where consoles come in. */
type Door = Pick<ConsoleServer, 'serve' | 'stop'>;

/** The consoles' server is made when the first of them comes. */
function doorOf(router: Router, host: Host): Door {
  let server: Promise<ConsoleServer> | undefined;
  return {
    async serve(connection) {
      server ??= serverOf(router, host);
      let opened: ConsoleServer;
      try {
        opened = await server;
      } catch (error) {
        // What could not be loaded, for want of memory, may be the next time.
        server = undefined;
        connection.drop();
        host.complain(`signet: no console could be opened: ${error instanceof Error ? error.message : String(error)}\n`);
        return;
      }
      await opened.serve(connection);
    },
    stop: async (status) => (await server?.catch(() => undefined))?.stop(status),
  };
}

function serverOf(router: Router, host: Host): Promise<ConsoleServer> {
  const failed = (error: unknown): void => {
    host.complain(`signet: a console failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  return router.server({ clock: host.clock, user: host.user, tellsUsers: host.network.tellsUsers, room: host.room, failed });
}

import { Budget, BudgetError, type Share } from '../bytes/budget.ts';
import { utf8 } from '../bytes/utf8.ts';
import { CancelSource, neverCancelled } from '../platform/cancel.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connection } from '../platform/network.ts';
import type { Terminal } from '../platform/terminal.ts';
import { SftpError } from '../sftp/protocol.ts';
import { ConnectionTerminal } from './connection-terminal.ts';
import { LoginDialogue } from './login.ts';
import { ProtocolError } from './protocol.ts';
import type { Consoles, FilesVisit } from './router-console.ts';
import { ScriptSession } from './script-session.ts';
import { isGone, Session, type SessionContext } from './session.ts';

/** What a server asks of the program around it. */
export interface ServerHost {
  readonly clock: Clock;
  /** Uid of this process. */
  readonly user: number;
  /** Can it tell whose process is at the other end of a connection? */
  readonly tellsUsers: boolean;
  /** Bytes that may be kept for all who are at consoles and use files, together. */
  readonly room: number;
  /** Told of what no session should ever throw. */
  failed(error: unknown): void;
}

/** What can be ended from outside, without a status where the daemon itself ends. */
interface Stoppable {
  /** Is something under way that would be lost? */
  readonly busy: boolean;
  stop(status?: number): Promise<void>;
}

/** Milliseconds between looks at who is still busy. */
const betweenLooks = 100;

const failedMessage = utf8('this console has failed: the process that holds the store says why on its standard error\n');

/** More consoles, and connections that may become one, are refused: each takes memory of a small router. */
const mostConnections = 100;

/** So many of them may be of others than the owner of the store and root, who must not be shut out. */
const mostOfOthers = 80;

/** The part of the room that all others may have, so that the owner of the store is left some. */
const partOfOthers = 3 / 4;

/** A uid that no process has. */
const nobody = -1;

/** Milliseconds in which the other end of a connection has to say hello. */
const patience = 10_000;

/** The consoles of one router: those of this process's own terminal and those that attach to it. */
export class ConsoleServer {
  readonly #consoles: Consoles;
  readonly #host: ServerHost;
  readonly #room: Budget;
  readonly #roomOfOthers: Budget;
  readonly #open = new Set<Stoppable>();
  readonly #waiting: (() => void)[] = [];
  #connections = 0;
  #ofOthers = 0;
  #stopped: { readonly status: number | undefined } | undefined;

  constructor(consoles: Consoles, host: ServerHost) {
    this.#consoles = consoles;
    this.#host = host;
    this.#room = new Budget(host.room);
    this.#roomOfOthers = new Budget(Math.floor(host.room * partOfOthers), this.#room);
  }

  /** How many consoles are open. */
  get count(): number {
    return this.#open.size;
  }

  /** Resolves when no console is open. */
  async empty(): Promise<void> {
    while (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** Serves a console that attaches, until it ends. */
  async serve(connection: Connection): Promise<void> {
    const others = this.#isOwner(connection) ? 0 : 1;
    this.#connections++;
    this.#ofOthers += others;
    const share = (others > 0 ? this.#roomOfOthers : this.#room).share();
    try {
      await this.#receive(connection, share);
    } catch (error) {
      if (!(error instanceof ProtocolError) && !(error instanceof BudgetError) && !isGone(error)) this.#host.failed(error);
    } finally {
      share.end();
      this.#connections--;
      this.#ofOthers -= others;
      connection.close();
    }
  }

  /** Runs the console of whoever may open the store, on a terminal of this process. Resolves with its exit status when it has ended. */
  open(terminal: Terminal, notes: readonly string[]): Promise<number> {
    const context = this.#consoles.owner({ via: 'local' });
    const share = this.#room.share();
    const session = terminal.interactive ? new Session(terminal, context, share) : new ScriptSession(terminal, context, share);
    return this.#run(terminal, session, [...context.greeting, ...notes]).finally(() => share.end());
  }

  /**
   * Ends every console, and those that would attach; what they run is cancelled. Without a status they learn that the daemon ends.
   * Resolves when all have ended.
   */
  async stop(status?: number): Promise<void> {
    this.#stopped = { status };
    await Promise.all([...this.#open].map((each) => each.stop(status)));
    await this.empty();
  }

  /** Resolves when nobody is open but consoles at their prompt, and others that lose nothing if they have to come again. */
  async idle(): Promise<void> {
    while ([...this.#open].some((each) => each.busy)) await this.#host.clock.sleep(betweenLooks, neverCancelled);
  }

  async #receive(connection: Connection, share: Share): Promise<void> {
    if (this.#connections > mostConnections || (!this.#isOwner(connection) && this.#ofOthers > mostOfOthers)) {
      await ConnectionTerminal.refuse(connection, `too many consoles are open on this router: ${mostConnections}`);
      return;
    }
    const terminal = await this.#accepted(connection, share);
    if (this.#stopped !== undefined) return terminal.close(this.#stopped.status);
    const way = terminal.from === undefined ? ({ via: 'local' } as const) : ({ via: 'ssh', from: terminal.from } as const);
    const isOwner = this.#isOwner(connection);
    const user = connection.user ?? nobody;
    if (terminal.purpose === 'login') return this.#login(terminal, isOwner, share);
    if (terminal.purpose === 'accounts') return this.#tellAccounts(terminal, isOwner);
    if (terminal.purpose === 'files') {
      const over = { ...way, via: 'sftp' } as const;
      return this.#serveFiles(terminal, isOwner ? this.#consoles.ownersFiles(over) : this.#consoles.accountsFiles(user, over), share);
    }
    // An account's console counts as one over SSH: that is what accounts are for.
    const context = isOwner ? this.#consoles.owner(way) : this.#consoles.ofAccount(user, { ...way, via: 'ssh' });
    if (context === undefined) return refuse(terminal, 'this account belongs to no user of this router who may log in by SSH');
    const session = terminal.purpose === 'console' ? new Session(terminal, context, share) : new ScriptSession(terminal, context, share);
    // A line that somebody gives over SSH is a login like any other; a script at the machine itself is told of by its audit alone.
    const left = session instanceof ScriptSession && (way.via === 'ssh' || !isOwner) ? context.came() : undefined;
    try {
      await this.#run(terminal, session, context.greeting);
    } finally {
      left?.();
    }
  }

  /** Where the host can't tell who it is, the socket is open to the owner of the store alone, and to root. */
  #isOwner({ user }: Connection): boolean {
    return user === undefined ? !this.#host.tellsUsers : user === 0 || user === this.#host.user;
  }

  /** Waits for a hello, but not for ever. */
  async #accepted(connection: Connection, share: Share): Promise<ConnectionTerminal> {
    const heard = new CancelSource();
    void this.#host.clock.sleep(patience, heard).then(
      () => connection.close(),
      () => undefined,
    );
    try {
      return await ConnectionTerminal.accept(connection, this.#host.clock, share);
    } finally {
      heard.cancel();
    }
  }

  async #login(terminal: ConnectionTerminal, isOwner: boolean, share: Share): Promise<void> {
    if (!isOwner) return refuse(terminal, 'only root and the owner of the store may ask others for their password');
    const dialogue = new LoginDialogue(terminal, this.#consoles.login);
    this.#open.add(dialogue);
    let context: SessionContext | undefined;
    try {
      context = await dialogue.run();
    } catch (error) {
      if (!isGone(error)) this.#host.failed(error);
    } finally {
      this.#left(dialogue);
    }
    if (context === undefined || this.#stopped !== undefined) await terminal.close(this.#stopped === undefined ? 1 : this.#stopped.status);
    else await this.#run(terminal, new Session(terminal, context, share, dialogue.keys), context.greeting);
  }

  /** Tells the accounts, which hold hashes of passwords, and tells them again when they change, until the other end goes. */
  async #tellAccounts(terminal: ConnectionTerminal, isOwner: boolean): Promise<void> {
    if (!isOwner) return refuse(terminal, 'only root and the owner of the store are told of accounts');
    const { accounts } = this.#consoles;
    const telling: Stoppable = { busy: false, stop: (status) => terminal.close(status) };
    this.#open.add(telling);
    let told = '';
    const tell = async (): Promise<void> => {
      const list = accounts.list();
      if (list === told) return;
      told = list;
      await terminal.write(utf8(list));
    };
    // Whoever is told too little is told anew when they come again.
    const ignore = accounts.onChange(() => void tell().catch(() => terminal.close()));
    try {
      await tell();
      while ((await terminal.read()) !== undefined);
    } catch (error) {
      if (!isGone(error)) this.#host.failed(error);
    } finally {
      ignore();
      this.#left(telling);
    }
    await terminal.close(0);
  }

  async #serveFiles(terminal: ConnectionTerminal, visit: FilesVisit | undefined, share: Share): Promise<void> {
    if (visit === undefined) return refuse(terminal, 'this account belongs to no user of this router with the policies ssh and ftp');
    const serving: Stoppable = { busy: true, stop: (status) => terminal.close(status) };
    this.#open.add(serving);
    const left = visit.came();
    try {
      await visit.serve(terminal, share);
      await terminal.close(0);
    } catch (error) {
      if (error instanceof SftpError || error instanceof BudgetError) await refuse(terminal, error.message).catch(() => undefined);
      else if (!isGone(error)) this.#host.failed(error);
      await terminal.close(1);
    } finally {
      this.#left(serving);
      left();
    }
  }

  async #run(terminal: Terminal, session: Session | ScriptSession, greeting: readonly string[]): Promise<number> {
    this.#open.add(session);
    let status = 1;
    try {
      status = await (session instanceof Session ? session.run(greeting) : session.run());
    } catch (error) {
      this.#host.failed(error);
      // Whoever takes no bytes any more is not waited for.
      terminal.writeError(failedMessage).catch(() => undefined);
    }
    try {
      await terminal.close(status);
    } finally {
      this.#left(session);
    }
    return status;
  }

  #left(one: Stoppable): void {
    this.#open.delete(one);
    if (this.#open.size === 0) for (const tell of this.#waiting.splice(0)) tell();
  }
}

async function refuse(terminal: Terminal, message: string): Promise<void> {
  await terminal.writeError(utf8(`${message}\n`));
  await terminal.close(1);
}

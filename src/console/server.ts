import type { Connection } from '../platform/network.ts';
import type { Terminal } from '../platform/terminal.ts';
import { ConnectionTerminal } from './connection-terminal.ts';
import { ProtocolError } from './protocol.ts';
import { ScriptSession } from './script-session.ts';
import { Session, type SessionContext } from './session.ts';

/** The consoles of one router: those of this process's own terminal and those that attach to it. */
export class ConsoleServer {
  readonly #context: SessionContext;
  readonly #failed: (error: unknown) => void;
  readonly #sessions = new Set<Session | ScriptSession>();
  readonly #waiting: (() => void)[] = [];
  #stopped = false;

  /** @param failed told of what no session should ever throw */
  constructor(context: SessionContext, failed: (error: unknown) => void) {
    this.#context = context;
    this.#failed = failed;
  }

  /** How many consoles are open. */
  get count(): number {
    return this.#sessions.size;
  }

  /** Resolves when no console is open. */
  async empty(): Promise<void> {
    while (this.#sessions.size > 0) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** Serves a console that attaches, until it ends. */
  async serve(connection: Connection): Promise<void> {
    try {
      const terminal = await ConnectionTerminal.accept(connection);
      if (this.#stopped) await terminal.close(1);
      else await this.open(terminal, this.#context.greeting);
    } catch (error) {
      if (!(error instanceof ProtocolError)) this.#failed(error);
    }
  }

  /** Runs a console on a terminal, or the script that comes from what is none. Resolves with its exit status when it has ended. */
  async open(terminal: Terminal, greeting: readonly string[] = []): Promise<number> {
    const session = terminal.interactive ? new Session(terminal, this.#context) : new ScriptSession(terminal, this.#context);
    this.#sessions.add(session);
    let status = 1;
    try {
      status = await (session instanceof Session ? session.run(greeting) : session.run());
    } catch (error) {
      this.#failed(error);
    }
    await terminal.close(status);
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) for (const tell of this.#waiting.splice(0)) tell();
    return status;
  }

  /** Ends every console, and those that would attach; what they run is cancelled. Resolves when all have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#sessions].map((session) => session.stop()));
    await this.empty();
  }
}

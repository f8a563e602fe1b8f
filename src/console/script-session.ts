import { BudgetError, type Holding, type Share, unlimited } from '../bytes/budget.ts';
import { concat } from '../bytes/bytes.ts';
import { fromUtf8, utf8 } from '../bytes/utf8.ts';
import { CancelSource } from '../platform/cancel.ts';
import type { Terminal } from '../platform/terminal.ts';
import { ScriptError } from './language/errors.ts';
import { visible } from './layout/visible-text.ts';
import { PlainScreen } from './screen.ts';
import { isGone, type SessionContext } from './session.ts';
import { memoryOfScript } from './shell.ts';

/** A longer script is refused before it is held in memory: parsing it would hold up every other console for seconds. */
const longestScript = 4 << 20;

/** Some editors begin a file with it. */
const byteOrderMark = /^\ufeff/;

/** Input that comes from no terminal: a script, run up to its first error. */
export class ScriptSession {
  readonly busy = true;
  readonly #terminal: Terminal;
  readonly #context: SessionContext;
  readonly #running = new CancelSource();
  readonly #kept: Holding;
  #quit = false;

  /** @param share where it is counted what is kept of the script */
  constructor(terminal: Terminal, context: SessionContext, share: Share = unlimited()) {
    this.#kept = share.holding();
    this.#terminal = terminal;
    this.#context = context;
  }

  /** Resolves with the exit status: 0, or 1 after an error, which is told on standard error. */
  async run(): Promise<number> {
    const ignore = this.#terminal.onInterrupt(() => this.#running.cancel());
    try {
      const script = await this.#read();
      if (typeof script !== 'string') return await this.#fail(script.refused);
      return await this.#runScript(script);
    } catch (error) {
      if (isGone(error)) return 1;
      if (error instanceof BudgetError) return await this.#fail(error.message);
      throw error;
    } finally {
      ignore();
    }
  }

  /** Ends the session from outside, without a status where the daemon ends. */
  async stop(status?: number): Promise<void> {
    this.#running.cancel();
    await this.#terminal.close(status);
  }

  async #runScript(script: string): Promise<number> {
    const screen = new PlainScreen((bytes) => this.#terminal.write(bytes));
    const shell = await this.#context.shell(undefined, () => {
      this.#quit = true;
      this.#running.cancel();
    });
    try {
      await shell.runScript(script, { caller: this.#context.person(), cancel: this.#running, screen });
      return 0;
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      await screen.finish();
      return this.#quit ? 0 : await this.#fail(error.inScript);
    } finally {
      await screen.finish();
    }
  }

  async #fail(message: string): Promise<number> {
    await this.#terminal.writeError(utf8(`${visible(message)}\n`));
    return 1;
  }

  async #read(): Promise<string | { readonly refused: string }> {
    const parts: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const bytes = await this.#terminal.read();
      if (bytes === undefined) break;
      length += bytes.length;
      if (length > longestScript) return { refused: `a script has at most ${longestScript} bytes` };
      this.#kept.resize(length * memoryOfScript);
      parts.push(bytes);
    }
    return fromUtf8(concat(parts))?.replace(byteOrderMark, '') ?? { refused: 'a script is UTF-8 text, and this is not' };
  }
}

import { BudgetError, type Holding, type Share, unlimited } from '../bytes/budget.ts';
import { utf8 } from '../bytes/utf8.ts';
import type { Caller, Policy } from '../menu/command.ts';
import { Cancelled, CancelSource } from '../platform/cancel.ts';
import type { Terminal } from '../platform/terminal.ts';
import { LineEditor } from './editor.ts';
import { History } from './history.ts';
import { KeyReader } from './key-reader.ts';
import { ScriptError } from './language/errors.ts';
import { painted } from './layout/look.ts';
import { visible } from './layout/visible-text.ts';
import { wrappedWords } from './layout/wrapped.ts';
import { LineBuffer } from './line-buffer.ts';
import { PagedScreen } from './screen.ts';
import { memoryOfScript, type Shell } from './shell.ts';
import { pasteMarksOf, plain, type Span } from './style.ts';

/** Who sits at a console. */
export interface Person {
  /** Name of the `/user`. */
  readonly user: string;
  readonly policies: ReadonlySet<Policy>;
}

/** What a session needs to know of the router. */
export interface SessionContext {
  /** Who is at the console, and what they may do, as it is now. */
  person(): Person;
  /** Shown when a person comes. */
  readonly greeting: readonly string[];
  /** The router's name, as it is now. */
  identity(): string;
  /** Told when a person comes to a console; what it returns is told when they leave. */
  came(): () => void;
  /** Makes the language of this session; `numbers` are those of its last prints, `quit` ends it. */
  shell(numbers: ItemNumbers | undefined, quit: () => void): Promise<Shell>;
}

const tooLong = `line too long: at most ${LineBuffer.longest} characters`;

/** The numbers that the last print of each menu gave to its items. */
export class ItemNumbers {
  readonly #menus = new Map<string, ReadonlyMap<number, number>>();

  /** @param ids the id of each number */
  remember(menu: string, ids: ReadonlyMap<number, number>): void {
    this.#menus.set(menu, ids);
  }

  id(menu: string, number: number): number | undefined {
    return this.#menus.get(menu)?.get(number);
  }
}

/** A person at a terminal: lines are edited, run and shown, one after another. */
export class Session {
  readonly #terminal: Terminal;
  readonly #context: SessionContext;
  readonly #keys: KeyReader;
  readonly #editor: LineEditor;
  readonly #screen: PagedScreen;
  readonly #history: History;
  /** The command that is read and run. */
  readonly #text: Holding;
  readonly #numbers = new ItemNumbers();
  readonly #pasteMarks: ReturnType<typeof pasteMarksOf>;
  #over = false;
  #running: CancelSource | undefined;

  /**
   * @param share where it is counted what is kept for the person
   * @param keys the reader of the terminal's keys, if there was one before the session
   */
  constructor(terminal: Terminal, context: SessionContext, share: Share = unlimited(), keys: KeyReader = new KeyReader(terminal)) {
    this.#text = share.holding();
    this.#history = new History({ kept: share.holding() });
    this.#terminal = terminal;
    this.#context = context;
    this.#keys = keys;
    this.#pasteMarks = pasteMarksOf(terminal.type);
    this.#editor = new LineEditor(terminal, this.#keys, share.holding());
    this.#screen = new PagedScreen(terminal, this.#keys);
  }

  /** Runs until the person leaves or is gone. Resolves with the exit status. */
  async run(greeting: readonly string[] = []): Promise<number> {
    const leave = this.#context.came();
    try {
      this.#screen.withoutPaging();
      for (const message of greeting) for (const line of wrappedWords(message, this.#screen.look.width)) await this.#screen.line(line);
      await this.#screen.finish();
      await this.#terminal.write(utf8(this.#pasteMarks.on));
      const shell = await this.#context.shell(this.#numbers, () => {
        this.#over = true;
      });
      while (!this.#over) await this.#turn(shell);
      await this.#terminal.write(utf8(this.#pasteMarks.off));
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      leave();
    }
    return 0;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Ends the session from outside: what runs is cancelled, and the terminal closed, without a status where the daemon ends. */
  async stop(status?: number): Promise<void> {
    this.#over = true;
    this.#running?.cancel();
    // Whoever takes no bytes any more is not waited for. Where the daemon ends, the other end begins a line to say so.
    this.#terminal.write(utf8(`${this.#pasteMarks.off}${status === undefined ? '' : '\r\n'}`)).catch(() => undefined);
    await this.#terminal.close(status);
  }

  /** Reads one command, over as many lines as it takes, and runs it. */
  async #turn(shell: Shell): Promise<void> {
    let text = '';
    for (;;) {
      const edited = await this.#editor.read({
        prompt: text === '' ? this.#prompt(shell) : [plain('{... ')],
        history: this.#history,
        assistance: shell.assistance(text),
      });
      if (edited.kind === 'end') this.#over = true;
      if (edited.kind === 'too-long') await this.#refuse(tooLong);
      if (edited.kind === 'no-room') await this.#endWithoutRoom();
      if (edited.kind !== 'line') return this.#text.resize(0);
      text += (text === '' ? '' : '\n') + edited.text;
      try {
        this.#text.resize(text.length * memoryOfScript);
      } catch (error) {
        if (!(error instanceof BudgetError)) throw error;
        return this.#endWithoutRoom();
      }
      if (!shell.isIncomplete(text)) break;
    }
    for (const line of shell.withoutSecrets(text).split('\n')) this.#history.add(line);
    await this.#runLine(shell, text);
    this.#text.resize(0);
  }

  async #runLine(shell: Shell, text: string): Promise<void> {
    const running = new CancelSource();
    this.#running = running;
    const ignore = this.#terminal.onInterrupt(() => {
      this.#keys.clear();
      running.cancel();
    });
    // A Ctrl-C may have come in one piece with the line it is to stop.
    if (this.#keys.takeInterrupt()) running.cancel();
    this.#screen.begin();
    try {
      await shell.runLine(text, { caller: this.#caller(), cancel: running, screen: this.#screen });
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      this.#screen.withoutPaging();
      await this.#showError(error.message);
    } finally {
      ignore();
      this.#running = undefined;
      await this.#screen.finish();
    }
  }

  async #showError(message: string): Promise<void> {
    const { look } = this.#screen;
    for (const line of wrappedWords(visible(message), look.width)) await this.#screen.line(painted(look, 'error', line));
  }

  /** Runs nothing of a command. The lines that came with it may be the rest of it. */
  async #refuse(why: string): Promise<void> {
    this.#text.resize(0);
    this.#keys.clear();
    this.#screen.begin();
    await this.#showError(why);
    await this.#screen.finish();
  }

  /** What else was pasted could mean something else on its own: it must not run. */
  async #endWithoutRoom(): Promise<void> {
    this.#over = true;
    await this.#refuse(new BudgetError().message);
  }

  #prompt({ path }: Shell): readonly Span[] {
    const who = plain(`[${this.#context.person().user}@${this.#context.identity()}] `);
    return path === '/' ? [who, plain('> ')] : [who, { text: path, style: 'path' }, plain('> ')];
  }

  #caller(): Caller {
    return {
      ...this.#context.person(),
      itemNumber: (menu, number) => this.#numbers.id(menu, number),
      ask: (question, how) => this.#ask(question, how.hidden),
    };
  }

  async #ask(question: string, hidden: boolean): Promise<string> {
    await this.#screen.finish();
    for (;;) {
      const answer = await this.#editor.read({ prompt: [plain(question.endsWith(' ') ? question : `${question} `)], hidden });
      if (answer.kind === 'line') return answer.text;
      if (answer.kind === 'no-room') await this.#endWithoutRoom();
      if (answer.kind !== 'too-long') throw new Cancelled();
      await this.#refuse(tooLong);
    }
  }
}

/** A terminal that hung up ends the session; it is no fault of ours. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'closed';
}

import { type Call, command, type DirectoryDeclaration, directory, nothing } from '../menu/command.ts';
import { type AuditRecord, type Invocation, invoke } from '../menu/invoke.ts';
import type { Value } from '../menu/value.ts';
import type { Clock } from '../platform/clock.ts';
import type { Assistance } from './assistance.ts';
import { ScriptError } from './language/errors.ts';
import { Interpreter, type Output } from './language/interpreter.ts';
import { type ParseContext, parse, read } from './language/parser.ts';
import { assistanceOf } from './language-assistance.ts';
import { visible } from './layout/visible-text.ts';
import { withoutMistypedSecrets } from './mistyped-secrets.ts';
import type { ItemNumbers } from './session.ts';
import type { Shell, Turn } from './shell.ts';
import { showResult } from './show.ts';

/** The router as its commands see it. */
export interface CommandWorld {
  readonly tree: DirectoryDeclaration;
  readonly clock: Clock;
  audit(record: AuditRecord): void;
  isCrowded(): boolean;
  /** Puts the text of `print file=` into a file of the router. */
  saveFile(name: string, content: Uint8Array, append: boolean): Promise<void>;
}

/** The console language on a router's command tree. */
export class LanguageShell implements Shell {
  #path = '/';
  readonly #world: CommandWorld;
  readonly #tree: DirectoryDeclaration;
  readonly #numbers: ItemNumbers | undefined;
  readonly #variables = new Map<string, Value>();
  readonly #interpreter: Interpreter;

  /** @param numbers where prints leave the numbers of their items, in a session that has such */
  constructor(world: CommandWorld, numbers: ItemNumbers | undefined, quit: () => void) {
    this.#world = world;
    this.#numbers = numbers;
    this.#tree = withQuit(world.tree, quit);
    const run = (invocation: Invocation, call: Call) => invoke(invocation, call, (record) => world.audit(record));
    this.#interpreter = new Interpreter({ clock: world.clock, invoke: run, isCrowded: () => world.isCrowded() }, this.#variables);
  }

  get path(): string {
    return this.#path;
  }

  isIncomplete(text: string): boolean {
    try {
      parse(text, this.#context());
      return false;
    } catch (error) {
      return error instanceof ScriptError && error.code === 'incomplete';
    }
  }

  runLine(text: string, turn: Turn): Promise<void> {
    return this.#run(text, turn);
  }

  runScript(text: string, turn: Turn): Promise<void> {
    return this.#run(text, turn);
  }

  assistance(before: string): Assistance {
    return assistanceOf(() => this.#context(), before);
  }

  withoutSecrets(text: string): string {
    const { sensitive, fault } = read(text, this.#context());
    let kept = '';
    let at = 0;
    for (const { from, to } of sensitive.toSorted((a, b) => a.from - b.from)) {
      kept += text.slice(at, Math.max(from, at));
      at = Math.max(to, at);
    }
    kept += text.slice(at);
    return fault === undefined ? kept : withoutMistypedSecrets(kept, this.#tree);
  }

  async #run(text: string, turn: Turn): Promise<void> {
    const { caller, cancel, screen } = turn;
    const call: Call = { caller, cancel, progress: (sample) => screen.progress(sample), warn: (text) => screen.warn(text) };
    const output: Output = {
      async put(text) {
        for (const line of text.split('\n')) await screen.line(visibleLine(line));
        await screen.flush();
      },
      show: (result) => showResult(result, screen, this.#numbers, this.#world),
      navigate: (path) => {
        this.#path = path;
      },
    };
    await this.#interpreter.run(parse(text, this.#context()), call, output);
  }

  #context(): ParseContext {
    return { tree: this.#tree, path: this.#path, variables: this.#variables.keys() };
  }
}

/** A tab is the one control character that is shown as it is. */
function visibleLine(line: string): string {
  return line
    .split('\t')
    .map((part) => visible(part))
    .join('\t');
}

/** The command tree of a console: the router's, and the command that ends the session. */
function withQuit(tree: DirectoryDeclaration, quit: () => void): DirectoryDeclaration {
  const leave = command({
    does: 'leave the console',
    needs: [],
    args: {},
    run: () => {
      quit();
      return nothing;
    },
  });
  return directory(tree.does, { ...tree.children, quit: leave });
}

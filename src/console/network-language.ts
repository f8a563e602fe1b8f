import { concat } from '../bytes/bytes.ts';
import { fromUtf8Lossy } from '../bytes/utf8.ts';
import type { Caller, DirectoryDeclaration } from '../menu/command.ts';
import { CommandError, failure } from '../menu/errors.ts';
import { type Cancel, CancelSource } from '../platform/cancel.ts';
import { ScriptError } from './language/errors.ts';
import { menuAt } from './language/menu-path.ts';
import { type ParseContext, read } from './language/parser.ts';
import { assistanceOf } from './language-assistance.ts';
import { type CommandWorld, LanguageShell } from './language-shell.ts';
import { PlainScreen } from './screen.ts';
import type { Style } from './style.ts';

/** RouterOS' own names of what a piece of a line is. */
type WordStyle = 'dir' | 'cmd' | 'arg' | 'variable-local' | 'comment' | 'none';

/** Of what a script shows, in bytes: it is sent as a whole. */
const longestOutput = 1 << 17;

/** Scripts that run at the same time: what they are parsed to is counted nowhere else. */
const mostScripts = 2;

const names: Readonly<Partial<Record<Style, WordStyle>>> = {
  path: 'dir',
  command: 'cmd',
  argument: 'arg',
  variable: 'variable-local',
  comment: 'comment',
};

/** The console's language for those who ask about it, or have scripts run, over the network. */
export class NetworkLanguage {
  readonly #world: CommandWorld;
  #scripts = 0;

  constructor(world: CommandWorld) {
    this.#world = world;
  }

  /** The words that may stand at the end of the text, and where each begins. `path` is that of a menu or a command. */
  async complete(path: string, input: string): Promise<{ text: string; style: WordStyle; offset: number }[]> {
    const { before, context } = this.#place(path);
    const { word, candidates } = await assistanceOf(() => context, '').complete(before + input);
    return candidates.map(({ text, style }) => ({ text, style: names[style] ?? 'none', offset: input.length - word.length }));
  }

  styles(path: string, input: string): { text: string; style: WordStyle }[] {
    const { before, context } = this.#place(path);
    let behind = before.length;
    return assistanceOf(() => context, '')
      .highlight(before + input)
      .flatMap(({ text, style }) => {
        const own = text.slice(behind);
        behind = Math.max(behind - text.length, 0);
        return own === '' ? [] : [{ text: own, style: names[style] ?? 'none' }];
      });
  }

  fault(path: string, input: string): string | undefined {
    const { before, context } = this.#place(path);
    return read(before + input, context).fault?.message;
  }

  /** What a script shows. Throws `CommandError` for its first error. */
  async run(script: string, caller: Caller, cancel: Cancel): Promise<string> {
    if (this.#scripts >= mostScripts) throw failure(`${mostScripts} scripts run already`);
    this.#scripts++;
    try {
      return await this.#run(script, caller, cancel);
    } finally {
      this.#scripts--;
    }
  }

  async #run(script: string, caller: Caller, cancel: Cancel): Promise<string> {
    const parts: Uint8Array[] = [];
    let length = 0;
    const screen = new PlainScreen(async (bytes) => {
      length += bytes.length;
      if (length > longestOutput) throw failure(`a script over the network shows at most ${longestOutput} bytes`);
      parts.push(bytes);
    });
    const running = new CancelSource();
    const ignore = cancel.onCancel(() => running.cancel());
    const shell = new LanguageShell(this.#world, undefined, () => running.cancel());
    try {
      await shell.runScript(script, { caller, cancel: running, screen });
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      // It has ended by itself.
      const hasQuit = running.cancelled && !cancel.cancelled;
      if (!hasQuit) throw new CommandError('failure', error.inScript);
    } finally {
      ignore();
    }
    await screen.finish();
    return fromUtf8Lossy(concat(parts));
  }

  /** A command's arguments are read behind its path. */
  #place(path: string): { readonly before: string; readonly context: ParseContext } {
    const tree: DirectoryDeclaration = this.#world.tree;
    const isMenu = menuAt(tree, path) !== undefined;
    return { before: isMenu ? '' : `${path} `, context: { tree, path: isMenu ? path : '/', variables: [] } };
  }
}

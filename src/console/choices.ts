import type { ArgumentType } from '../menu/argument.ts';
import type { ArgumentDeclaration } from '../menu/command.ts';
import type { Expectation } from './language/cursor.ts';
import { globalCommands } from './language/global-commands.ts';
import { quoted } from './language/literal.ts';
import type { Menu } from './language/menu-path.ts';
import type { Style } from './style.ts';

/** Something that may be typed at a place of a program. */
export interface Choice {
  readonly text: string;
  /** What is typed after it: a space, `=`, `/`, or nothing that could be known. */
  readonly after: string;
  readonly style: Style;
  /** One line for a person. */
  readonly does: string;
}

/** All that may be typed where `expectation` is, as far as it can be listed. */
export async function choicesOf(expectation: Expectation): Promise<readonly Choice[]> {
  switch (expectation.kind) {
    case 'command':
      return menuChoices(expectation.menu);
    case 'global':
      return Object.entries(globalCommands).map(([text, { does }]) => ({ text, after: ' ', style: 'command', does }));
    case 'argument': {
      const { command, given, unnamed } = expectation;
      const declared = unnamed === undefined ? undefined : command.args[unnamed];
      const names = Object.entries(command.args).filter(([name]) => !given.has(name));
      return [...(declared === undefined ? [] : await valueChoices(declared.type)), ...names.map(argumentChoice)];
    }
    case 'value':
      return valueChoices(expectation.type);
    case 'parameter':
      return (expectation.command.parameters ?? [])
        .filter(({ name, unnamed }) => unnamed !== true && !expectation.given.has(name))
        .map(({ name, takes, does }) => ({ text: name, after: takes === 'word' ? ' ' : '=', style: 'argument', does }));
    case 'property':
      return expectation.names.map((text) => ({ text, after: '', style: 'plain', does: '' }));
    case 'variable':
      return expectation.names.map((text) => ({ text, after: '', style: 'variable', does: '' }));
    default:
      return [];
  }
}

function menuChoices(menu: Menu): readonly Choice[] {
  return Object.entries(menu.directory.children).map(([text, { kind, does }]) =>
    kind === 'directory' ? { text, after: '/', style: 'path', does } : { text, after: ' ', style: 'command', does },
  );
}

function argumentChoice([text, { does, presence, where }]: readonly [string, ArgumentDeclaration]): Choice {
  return { text, after: presence === true || where === true ? ' ' : '=', style: 'argument', does };
}

async function valueChoices(type: ArgumentType<unknown>): Promise<readonly Choice[]> {
  const values = type.completions?.() ?? (await type.lookUp?.()) ?? [];
  return values.map((value) => ({ text: /^[\w.:/@*-]+$/.test(value) ? value : quoted(value), after: ' ', style: 'plain', does: '' }));
}

/** Those of the choices that `word` may mean: what begins with it, or else what it abbreviates. */
export function matching(choices: readonly Choice[], word: string): readonly Choice[] {
  const beginning = choices.filter(({ text }) => text.startsWith(word));
  return beginning.length > 0 ? beginning : choices.filter(({ text }) => abbreviates(word, text.split('-')));
}

/** Is `word` made of beginnings of the parts, in order: "k-s", "ks" or "ksi" for "key-size"? */
function abbreviates(word: string, parts: readonly string[]): boolean {
  if (word === '') return true;
  const [part, ...others] = parts;
  if (part === undefined) return false;
  for (let length = part.length; length > 0; length--) {
    if (!word.startsWith(part.slice(0, length))) continue;
    const rest = word.slice(length);
    if (abbreviates(rest.startsWith('-') ? rest.slice(1) : rest, others)) return true;
  }
  return false;
}

import { present, text } from '../menu/argument-types.ts';
import { command, type DirectoryDeclaration, directory } from '../menu/command.ts';
import { failure } from '../menu/errors.ts';
import type { ConsoleLanguage } from './console-language.ts';
import { inspect } from './inspect.ts';

/** Characters: what a script becomes when it is parsed must fit beside all else. */
const longestScript = 65_536;

/** The tree as REST has it: with the commands that are there for programs in place of people. */
export function withConsole(tree: DirectoryDeclaration, language: ConsoleLanguage): DirectoryDeclaration {
  const execute = command({
    does: 'run a script and give what it shows',
    needs: ['read'],
    args: {
      script: { type: text, unnamed: true, required: true, does: 'the script' },
      'as-string': { type: present, presence: true, required: true, does: 'wait for its end: there is nothing that goes on behind it' },
    },
    run: async ({ script }, { caller, cancel }) => {
      if (script.length > longestScript) throw failure(`a script over REST has at most ${longestScript} characters`);
      return { kind: 'value', value: (await language.run(script, caller, cancel)).replaceAll('\n', '\r\n') };
    },
  });
  const console = directory('what the console knows of its language', { inspect: inspect(tree, language) });
  return directory(tree.does, { ...tree.children, console, execute });
}

import type { Caller } from '../menu/command.ts';
import type { Cancel } from '../platform/cancel.ts';

/** A word that may stand at the end of a text. */
export interface OfferedWord {
  readonly text: string;
  readonly style: WordStyle;
  /** Where in the text the word begins. */
  readonly offset: number;
}

/** RouterOS' own names of what a piece of a line is. */
export type WordStyle = 'dir' | 'cmd' | 'arg' | 'variable-local' | 'comment' | 'none';

/** What the console's language makes of a text, for who asks over the network. `path` is that of a menu ("/certificate") or of a command. */
export interface ConsoleLanguage {
  complete(path: string, input: string): Promise<readonly OfferedWord[]>;
  /** The text in pieces of one style each. */
  styles(path: string, input: string): readonly { readonly text: string; readonly style: WordStyle }[];
  /** What is wrong with the text, if anything. */
  fault(path: string, input: string): string | undefined;
  /** Runs a script, and gives what it would show. Throws `CommandError`. */
  run(script: string, caller: Caller, cancel: Cancel): Promise<string>;
}

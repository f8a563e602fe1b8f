import type { Caller } from '../menu/command.ts';
import type { Cancel } from '../platform/cancel.ts';
import type { Assistance } from './assistance.ts';
import type { Screen } from './screen.ts';

/**
 * Bytes that are kept in memory for each byte of a script that runs: itself, and what the parser makes of it (42 with the compact host, for
 * short statements).
 */
export const memoryOfScript = 40;

/** One run of a line or a script. */
export interface Turn {
  readonly caller: Caller;
  readonly cancel: Cancel;
  readonly screen: Screen;
}

/** The command language as a session uses it: it keeps the menu the person is in, and the variables. */
export interface Shell {
  /** "/certificate"; "/" for the root. */
  readonly path: string;
  /** May more of this text be meant to come: is a bracket or a string open, does a line end in a backslash? */
  isIncomplete(text: string): boolean;
  /** Runs a line as a person types it. Throws `ScriptError`. */
  runLine(text: string, turn: Turn): Promise<void>;
  /** Runs a script up to its first error. Throws `ScriptError`. */
  runScript(text: string, turn: Turn): Promise<void>;
  /** What the line editor can know about a line that follows `before`. */
  assistance(before: string): Assistance;
  /** The text without the values of sensitive arguments, line for line. */
  withoutSecrets(text: string): string;
}

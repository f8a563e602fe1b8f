import type { CommandErrorCode } from '../../menu/errors.ts';

/**
 * `incomplete`: the text ends inside brackets, a string or a joined line, and more of it may be typed. `syntax` to `not-supported` are
 * found before anything runs, the others while it runs; `thrown` is `:error`'s.
 */
export type ScriptErrorCode =
  | 'incomplete'
  | 'syntax'
  | 'expected-command'
  | 'expected-end'
  | 'expected-value'
  | 'bad-command'
  | 'bad-parameter'
  | 'not-supported'
  | 'type'
  | 'thrown'
  | 'limit'
  | CommandErrorCode;

/** Where in the source something stands. */
export interface Position {
  /** In UTF-16 units from the start of the source. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
  /** Of the first byte in UTF-8, from 1. */
  readonly column: number;
}

/** Anything wrong with a line or a script. `message` is what an interactive console shows. */
export class ScriptError extends Error implements Position {
  readonly code: ScriptErrorCode;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  /** What a script's log and standard error show: with the place, `no such item (/certificate/sign; line 3)`. */
  readonly inScript: string;

  constructor(code: ScriptErrorCode, message: string, position: Position, inScript = message) {
    super(message);
    this.name = 'ScriptError';
    this.code = code;
    this.offset = position.offset;
    this.line = position.line;
    this.column = position.column;
    this.inScript = inScript;
  }
}

/** An error of the text itself: it carries line and column wherever it is shown. */
export function textError(code: ScriptErrorCode, what: string, position: Position): ScriptError {
  return new ScriptError(code, `${what} (line ${position.line} column ${position.column})`, position);
}

/** An error of a running command: bare on a console, with command and line in a script. */
export function runError(code: ScriptErrorCode, what: string, path: string, position: Position): ScriptError {
  return new ScriptError(code, what, position, `${what} (${path}; line ${position.line})`);
}

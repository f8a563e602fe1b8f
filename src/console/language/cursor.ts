import type { ArgumentType } from '../../menu/argument.ts';
import type { CommandDeclaration } from '../../menu/command.ts';
import type { Style } from '../style.ts';
import type { ScriptError, ScriptErrorCode } from './errors.ts';
import type { GlobalCommand } from './global-commands.ts';
import type { Menu } from './menu-path.ts';
import type { Source } from './source.ts';

/** What may stand at a place of a program, and what is known about it there. */
export type Expectation =
  /** A menu or a command of `menu`; `global` if commands of the language are among them (at the start of a statement). */
  | { readonly kind: 'command'; readonly menu: Menu; readonly start: boolean }
  /** A command of the language, after a colon. */
  | { readonly kind: 'global' }
  /** An argument by its name, or a value for `unnamed`. */
  | {
      readonly kind: 'argument';
      readonly path: string;
      readonly command: CommandDeclaration;
      readonly given: ReadonlySet<string>;
      readonly unnamed?: string;
    }
  /** The value of an argument. */
  | {
      readonly kind: 'value';
      readonly path: string;
      readonly argument: string;
      readonly type: ArgumentType<unknown>;
      readonly does: string;
    }
  /** A parameter of a command of the language. */
  | { readonly kind: 'parameter'; readonly name: string; readonly command: GlobalCommand; readonly given: ReadonlySet<string> }
  /** A property in a where-expression. */
  | { readonly kind: 'property'; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly names: readonly string[] }
  | { readonly kind: 'operand' }
  | { readonly kind: 'nothing' };

/** Where the word that is expected begins, in the source as given. */
export interface ExpectedAt {
  readonly from: number;
  readonly expectation: Expectation;
}

/** A piece of the source and what it is. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly style: Style;
}

const blanks = /[ \t\r]+/y;
const space = /[ \t\r\n]+/y;

/** A place in a source that moves forward. */
export class Cursor {
  readonly source: Source;
  readonly text: string;
  at = 0;
  /** What was last expected: at the end of a text that is still being typed, what may be typed there. */
  expected: ExpectedAt | undefined;
  /** Filled if there is somebody who wants to see them. */
  readonly marks: Mark[] | undefined;

  constructor(source: Source, marks?: Mark[]) {
    this.source = source;
    this.text = source.text;
    this.marks = marks;
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character, or the empty string at the end. */
  get next(): string {
    return this.text[this.at] ?? '';
  }

  after(count: number): string {
    return this.text[this.at + count] ?? '';
  }

  /** What a sticky pattern matches here, and moves behind it. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const matched = pattern.exec(this.text)?.[0];
    if (matched !== undefined) this.at += matched.length;
    return matched;
  }

  /** As `match`, without moving. */
  sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  take(character: string): boolean {
    if (this.next !== character) return false;
    this.at++;
    return true;
  }

  /** Skips blanks; with `lines` also the ends of lines. Were there any? */
  skip(lines: boolean): boolean {
    return this.match(lines ? space : blanks) !== undefined;
  }

  expect(expectation: Expectation, from = this.at): void {
    this.expected = { from: this.source.offsetOf(from), expectation };
  }

  mark(style: Style, from: number, to = this.at): void {
    if (to > from) this.marks?.push({ from: this.source.offsetOf(from), to: this.source.offsetOf(to - 1) + 1, style });
  }

  /** The offset in the source as given, for syntax nodes. */
  offset(at = this.at): number {
    return this.source.offsetOf(at);
  }

  error(code: ScriptErrorCode, what: string, at = this.at): ScriptError {
    return this.source.error(code, what, at);
  }

  /** A character that may not stand here, or the end of a text that was to go on. */
  unexpected(): ScriptError {
    return this.atEnd() ? this.error('incomplete', 'expected more') : this.error('syntax', 'syntax error');
  }
}

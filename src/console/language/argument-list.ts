import type { ArgumentDeclaration, CommandDeclaration } from '../../menu/command.ts';
import type { Cursor } from './cursor.ts';
import { abbreviated } from './menu-path.ts';
import type { Expression, GivenArgument, Literal } from './syntax.ts';

const argumentName = /[A-Za-z0-9_.-]+(?==)/y;
const anyName = /[A-Za-z0-9_.-]+/y;
const word = /[^\s;{}[\]()"$\\]+/y;

const yes: Literal = { kind: 'literal', value: true };
const nil: Literal = { kind: 'literal', value: null };

/** The rest of the grammar, as far as arguments consist of it. */
export interface ArgumentReader {
  /** Is this the end of the command? */
  atEnd(): boolean;
  value(declared: ArgumentDeclaration): Expression | undefined;
  /** What stands behind `where`, to the end of the command. */
  where(declared: ArgumentDeclaration): Expression;
}

/** The arguments of one command while they are read. */
export class ArgumentList {
  readonly #path: string;
  readonly #declared: Readonly<Record<string, ArgumentDeclaration>>;
  readonly #command: CommandDeclaration;
  readonly #given = new Map<string, GivenArgument>();
  readonly #cursor: Cursor;
  #where: Expression | undefined;

  constructor(path: string, command: CommandDeclaration, cursor: Cursor) {
    this.#path = path;
    this.#command = command;
    this.#declared = command.args;
    this.#cursor = cursor;
  }

  read(reader: ArgumentReader): { given: readonly GivenArgument[]; where: Expression | undefined } {
    while (this.#where === undefined) {
      const separated = this.#cursor.skip(false);
      if (separated) this.#expectArgument();
      if (reader.atEnd()) break;
      if (!separated) throw this.#cursor.error('expected-end', 'expected end of command');
      this.#argument(reader);
    }
    return { given: [...this.#given.values()], where: this.#where };
  }

  #expectArgument(): void {
    const unnamed = this.#nextUnnamed();
    const expectation = { kind: 'argument', path: this.#path, command: this.#command, given: new Set(this.#given.keys()) } as const;
    this.#cursor.expect(unnamed === undefined ? expectation : { ...expectation, unnamed });
  }

  #argument(reader: ArgumentReader): void {
    const cursor = this.#cursor;
    const from = cursor.at;
    if (cursor.next === '!' && this.#nextUnnamedWhere() === undefined) {
      cursor.at++;
      const name = this.#named(cursor.match(anyName) ?? '', from + 1);
      cursor.mark('argument', from);
      this.#give(name, nil, from);
      return;
    }
    const written = cursor.match(argumentName);
    if (written !== undefined && this.#nextUnnamedWhere() === undefined) this.#namedValue(reader, written, from);
    else {
      cursor.at = from;
      this.#unnamed(reader, from);
    }
  }

  #namedValue(reader: ArgumentReader, written: string, from: number): void {
    const cursor = this.#cursor;
    const name = this.#named(written, from);
    const declared = this.#declared[name];
    if (declared === undefined) return;
    cursor.mark('argument', from);
    cursor.at++;
    cursor.expect({ kind: 'value', path: this.#path, argument: name, type: declared.type, does: declared.does });
    const value = reader.value(declared);
    if (value === undefined) throw cursor.atEnd() || cursor.sees(/[\s;}\]]/y) ? missingValue(cursor) : cursor.unexpected();
    this.#give(name, value, from);
  }

  /** A bare word: a flag, `where`, or the value of the argument that needs no name. */
  #unnamed(reader: ArgumentReader, from: number): void {
    const cursor = this.#cursor;
    const written = cursor.match(word) ?? '';
    const flag = this.#flag(written);
    if (flag !== undefined) {
      cursor.mark('argument', from);
      if (this.#declared[flag]?.where === true) this.#readWhere(reader, flag);
      else this.#give(flag, yes, from);
      return;
    }
    cursor.at = from;
    const where = this.#nextUnnamedWhere();
    if (where !== undefined) {
      this.#readWhere(reader, where);
      return;
    }
    const name = this.#nextUnnamed();
    const declared = name === undefined ? undefined : this.#declared[name];
    const value = declared === undefined ? undefined : reader.value(declared);
    if (name === undefined || value === undefined) {
      cursor.match(word);
      throw cursor.error('expected-end', 'expected end of command', from);
    }
    this.#give(name, value, from);
  }

  #readWhere(reader: ArgumentReader, name: string): void {
    const declared = this.#declared[name];
    if (declared !== undefined) this.#where = reader.where(declared);
  }

  /** The bare word's argument: a flag or `where`; an abbreviation only where no value may stand. */
  #flag(written: string): string | undefined {
    const flags = Object.keys(this.#declared).filter((name) => {
      const declared = this.#declared[name];
      return declared?.presence === true || declared?.where === true;
    });
    if (flags.includes(written)) return written;
    return this.#nextUnnamed() === undefined ? abbreviated(flags, written) : undefined;
  }

  #nextUnnamed(): string | undefined {
    return Object.keys(this.#declared).find((name) => this.#declared[name]?.unnamed === true && !this.#given.has(name));
  }

  #nextUnnamedWhere(): string | undefined {
    const name = this.#nextUnnamed();
    return name !== undefined && this.#declared[name]?.where === true ? name : undefined;
  }

  /** The full name of an argument; letter case does not matter. */
  #named(written: string, from: number): string {
    const names = Object.keys(this.#declared).filter((name) => this.#declared[name]?.where !== true);
    const name = abbreviated(names, written.toLowerCase());
    if (name === undefined) throw this.#cursor.error('bad-parameter', `bad parameter ${written}`, from);
    return name;
  }

  #give(name: string, value: Expression, from: number): void {
    if (this.#given.has(name)) throw this.#cursor.error('bad-parameter', `bad parameter ${name}`, from);
    this.#given.set(name, { name, at: this.#cursor.offset(from), value });
  }
}

function missingValue(cursor: Cursor): Error {
  return cursor.error('expected-value', 'expected input value');
}

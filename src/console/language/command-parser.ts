import type { CommandDeclaration } from '../../menu/command.ts';
import { ArgumentList, type ArgumentReader } from './argument-list.ts';
import type { Cursor } from './cursor.ts';
import { ExpressionParser } from './expression-parser.ts';
import { argumentWord } from './literal.ts';
import { Menu } from './menu-path.ts';
import type { Block, Statement } from './syntax.ts';
import type { VisibleNames } from './visible-names.ts';

const pathWord = /[A-Za-z0-9_-][A-Za-z0-9_.-]*/y;
const endsCommand = /[\n;}\]]|$/y;

/** Reads paths of the command tree and the arguments of its commands. */
export abstract class CommandParser extends ExpressionParser {
  protected menu: Menu;
  readonly #sensitive: { from: number; to: number }[] = [];

  constructor(cursor: Cursor, names: VisibleNames, menu: Menu) {
    super(cursor, names);
    this.menu = menu;
  }

  /** Where the values of sensitive arguments stand in the source. */
  get sensitive(): readonly { readonly from: number; readonly to: number }[] {
    return this.#sensitive;
  }

  protected abstract block(): Block;

  protected get atEndOfCommand(): boolean {
    return this.cursor.sees(endsCommand);
  }

  /** `/certificate/print`, `..`, `certificate { … }`: a path word by word, and what it leads to. */
  protected pathStatement(from: number): Statement {
    const { cursor } = this;
    let menu = cursor.next === '/' ? this.menu.root : this.menu;
    let first = cursor.next !== '/';
    let slash = cursor.take('/');
    for (;;) {
      const blanks = cursor.skip(false);
      if (first || slash || blanks) cursor.expect({ kind: 'command', menu, start: first });
      if (!first && this.#endsPath()) return this.#menuStatement(menu, from);
      const at = cursor.at;
      if (this.#up()) menu = menu.parent ?? menu;
      else {
        const next = this.#pathWord(menu);
        if (next.declaration.kind === 'command') {
          cursor.mark('command', at);
          return this.#command(menu, next.name, next.declaration, from);
        }
        menu = new Menu(next.declaration, next.name, menu);
      }
      cursor.mark('path', at);
      first = false;
      slash = cursor.take('/');
      if (!slash && !blanks && !this.#wordEnds()) throw cursor.unexpected();
    }
  }

  #up(): boolean {
    return this.cursor.match(/\.\.(?![\w.-])/y) !== undefined;
  }

  #wordEnds(): boolean {
    return this.cursor.sees(/[\s{}[\];/]|$/y);
  }

  #endsPath(): boolean {
    return this.atEndOfCommand || this.cursor.next === '{';
  }

  #pathWord(menu: Menu): NonNullable<ReturnType<Menu['resolve']>> {
    const { cursor } = this;
    const from = cursor.at;
    const written = cursor.match(pathWord);
    if (written === undefined) throw cursor.error('expected-command', 'expected command name', from);
    const found = menu.resolve(written);
    if (found !== undefined) return found;
    if (menu.resolve(written.toLowerCase()) !== undefined) throw cursor.error('expected-command', 'expected command name', from);
    throw cursor.error('bad-command', `bad command name ${written}`, from);
  }

  #menuStatement(menu: Menu, from: number): Statement {
    const at = this.cursor.offset(from);
    if (this.cursor.next !== '{') {
      // What follows in this block is looked up there: an exported script names each menu in a line of its own.
      this.menu = menu;
      return { kind: 'navigation', at, path: menu.path };
    }
    return { kind: 'block', at, body: this.within(menu, () => this.block()) };
  }

  /** Reads with `menu` as the one that words are looked up in. */
  protected within<T>(menu: Menu, read: () => T): T {
    const before = this.menu;
    this.menu = menu;
    const result = read();
    this.menu = before;
    return result;
  }

  #command(menu: Menu, name: string, command: CommandDeclaration, from: number): Statement {
    const path = menu.prefix + name;
    const { given, where } = this.within(menu, () => new ArgumentList(path, command, this.cursor).read(this.#reader));
    return { kind: 'command', at: this.cursor.offset(from), path, command, given, ...(where === undefined ? {} : { where }) };
  }

  readonly #reader: ArgumentReader = {
    atEnd: () => this.atEndOfCommand,
    value: (declared) => {
      const from = this.cursor.offset();
      const value = this.value((each) => ({ kind: 'literal', value: argumentWord(each), word: each }));
      if (declared.sensitive === true && value !== undefined)
        this.#sensitive.push({ from, to: this.cursor.offset(this.cursor.at - 1) + 1 });
      return value;
    },
    where: (declared) => this.whereExpression(declared.type.completions?.() ?? []),
  };
}

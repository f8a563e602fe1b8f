import { globalCommands } from './global-commands.ts';
import { GlobalParser } from './global-parser.ts';
import { abbreviated } from './menu-path.ts';
import type { Block, Statement } from './syntax.ts';
import type { VisibleNames } from './visible-names.ts';

const globalWord = /[A-Za-z0-9_-]+/y;

/** Reads statements: commands of the tree, commands of the language, blocks. */
export class StatementParser extends GlobalParser {
  /** A whole program. */
  program(): Block {
    const body = this.#sequence();
    if (!this.cursor.atEnd()) throw this.cursor.unexpected();
    return body;
  }

  /** `[ … ]` */
  protected override statements(): Block {
    return this.within(this.menu, () => this.apart(() => this.#sequence()));
  }

  /** `{ … }`: a scope of its own. */
  protected override block(): Block {
    return this.inBrackets('}', () => this.scope(this.names.block()));
  }

  protected override scope(names: VisibleNames): Block {
    const outer = this.names;
    this.names = names;
    const body = this.within(this.menu, () => this.apart(() => this.#sequence()));
    this.names = outer;
    return body;
  }

  #sequence(): Block {
    const { cursor } = this;
    const statements: Statement[] = [];
    for (;;) {
      while (cursor.skip(true) || cursor.take(';'));
      cursor.expect({ kind: 'command', menu: this.menu, start: true });
      if (cursor.atEnd() || cursor.next === '}' || cursor.next === ']' || cursor.next === ')') return { statements };
      statements.push(this.#statement());
      cursor.skip(false);
      if (cursor.atEnd()) return { statements };
      if (!this.atEndOfCommand) throw cursor.error('expected-end', 'expected end of command');
    }
  }

  #statement(): Statement {
    const { cursor } = this;
    const from = cursor.at;
    switch (cursor.next) {
      case ':':
        cursor.at++;
        return this.#colonStatement(from);
      case '{':
        return { kind: 'block', at: cursor.offset(), body: this.block() };
      case '$':
        return this.callStatement();
      default:
        return this.#bareStatement(from);
    }
  }

  /** `:put`, or `:log info` for `/log info`. */
  #colonStatement(from: number): Statement {
    const { cursor } = this;
    cursor.expect({ kind: 'global' });
    const at = cursor.at;
    const written = cursor.match(globalWord);
    if (written === undefined) throw cursor.error('expected-command', 'expected command name');
    const name = abbreviated(Object.keys(globalCommands), written);
    if (name === undefined) {
      if (this.menu.root.resolve(written) === undefined) throw cursor.error('bad-command', `bad command name ${written}`, at);
      cursor.at = at;
      return this.within(this.menu.root, () => this.pathStatement(from));
    }
    cursor.mark('command', from);
    return this.globalStatement(name, from);
  }

  /** A path, or a command of the language whose colon was left out. */
  #bareStatement(from: number): Statement {
    const { cursor } = this;
    const name = cursor.match(globalWord);
    if (name !== undefined && Object.hasOwn(globalCommands, name) && this.menu.resolve(name) === undefined && !/[./]/.test(cursor.next)) {
      cursor.mark('command', from);
      return this.globalStatement(name, from);
    }
    cursor.at = from;
    return this.pathStatement(from);
  }
}

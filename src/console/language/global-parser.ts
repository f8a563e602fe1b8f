import { CommandParser } from './command-parser.ts';
import { type GlobalParameter, globalCommands } from './global-commands.ts';
import { parseLiteral } from './literal.ts';
import { abbreviated } from './menu-path.ts';
import type { Block, Expression, Literal, Statement } from './syntax.ts';
import { VisibleNames } from './visible-names.ts';

const parameterName = /[a-z-]+(?==)/y;
const parameterWord = /[A-Za-z0-9_-]+/y;
const newNames = /[A-Za-z0-9]+(?:,[A-Za-z0-9]+)*/y;

interface Given {
  readonly values: Map<string, Expression>;
  readonly blocks: Map<string, Block>;
  readonly names: string[];
}

/** Reads the commands of the language itself: `:put`, `:foreach`. */
export abstract class GlobalParser extends CommandParser {
  /** Statements up to a closing bracket, with these names known. */
  protected abstract scope(names: VisibleNames): Block;

  /** The parameters of a command of the language, whose name is read. */
  protected globalStatement(name: string, from: number): Statement {
    const { cursor } = this;
    const command = globalCommands[name] ?? { does: '' };
    const given: Given = { values: new Map(), blocks: new Map(), names: [] };
    const names = new VisibleNames([], this.names);
    for (;;) {
      const separated = cursor.skip(false);
      if (separated) cursor.expect({ kind: 'parameter', name, command, given: new Set([...given.values.keys(), ...given.blocks.keys()]) });
      if (this.atEndOfCommand) break;
      if (!separated && !/[{([$"]/.test(cursor.next)) throw cursor.error('expected-end', 'expected end of command');
      if (command.parameters === undefined) this.#anyParameter(given);
      else this.#parameter(name, command.parameters, given, names);
    }
    this.#declare(name, given.names);
    return { kind: 'global', at: cursor.offset(from), name, command, ...given };
  }

  /** What `:local` declares is known to the rest of the block; what a loop declares only inside it. */
  #declare(command: string, names: readonly string[]): void {
    if (command === 'local' || command === 'global') for (const name of names) this.names.declare(name);
  }

  #parameter(name: string, parameters: readonly GlobalParameter[], given: Given, inside: VisibleNames): void {
    const { cursor } = this;
    const from = cursor.at;
    const written = cursor.match(parameterName);
    const isNamed =
      written === undefined
        ? undefined
        : abbreviated(
            parameters.map((each) => each.name),
            written,
          );
    const parameter =
      isNamed === undefined
        ? parameters.find((each) => each.unnamed === true && !isGiven(given, each))
        : parameters.find((each) => each.name === isNamed);
    if (isNamed === undefined) {
      cursor.at = from;
      if (written !== undefined && parameter?.takes !== 'value') throw cursor.error('bad-parameter', `bad parameter ${written}`, from);
    } else {
      cursor.mark('argument', from);
      cursor.at++;
    }
    if (parameter === undefined || isGiven(given, parameter)) {
      cursor.match(parameterWord);
      throw cursor.error('expected-end', 'expected end of command', from);
    }
    this.#parameterValue(name, parameter, given, inside);
  }

  #parameterValue(name: string, parameter: GlobalParameter, given: Given, inside: VisibleNames): void {
    const { cursor } = this;
    const from = cursor.at;
    switch (parameter.takes) {
      case 'value': {
        const value = this.value(literal);
        if (value === undefined) throw this.missingInput();
        given.values.set(parameter.name, value);
        return;
      }
      case 'word': {
        const word = cursor.match(parameterWord);
        if (word === undefined || !parameter.name.startsWith(word))
          throw cursor.error('bad-command', `bad command name ${word ?? ''}`, from);
        given.values.set(parameter.name, { kind: 'literal', value: parameter.name });
        return;
      }
      case 'block': {
        if (cursor.next !== '{') throw this.missingInput();
        const isFunction = name === 'local' || name === 'global' || name === 'set';
        const scope = isFunction ? new VisibleNames([], undefined, true) : inside.block();
        given.blocks.set(
          parameter.name,
          this.inBrackets('}', () => this.scope(scope)),
        );
        return;
      }
      case 'name':
      case 'new-names': {
        if (parameter.takes === 'name' && cursor.next === '(') {
          this.#element(given);
          return;
        }
        const names = this.#names(parameter.takes === 'new-names');
        given.names.push(...names);
        given.values.set(parameter.name, { kind: 'literal', value: names.join(',') });
        if (parameter.takes === 'new-names') for (const each of names) inside.declare(each);
      }
    }
  }

  /** `($x->"key")`: what `:set` changes may be an element. */
  #element(given: Given): void {
    const from = this.cursor.at;
    const target = this.value(literal);
    if (target?.kind !== 'element' || target.of.kind !== 'variable') throw this.cursor.error('syntax', 'syntax error', from);
    given.names.push(target.of.name);
    given.values.set('name', target.of);
    given.values.set('element', { kind: 'array', elements: target.keys.map((value) => ({ value })) });
  }

  #names(areNew: boolean): readonly string[] {
    const { cursor } = this;
    const from = cursor.at;
    cursor.expect(areNew ? { kind: 'variable', names: [] } : this.names.expectation());
    const names = cursor.next === '"' ? [this.quotedName()] : cursor.match(newNames)?.split(',');
    if (names === undefined) throw cursor.unexpected();
    if (!areNew) for (const name of names) this.checkVariable(name, from);
    cursor.mark('variable', from);
    return names;
  }

  protected missingInput(): Error {
    const { cursor } = this;
    return cursor.atEnd() || cursor.sees(/[\s;}\]]/y) ? cursor.error('expected-value', 'expected input value') : cursor.unexpected();
  }

  /** An argument of a command that can't run yet: read, so that what stands behind it is. */
  #anyParameter(given: Given): void {
    const { cursor } = this;
    const written = cursor.match(parameterName);
    if (written !== undefined) cursor.at++;
    const name = written ?? String(given.values.size + given.blocks.size);
    if (cursor.next === '{' && written !== undefined) {
      given.blocks.set(
        name,
        this.inBrackets('}', () => this.scope(new VisibleNames([], this.names, true))),
      );
      return;
    }
    const value = this.value(literal);
    if (value === undefined) throw this.missingInput();
    given.values.set(name, value);
  }

  /** `$f 1 a=2` */
  protected callStatement(): Statement {
    const { cursor } = this;
    const at = cursor.offset();
    const called = this.variable();
    const given: { name?: string; value: Expression }[] = [];
    for (;;) {
      const separated = cursor.skip(false);
      if (this.atEndOfCommand) return { kind: 'call', at, name: called.kind === 'variable' ? called.name : '', given };
      if (!separated) throw cursor.error('expected-end', 'expected end of command');
      const name = cursor.match(parameterName);
      if (name !== undefined) cursor.at++;
      const value = this.value(literal);
      if (value === undefined) throw this.missingInput();
      given.push(name === undefined ? { value } : { name, value });
    }
  }
}

function literal(word: string): Literal {
  return { kind: 'literal', value: parseLiteral(word), word };
}

function isGiven(given: Given, parameter: GlobalParameter): boolean {
  return given.values.has(parameter.name) || given.blocks.has(parameter.name);
}

import { parseAddress, parseLiteral } from './literal.ts';
import type { BinaryOperator, Expression, Literal, UnaryOperator } from './syntax.ts';
import { ValueParser } from './value-parser.ts';
import { VisibleNames } from './visible-names.ts';

interface Level {
  /** The operators of one precedence. */
  readonly pattern: RegExp;
  readonly compares?: boolean;
}

/** From the loosest to the tightest. `!` stands between `and` and the comparisons, so that `!name="x"` means what it says. */
const or: Level = { pattern: /\|\||or(?![\w-])/y };
const and: Level = { pattern: /&&|and(?![\w-])/y };
const tighter: readonly Level[] = [
  { pattern: /!=|<=|>=|<(?!<)|>(?!>)|=|~|in(?![\w-])/y, compares: true },
  { pattern: /,/y },
  { pattern: /\.(?!\.)/y },
  { pattern: /\|(?!\|)/y },
  { pattern: /\^/y },
  { pattern: /&(?!&)/y },
  { pattern: /<<|>>/y },
  { pattern: /\+|-(?!>)/y },
  { pattern: /[*/%]/y },
];

const spelled: Readonly<Record<string, BinaryOperator>> = { '||': 'or', '&&': 'and' };

/** In `( … )` a word ends where an operator may begin; each of these is one value. */
const prefixOrAddress = /(?:[0-9]+(?:\.[0-9]+){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*)(?:\/[0-9]+)?(?![\w:])/y;
const clockTime = /(?:[0-9]+[wdhms])*[0-9]+:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?!\w)/y;
const numberOrTime = /0x[0-9A-Fa-f]+(?!\w)|(?:[0-9]+(?:ms|[wdhms]))+(?!\w)|[0-9]+(?!\w)/y;
const idLiteral = /\*[0-9A-Fa-f]+(?!\w)/y;
const name = /\.?[A-Za-z_](?:[\w-]*\w)?/y;
/** After a comparison in a where-expression: a word up to a blank, as in `name=my-ca.crt_0`. */
const comparedWord = /(?:(?!&&|\|\|)[^\s;{}[\]()"$\\])+/y;
const endsExpression = /[);\]}]|$/y;

/** Reads operator expressions: in parentheses, and behind `where`. */
export abstract class ExpressionParser extends ValueParser {
  /** The properties that may be named, in a where-expression; empty if any may. */
  #properties: readonly string[] | undefined;
  /** Are ends of lines blanks here? */
  #lines = true;

  protected expression(): Expression {
    return this.#with(true, this.#properties, () => this.#or());
  }

  /** A where-expression up to the end of the command. */
  protected whereExpression(properties: readonly string[]): Expression {
    return this.#with(false, properties, () => this.#or());
  }

  /** Commands in brackets are no part of the expression around them; in a where-expression any `$x` there may be a property. */
  protected apart<T>(read: () => T): T {
    const names = this.names;
    if (this.#properties !== undefined) this.names = new VisibleNames([], names, true);
    const result = this.#with(true, undefined, read);
    this.names = names;
    return result;
  }

  #with<T>(lines: boolean, properties: readonly string[] | undefined, read: () => T): T {
    const before = [this.#lines, this.#properties] as const;
    [this.#lines, this.#properties] = [lines, properties];
    const result = read();
    [this.#lines, this.#properties] = before;
    return result;
  }

  protected override checkVariable(name: string, at: number): void {
    if (this.#properties === undefined) super.checkVariable(name, at);
  }

  #or(): Expression {
    return this.#chain(or, () => this.#and());
  }

  /** Conditions of a where-expression may also stand side by side. */
  #and(): Expression {
    return this.#chain(and, () => this.#not(), this.#properties !== undefined);
  }

  #not(): Expression {
    this.cursor.skip(this.#lines);
    const at = this.cursor.offset();
    const operators: UnaryOperator[] = [];
    while (this.cursor.next === '!') {
      this.cursor.at++;
      operators.push('!');
      this.cursor.skip(this.#lines);
    }
    const operand = this.#level(0, false);
    return operators.length === 0 ? operand : { kind: 'unary', at, operators, operand };
  }

  #level(place: number, compared: boolean): Expression {
    const level = tighter[place];
    return level === undefined ? this.#unary(compared) : this.#chain(level, (right) => this.#level(place + 1, compared || right));
  }

  /** Operands of one precedence. `operand` is told whether it stands behind a comparison. */
  #chain(level: Level, operand: (compared: boolean) => Expression, sideBySide = false): Expression {
    const first = operand(false);
    const rest: { operator: BinaryOperator; at: number; operand: Expression }[] = [];
    for (;;) {
      const end = this.cursor.at;
      this.cursor.skip(this.#lines);
      const at = this.cursor.offset();
      const written = this.cursor.match(level.pattern);
      if (written === undefined && !(sideBySide && this.#operandFollows(end))) {
        this.cursor.at = end;
        return rest.length === 0 ? first : { kind: 'chain', first, rest };
      }
      const operator = written === undefined ? 'and' : (spelled[written] ?? binaryOperator(written));
      rest.push({ operator, at, operand: operand(level.compares === true && this.#properties !== undefined) });
    }
  }

  #operandFollows(end: number): boolean {
    const { cursor } = this;
    if (cursor.sees(endsExpression) || cursor.sees(or.pattern)) return false;
    if (cursor.next === '\n') return false;
    return cursor.at > end || /[!"([$]/.test(cursor.next);
  }

  #unary(compared: boolean): Expression {
    const { cursor } = this;
    cursor.skip(this.#lines);
    const at = cursor.offset();
    const operators: UnaryOperator[] = [];
    for (;;) {
      const operator = compared && cursor.sees(comparedWord) && cursor.next !== '!' ? undefined : cursor.match(/[-~!]/y);
      if (operator === undefined) break;
      operators.push(operator === '-' ? '-' : operator === '!' ? '!' : '~');
      cursor.skip(this.#lines);
    }
    const operand = this.elements(this.bracketedValue() ?? (compared ? this.#comparedWord() : this.#word()));
    return operators.length === 0 ? operand : { kind: 'unary', at, operators, operand };
  }

  #comparedWord(): Expression {
    this.cursor.expect({ kind: 'operand' });
    const from = this.cursor.at;
    const word = this.cursor.match(comparedWord);
    if (word === undefined) throw this.#missingOperand();
    this.cursor.mark('value', from);
    return literal(word);
  }

  #word(): Expression {
    const { cursor } = this;
    const from = cursor.at;
    const properties = this.#properties;
    cursor.expect(properties === undefined ? { kind: 'operand' } : { kind: 'property', names: properties });
    const value = this.#addressLiteral() ?? cursor.match(clockTime) ?? cursor.match(numberOrTime) ?? cursor.match(idLiteral);
    if (value !== undefined) {
      cursor.mark('value', from);
      return literal(value);
    }
    const word = cursor.match(name);
    if (word === undefined) throw this.#missingOperand();
    if (properties === undefined || /^(?:true|false|yes|no)$/.test(word)) {
      cursor.mark('value', from);
      return literal(word);
    }
    if (properties.length > 0 && !properties.includes(word)) throw cursor.error('bad-parameter', `bad parameter ${word}`, from);
    cursor.mark('argument', from);
    return { kind: 'property', at: cursor.offset(from), name: word };
  }

  #addressLiteral(): string | undefined {
    const from = this.cursor.at;
    const word = this.cursor.match(prefixOrAddress);
    if (word === undefined || parseAddress(word) !== undefined) return word;
    this.cursor.at = from;
    return undefined;
  }

  #missingOperand(): Error {
    const { cursor } = this;
    if (this.#lines && cursor.atEnd()) return cursor.unexpected();
    return cursor.atEnd() || cursor.next === '\n' || cursor.next === ';' || cursor.next === ']'
      ? cursor.error('expected-value', 'expected input value')
      : cursor.error('syntax', 'syntax error');
  }
}

function literal(word: string): Literal {
  return { kind: 'literal', value: parseLiteral(word), word };
}

const operators: readonly BinaryOperator[] = [
  ...(['or', 'and', '=', '!=', '<', '>', '<=', '>=', '~', 'in', ',', '.'] as const),
  ...(['|', '^', '&', '<<', '>>', '+', '-', '*', '/', '%'] as const),
];

function binaryOperator(written: string): BinaryOperator {
  const operator = operators.find((each) => each === written);
  if (operator === undefined) throw new RangeError(`no operator ${written}`);
  return operator;
}

import { fromUtf8 } from '../../bytes/utf8.ts';
import type { Cursor } from './cursor.ts';
import { parseLiteral } from './literal.ts';
import type { Block, Expression, Literal } from './syntax.ts';
import type { VisibleNames } from './visible-names.ts';

const nil: Literal = { kind: 'literal', value: null };
/** A word of a command line that stands for itself. */
const bareWord = /[^\s;{}[\]()"$\\]+/y;
const variableName = /[A-Za-z0-9]+/y;
const plainText = /[^"\\$]+/y;
const hexEscapes = /(?:\\[0-9A-F]{2})+/y;

const escaped: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  n: '\n',
  r: '\r',
  t: '\t',
  $: '$',
  _: ' ',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '?': '?',
};

/** Reads values as they stand in command lines: words, strings, variables, arrays, and what is computed in brackets. */
export abstract class ValueParser {
  protected readonly cursor: Cursor;
  protected names: VisibleNames;

  constructor(cursor: Cursor, names: VisibleNames) {
    this.cursor = cursor;
    this.names = names;
  }

  /** Statements up to a closing bracket, which stays. */
  protected abstract statements(): Block;
  /** An operator expression in parentheses, where ends of lines are blanks. */
  protected abstract expression(): Expression;

  /** A value, or undefined where none begins. `read` says what a bare word means. */
  protected value(read: (word: string) => Literal): Expression | undefined {
    const from = this.cursor.at;
    const bracketed = this.bracketedValue();
    if (bracketed !== undefined) return this.elements(bracketed);
    const word = this.cursor.match(bareWord);
    if (word === undefined) return undefined;
    this.cursor.mark('value', from);
    return read(word);
  }

  /** A value that begins with a character of its own, or undefined. */
  protected bracketedValue(): Expression | undefined {
    switch (this.cursor.next) {
      case '"':
        return this.text();
      case '$':
        return this.variable();
      case '[':
        return this.substitution();
      case '(':
        return this.parenthesised();
      case '{':
        return this.array();
      default:
        return undefined;
    }
  }

  /** `->key` behind a value, any number of times. */
  protected elements(of: Expression): Expression {
    const keys: Expression[] = [];
    while (this.cursor.next === '-' && this.cursor.after(1) === '>') {
      this.cursor.at += 2;
      keys.push(this.elementKey());
    }
    return keys.length === 0 ? of : { kind: 'element', of, keys };
  }

  private elementKey(): Expression {
    const bracketed = this.bracketedValue();
    if (bracketed !== undefined) return bracketed;
    const word = this.cursor.match(/[A-Za-z0-9_][A-Za-z0-9_-]*(?<!-)/y);
    if (word === undefined) throw this.cursor.unexpected();
    const value = parseLiteral(word);
    return { kind: 'literal', value: typeof value === 'number' ? value : word };
  }

  protected variable(): Expression {
    const { cursor } = this;
    const from = cursor.at++;
    cursor.expect(this.names.expectation(), from);
    const name = cursor.next === '"' ? this.quotedName() : cursor.match(variableName);
    if (name === undefined) throw cursor.unexpected();
    this.checkVariable(name, from);
    cursor.mark('variable', from);
    return { kind: 'variable', at: cursor.offset(from), name };
  }

  /** The parser's word for an undeclared variable. */
  protected checkVariable(name: string, at: number): void {
    if (!this.names.has(name)) throw this.cursor.error('syntax', 'syntax error', at);
  }

  /** A string that nothing is computed in: a variable's name. */
  protected quotedName(): string {
    const from = this.cursor.at;
    const text = this.text();
    if (text.kind !== 'literal' || typeof text.value !== 'string') throw this.cursor.error('syntax', 'syntax error', from);
    return text.value;
  }

  /** `[ … ]`; empty brackets are nil. */
  private substitution(): Expression {
    const at = this.cursor.offset();
    const body = this.inBrackets(']', () => this.statements());
    return body.statements.length === 0 ? nil : { kind: 'substitution', at, body };
  }

  private parenthesised(): Expression {
    return this.inBrackets(')', () => {
      this.cursor.skip(true);
      return this.cursor.next === ')' ? nil : this.expression();
    });
  }

  protected inBrackets<T>(closer: string, read: () => T): T {
    this.cursor.at++;
    const inside = read();
    this.cursor.skip(true);
    if (!this.cursor.take(closer)) throw this.cursor.unexpected();
    return inside;
  }

  /** `{1; "b"; k=v}` */
  private array(): Expression {
    const { cursor } = this;
    return this.inBrackets('}', () => {
      const elements: { key?: Expression; value: Expression }[] = [];
      for (;;) {
        while (cursor.skip(true) || cursor.take(';'));
        if (cursor.next === '}' || cursor.atEnd()) return { kind: 'array', elements };
        elements.push(this.arrayElement());
        cursor.skip(true);
        if (cursor.next !== ';' && cursor.next !== '}') throw cursor.unexpected();
      }
    });
  }

  private arrayElement(): { key?: Expression; value: Expression } {
    const { cursor } = this;
    const word = cursor.match(/[A-Za-z0-9_.-]+(?==)/y);
    const first = word === undefined ? this.requiredValue() : ({ kind: 'literal', value: word } as const);
    if (!cursor.take('=')) return { value: first };
    return { key: first, value: this.requiredValue() };
  }

  private requiredValue(): Expression {
    const value = this.value((word) => ({ kind: 'literal', value: parseLiteral(word), word }));
    if (value === undefined) throw this.cursor.unexpected();
    return value;
  }

  /** A string in quotes; a literal if nothing in it is computed. */
  protected text(): Expression {
    const { cursor } = this;
    let from = cursor.at++;
    const parts: Expression[] = [];
    let plain = '';
    while (!cursor.take('"')) {
      const part = this.plainPart();
      if (part !== undefined) {
        plain += part;
        continue;
      }
      cursor.mark('value', from);
      if (plain !== '') parts.push({ kind: 'literal', value: plain });
      plain = '';
      parts.push(this.computedPart());
      from = cursor.at;
    }
    cursor.mark('value', from);
    if (parts.length === 0) return { kind: 'literal', value: plain };
    return { kind: 'text', parts: plain === '' ? parts : [...parts, { kind: 'literal', value: plain }] };
  }

  /** A run of characters that stand for themselves or one escape; undefined before `$x`, `$[` and `$(`. */
  private plainPart(): string | undefined {
    const { cursor } = this;
    const run = cursor.match(plainText);
    if (run !== undefined) return run;
    if (cursor.next === '$') return /[A-Za-z0-9([]/.test(cursor.after(1)) ? undefined : (cursor.match(/\$/y) ?? '');
    const bytes = cursor.match(hexEscapes);
    if (bytes !== undefined) return textOfEscapes(bytes);
    if (!cursor.take('\\')) throw cursor.unexpected();
    const character = escaped[cursor.next];
    if (character === undefined) throw cursor.unexpected();
    cursor.at++;
    return character;
  }

  private computedPart(): Expression {
    if (this.cursor.after(1) !== '(' && this.cursor.after(1) !== '[') return this.variable();
    this.cursor.at++;
    const computed = this.bracketedValue();
    if (computed === undefined) throw this.cursor.unexpected();
    return computed;
  }
}

/** `\C3\A4` is the bytes of a character; bytes that are no UTF-8 stand for the characters of their numbers. */
function textOfEscapes(escapes: string): string {
  const bytes = Uint8Array.from(escapes.slice(1).split('\\'), (digits) => Number.parseInt(digits, 16));
  return fromUtf8(bytes) ?? String.fromCharCode(...bytes);
}

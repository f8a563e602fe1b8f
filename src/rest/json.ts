import { RestError } from './errors.ts';

/** What a text of JSON says. Keys are an object's own, whatever they are called: `__proto__` is a key like others. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Of arrays and objects in each other: what is deeper means nothing here, and must not take the engine's stack. */
const deepest = 8;

/** Of values altogether: each takes memory that its two bytes of text do not show. */
const most = 20_000;

const space = /[ \t\r\n]+/y;
/** As RFC 8259 6 has numbers, and with RouterOS' hexadecimal (0x1F) and octal (017). */
const number = /-?(?:0[xX][0-9A-Fa-f]{1,12}|0[0-7]{1,15}|(?:0|[1-9][0-9]{0,20})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?)(?![\w.])/y;
const word = /true|false|null/y;

/**
 * Reads one text of JSON (RFC 8259). Throws `RestError` 400 for anything else: for a key that comes twice, too, which others would read
 * differently.
 */
export function parseJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (++this.#values > most) throw new RestError(400, 'JSON of too many values');
    this.#match(space);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(this.#within(depth));
    if (next === '[') return this.#array(this.#within(depth));
    if (next === '"') return this.#string();
    const digits = this.#match(number);
    if (digits !== undefined) return numberOf(digits);
    const literal = this.#match(word);
    if (literal === undefined) throw this.#bad();
    return literal === 'null' ? null : literal === 'true';
  }

  end(): void {
    this.#match(space);
    if (this.#at < this.#text.length) throw this.#bad();
  }

  #within(depth: number): number {
    if (depth >= deepest) throw new RestError(400, 'JSON that is too deep');
    return depth + 1;
  }

  #object(depth: number): Json {
    const entries = new Map<string, Json>();
    this.#at++;
    if (this.#take('}')) return {};
    do {
      this.#match(space);
      const key = this.#string();
      if (entries.has(key)) throw new RestError(400, `the same key twice: ${key.slice(0, 64)}`);
      if (!this.#take(':')) throw this.#bad();
      entries.set(key, this.value(depth));
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#bad();
    return Object.fromEntries(entries);
  }

  #array(depth: number): Json {
    const elements: Json[] = [];
    this.#at++;
    if (this.#take(']')) return elements;
    do elements.push(this.value(depth));
    while (this.#take(','));
    if (!this.#take(']')) throw this.#bad();
    return elements;
  }

  /** The engine reads what is between the quotes: it is long where it is the text of a file. */
  #string(): string {
    if (this.#text[this.#at] !== '"') throw this.#bad();
    let end = this.#at;
    do end = this.#text.indexOf('"', end + 1);
    while (end >= 0 && this.#isEscaped(end));
    if (end < 0) throw this.#bad();
    const source = this.#text.slice(this.#at, end + 1);
    let read: unknown;
    try {
      read = JSON.parse(source);
    } catch {
      throw this.#bad();
    }
    if (typeof read !== 'string') throw this.#bad();
    this.#at = end + 1;
    return read;
  }

  /** Do an odd number of backslashes stand before it? */
  #isEscaped(at: number): boolean {
    let before = at;
    while (this.#text[before - 1] === '\\') before--;
    return (at - before) % 2 === 1;
  }

  #take(character: string): boolean {
    this.#match(space);
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const matched = pattern.exec(this.#text)?.[0];
    if (matched !== undefined) this.#at += matched.length;
    return matched;
  }

  #bad(): RestError {
    return new RestError(400, `this is not JSON (byte ${this.#at + 1})`);
  }
}

/** One that JavaScript would round stays the text that it is. */
function numberOf(digits: string): number | string {
  const sign = digits.startsWith('-') ? -1 : 1;
  const size = digits.replace('-', '');
  const value = sign * (/^0[0-7]+$/.test(size) ? Number.parseInt(size, 8) : Number(size));
  return Number.isSafeInteger(value) && value !== 0 ? value : value === 0 ? 0 : digits;
}

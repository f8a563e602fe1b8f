/** What one character must be: in one of the ranges of code points, or in none of them. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [first: number, last: number])[];
  readonly negated: boolean;
}

/** A POSIX extended regular expression (IEEE 1003.1, 9.4). */
export type EreNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly EreNode[] }
  | { readonly kind: 'choice'; readonly branches: readonly EreNode[] }
  /** `most` is absent for any number of times. */
  | { readonly kind: 'repeat'; readonly of: EreNode; readonly least: number; readonly most?: number };

/** A pattern that is no regular expression, or one too large to be matched in bounded time and memory. */
export class EreError extends Error {
  readonly code: 'syntax' | 'size';

  constructor(code: 'syntax' | 'size', message: string) {
    super(message);
    this.name = 'EreError';
    this.code = code;
  }
}

/** RE_DUP_MAX */
const mostRepeats = 255;
const deepestGroup = 50;
/** Of repetitions one behind the other: `a**`. */
const mostOperators = 5;

const point = (character: string): number => character.codePointAt(0) ?? 0;
const span = (range: string): readonly [number, number] => [point(range), point(range.slice(1))];
const spans = (...ranges: readonly string[]): CharacterSet['ranges'] => ranges.map(span);

const classes: Readonly<Record<string, CharacterSet['ranges']>> = {
  alpha: spans('AZ', 'az'),
  digit: spans('09'),
  alnum: spans('09', 'AZ', 'az'),
  upper: spans('AZ'),
  lower: spans('az'),
  space: spans('\t\r', '  '),
  blank: spans('\t\t', '  '),
  punct: spans('!/', ':@', '[`', '{~'),
  print: spans(' ~'),
  graph: spans('!~'),
  cntrl: spans('\u0000\u001f', '\u007f\u007f'),
  xdigit: spans('09', 'AF', 'af'),
};

const wordCharacters = spans('09', 'AZ', 'az', '__');

/** The escapes that glibc knows besides a backslash before a character that stands for itself. */
const escapedSets: Readonly<Record<string, CharacterSet>> = {
  w: { ranges: wordCharacters, negated: false },
  W: { ranges: wordCharacters, negated: true },
  s: { ranges: classes['space'] ?? [], negated: false },
  S: { ranges: classes['space'] ?? [], negated: true },
};

/** Throws `EreError`. */
export function parseEre(pattern: string): EreNode {
  return new EreParser([...pattern]).parse();
}

class EreParser {
  readonly #pattern: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(pattern: readonly string[]) {
    this.#pattern = pattern;
  }

  parse(): EreNode {
    const node = this.#choice();
    if (this.#next !== undefined) throw new EreError('syntax', 'unmatched )');
    return node;
  }

  get #next(): string | undefined {
    return this.#pattern[this.#at];
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at++;
    return true;
  }

  #choice(): EreNode {
    const branches = [this.#sequence()];
    while (this.#take('|')) branches.push(this.#sequence());
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: 'choice', branches };
  }

  #sequence(): EreNode {
    const parts: EreNode[] = [];
    while (this.#next !== undefined && this.#next !== '|' && this.#next !== ')') parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): EreNode {
    let node = this.#atom();
    for (let operators = 0; ; operators++) {
      if (this.#take('*')) node = { kind: 'repeat', of: node, least: 0 };
      else if (this.#take('+')) node = { kind: 'repeat', of: node, least: 1 };
      else if (this.#take('?')) node = { kind: 'repeat', of: node, least: 0, most: 1 };
      else if (this.#take('{')) node = this.#interval(node);
      else return node;
      if (operators === mostOperators) throw new EreError('size', `more than ${mostOperators} repetitions of one thing`);
    }
  }

  #interval(of: EreNode): EreNode {
    const least = this.#number();
    const most = this.#take(',') ? this.#number() : least;
    if (!this.#take('}')) throw new EreError('syntax', 'unmatched {');
    if (least === undefined && most === undefined) throw new EreError('syntax', 'no number in { }');
    if ((least ?? 0) > mostRepeats || (most ?? 0) > mostRepeats || (least ?? 0) > (most ?? mostRepeats)) {
      throw new EreError('syntax', `numbers in { } must rise and be at most ${mostRepeats}`);
    }
    return { kind: 'repeat', of, least: least ?? 0, ...(most === undefined ? {} : { most }) };
  }

  #number(): number | undefined {
    let digits = '';
    while (this.#next !== undefined && /[0-9]/.test(this.#next)) digits += this.#pattern[this.#at++];
    return digits === '' ? undefined : Number(digits);
  }

  #atom(): EreNode {
    const character = this.#pattern[this.#at++] ?? '';
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: this.#bracketExpression() };
      case '.':
        return { kind: 'set', set: { ranges: [], negated: true } };
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '\\':
        return { kind: 'set', set: this.#escaped() };
      case '*':
      case '+':
      case '?':
      case '{':
        throw new EreError('syntax', `nothing before ${character} to repeat`);
      default:
        return { kind: 'set', set: { ranges: [[point(character), point(character)]], negated: false } };
    }
  }

  #group(): EreNode {
    if (++this.#depth > deepestGroup) throw new EreError('size', 'regular expression nested too deep');
    const inside = this.#choice();
    if (!this.#take(')')) throw new EreError('syntax', 'unmatched (');
    this.#depth--;
    return inside;
  }

  #escaped(): CharacterSet {
    const character = this.#pattern[this.#at++];
    if (character === undefined) throw new EreError('syntax', 'nothing behind \\');
    const set = escapedSets[character];
    if (set !== undefined) return set;
    if (/[A-Za-z0-9<>]/.test(character)) throw new EreError('syntax', `unknown escape \\${character}`);
    return { ranges: [[point(character), point(character)]], negated: false };
  }

  /** IEEE 1003.1, 9.3.5: `]` stands for itself in the first place, `-` in the first and last. */
  #bracketExpression(): CharacterSet {
    const negated = this.#take('^');
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; first || this.#next !== ']'; first = false) {
      if (this.#next === undefined) throw new EreError('syntax', 'unmatched [');
      ranges.push(...this.#bracketItem());
    }
    this.#at++;
    return { ranges, negated };
  }

  #bracketItem(): readonly (readonly [number, number])[] {
    const named = this.#named(':');
    if (named !== undefined) {
      const ranges = Object.hasOwn(classes, named) ? classes[named] : undefined;
      if (ranges === undefined) throw new EreError('syntax', `unknown class [:${named}:]`);
      return ranges;
    }
    const first = this.#collatingElement();
    const isRange = this.#next === '-' && this.#pattern[this.#at + 1] !== ']' && this.#pattern[this.#at + 1] !== undefined;
    if (!isRange) return [[first, first]];
    this.#at++;
    const last = this.#collatingElement();
    if (last < first) throw new EreError('syntax', 'a range in [ ] must rise');
    return [[first, last]];
  }

  #collatingElement(): number {
    const named = this.#named('.') ?? this.#named('=');
    if (named === undefined) return point(this.#pattern[this.#at++] ?? '');
    if ([...named].length !== 1) throw new EreError('syntax', `unknown collating element ${named}`);
    return point(named);
  }

  /** `[:alpha:]`, `[.-.]`, `[=a=]`: what stands between. */
  #named(mark: string): string | undefined {
    if (this.#next !== '[' || this.#pattern[this.#at + 1] !== mark) return undefined;
    // Names are short: a search to the end of the pattern from every [: would be quadratic.
    const limit = Math.min(this.#at + 12, this.#pattern.length);
    for (let end = this.#at + 3; end < limit; end++) {
      if (this.#pattern[end] !== mark || this.#pattern[end + 1] !== ']') continue;
      const name = this.#pattern.slice(this.#at + 2, end).join('');
      this.#at = end + 2;
      return name;
    }
    throw new EreError('syntax', `unmatched [${mark}`);
  }
}

import { malformed } from './error.ts';

/** RFC 9110 5.6.2 */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** RFC 9110 5.5: no controls but the tab. What is beyond ASCII is kept byte by byte, and means nothing. */
const fieldValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

export function isToken(text: string): boolean {
  return token.test(text);
}

/** The fields of a header (RFC 9110 5), in order; names are the same in capitals and in small letters. */
export class Headers {
  readonly #fields: (readonly [name: string, value: string])[] = [];

  constructor(fields: Iterable<readonly [name: string, value: string]> = []) {
    for (const [name, value] of fields) this.append(name, value);
  }

  /** The values of all fields of this name, with commas between them; undefined where there is none. */
  get(name: string): string | undefined {
    const values = this.all(name);
    return values.length === 0 ? undefined : values.join(', ');
  }

  all(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#fields.flatMap(([known, value]) => (known.toLowerCase() === wanted ? [value] : []));
  }

  /** The members of a list over all fields of this name, in small letters (RFC 9110 5.6.1). */
  list(name: string): string[] {
    return this.all(name)
      .flatMap((value) => value.split(','))
      .map((member) => member.trim().toLowerCase())
      .filter((member) => member !== '');
  }

  has(name: string): boolean {
    return this.all(name).length > 0;
  }

  /** Adds a field. Throws for a name or value that no field can have: nobody writes a second field with the first. */
  append(name: string, value: string): void {
    if (!isToken(name) || !fieldValue.test(value)) throw new RangeError(`no field can be ${JSON.stringify([name, value])}`);
    this.#fields.push([name, value]);
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    yield* this.#fields;
  }
}

/** A field out of its line, without the line's end (RFC 9112 5). Throws `HttpError`. */
export function fieldOf(line: string): readonly [name: string, value: string] {
  // RFC 9112 5.2: a value that goes on in the next line is read differently by different programs.
  if (/^[\t ]/.test(line)) throw malformed('a field is folded');
  const colon = line.indexOf(':');
  if (colon < 0) throw malformed('a field has no colon');
  const name = line.slice(0, colon);
  const value = withoutSpace(line, colon + 1);
  // Nor is a space before the colon part of a name (RFC 9112 5.1).
  if (!isToken(name)) throw malformed('a field has a name that is none');
  if (!fieldValue.test(value)) throw malformed(`the field ${name} has a control character`);
  return [name, value];
}

/** By steps: a pattern would begin anew at each of many spaces. */
function withoutSpace(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isSpace(line[start])) start++;
  while (end > start && isSpace(line[end - 1])) end--;
  return line.slice(start, end);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

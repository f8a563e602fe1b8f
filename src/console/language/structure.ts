import { type ScriptError, textError } from './errors.ts';
import { type Cut, positionIn, Source } from './source.ts';

/** Brackets and strings may be nested this deep; whatever recurses over a program recurses over these. */
const deepest = 100;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** One of the escapes of a string: `\n`, `\1B`; the end of a line is skipped with the blanks that begin the next. */
const escaped = /\\(?:["\\nrt$_abfv?]|[0-9A-F]{2})/y;
/** Some editors begin every file with it. */
const byteOrderMark = '\ufeff';
const joint = /\\\r?\n[ \t]*/y;

export interface Structure {
  readonly source: Source;
  /** The first fault of brackets, strings and escapes, if there is one. */
  readonly fault?: ScriptError;
}

/**
 * The first look at a text: comments and joined lines are found, and brackets and quotes are matched, before any word of it is
 * understood. `incomplete` is a fault like the others, for the one who may ask for more.
 */
export function structureOf(given: string): Structure {
  const cuts: Cut[] = [];
  /** What closes each thing that is open; `"` for a string. */
  const open: string[] = [];
  const fault = (code: 'syntax' | 'incomplete' | 'limit', what: string, at: number): Structure => ({
    source: new Source(given, cuts),
    fault: textError(code, what, positionIn(given, at)),
  });
  let at = 0;
  if (given.startsWith(byteOrderMark)) {
    at = byteOrderMark.length;
    cuts.push({ kind: 'join', from: 0, to: at });
  }
  while (at < given.length) {
    const character = given[at] ?? '';
    if (character === '\\') {
      joint.lastIndex = at;
      escaped.lastIndex = at;
      if (joint.test(given)) {
        cuts.push({ kind: 'join', from: at, to: joint.lastIndex });
        at = joint.lastIndex;
      } else if (at + 1 === given.length) return fault('incomplete', 'expected another line', at);
      else if (open.at(-1) === '"' && escaped.test(given)) at = escaped.lastIndex;
      else return fault('syntax', 'syntax error', at);
      continue;
    }
    if (open.at(-1) === '"') {
      if (character === '"') open.pop();
      else if (character === '$' && (given[at + 1] === '(' || given[at + 1] === '[')) open.push(closers[given[++at] ?? ''] ?? '');
    } else if (character === '#' && beginsComment(given, at)) {
      const end = given.indexOf('\n', at);
      const to = end === -1 ? given.length : end;
      cuts.push({ kind: 'comment', from: at, to });
      at = to;
      continue;
    } else if (character === '"') open.push('"');
    else if (closers[character] !== undefined) open.push(closers[character]);
    else if (character === ')' || character === ']' || character === '}') {
      if (open.pop() !== character) return fault('syntax', 'syntax error', at);
    }
    if (open.length > deepest) return fault('limit', `nested more than ${deepest} deep`, at);
    at++;
  }
  return open.length > 0 ? fault('incomplete', `expected ${open.at(-1)}`, given.length) : { source: new Source(given, cuts) };
}

/** A hash inside a word is a character of it. */
function beginsComment(given: string, at: number): boolean {
  return at === 0 || /[\s;{}()[\]]/.test(given[at - 1] ?? '');
}

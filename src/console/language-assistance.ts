import type { Assistance, Completion } from './assistance.ts';
import { textWidth } from './character-width.ts';
import { type Choice, choicesOf, matching } from './choices.ts';
import type { Expectation } from './language/cursor.ts';
import { type ParseContext, type Reading, read } from './language/parser.ts';
import { structureOf } from './language/structure.ts';
import { plain, type Span } from './style.ts';

/** Longer commands go without colours: each line of a script that is pasted would be one more reading of all that came before it. */
const longestColoured = 8192;

/** Help, completion and colours for a line that follows the lines `before` of the same command. */
export function assistanceOf(context: () => ParseContext, before: string): Assistance {
  const start = before === '' ? 0 : before.length + 1;
  const whole = (text: string): string => (before === '' ? text : `${before}\n${text}`);
  return {
    highlight: (text) => (start + text.length > longestColoured ? [plain(text)] : spansOf(text, start, read(whole(text), context()))),
    complete: (text) => completionOf(whole(text), read(whole(text), context())),
    help: (text, columns) => helpOf(whole(text), read(whole(text), context()), columns),
    insideString: (text) => isInsideString(whole(text)),
  };
}

/** The text in pieces of one style each; `start` is where it begins in what was read. */
function spansOf(text: string, start: number, { marks }: Reading): readonly Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const mark of marks) {
    const [from, to] = [mark.from - start, Math.min(mark.to - start, text.length)];
    if (from < at || to <= from) continue;
    if (from > at) spans.push(plain(text.slice(at, from)));
    spans.push({ text: text.slice(from, to), style: mark.style });
    at = to;
  }
  return at < text.length ? [...spans, plain(text.slice(at))] : spans;
}

interface Place {
  /** What is typed of the word that is expected. */
  readonly word: string;
  readonly expectation: Expectation;
}

function placeOf(text: string, { expected }: Reading): Place | undefined {
  if (expected === undefined) return undefined;
  const { from, expectation } = expected;
  const typed = text.slice(from);
  // Of a list it is the last element that is being typed; a variable's name follows its dollar sign.
  const word = expectation.kind === 'value' ? typed.slice(typed.lastIndexOf(',') + 1) : typed.replace(/^\$/, '');
  return /[\s;{}[\]()"$]/.test(word) ? undefined : { word, expectation };
}

async function completionOf(text: string, reading: Reading): Promise<Completion> {
  const place = placeOf(text, reading);
  if (place === undefined) return { word: '', candidates: [] };
  const { word, expectation } = place;
  return { word, candidates: matching(await choicesOf(expectation), word).toSorted((a, b) => (a.text < b.text ? -1 : 1)) };
}

async function helpOf(text: string, reading: Reading, columns: number): Promise<readonly (readonly Span[])[]> {
  const place = placeOf(text, reading);
  if (place === undefined) return reading.fault === undefined ? [] : [[{ text: reading.fault.message, style: 'error' }]];
  const { word, expectation } = place;
  const about = aboutOf(expectation);
  const choices = matching(await choicesOf(expectation), word);
  const names = Math.max(...choices.map((choice) => textWidth(nameOf(choice))), 0);
  return [...words(about, columns).map((line) => [plain(line)]), ...choices.flatMap((choice) => helpLines(choice, names, columns))];
}

function nameOf({ text, after }: Choice): string {
  return after === '=' || after === '/' ? text + after : text;
}

/** A name and what it does, in two columns; a window too narrow for two has one below the other. */
function helpLines(choice: Choice, names: number, columns: number): (readonly Span[])[] {
  const name: Span = { text: nameOf(choice), style: choice.style };
  if (choice.does === '') return [[plain('  '), name]];
  const indent = names + 4;
  const beside = columns - indent >= 20;
  const [first = '', ...more] = words(choice.does, columns - (beside ? indent : 4));
  const gap = ' '.repeat(indent - 2 - textWidth(name.text));
  const rest = more.map((line) => [plain(' '.repeat(beside ? indent : 4) + line)]);
  return beside ? [[plain('  '), name, plain(gap + first)], ...rest] : [[plain('  '), name], [plain(`    ${first}`)], ...rest];
}

/** The text in lines that are broken between words. */
function words(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || textWidth(line) + 1 + textWidth(word) >= columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return text === '' ? [] : lines;
}

function aboutOf(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'command':
      return expectation.menu.directory.does;
    case 'argument':
      return expectation.unnamed === undefined ? expectation.command.does : `${expectation.command.does}; here: ${expectation.unnamed}`;
    case 'value':
      return [`${expectation.argument}: ${expectation.does}`, expectation.type.describes].filter((part) => part !== '').join(' -- ');
    case 'parameter':
      return expectation.command.does;
    default:
      return '';
  }
}

/** Does the text end in a string, where `?` is a character and nothing is completed? */
function isInsideString(text: string): boolean {
  const { fault } = structureOf(text);
  return fault?.code === 'incomplete' && fault.message.startsWith('expected "');
}

import { fromUtf8Lossy } from '../../../src/bytes/utf8.ts';
import { Ere } from '../../../src/console/language/ere.ts';
import { EreError } from '../../../src/console/language/ere-parser.ts';
import { ScriptError } from '../../../src/console/language/errors.ts';
import { parse, read } from '../../../src/console/language/parser.ts';
import { commandTree, type Domains } from '../../../src/menu/tree.ts';

// Parsing looks at the declarations alone; no command is run, and no domain is there to run it.
const tree = commandTree(new Proxy({}, { get: () => ({}) }) as Domains);
const context = { tree, path: '/certificate', variables: ['known'] };

/** Every text is parsed or refused at a place inside it, can be read for colours whatever it is, and as a pattern stops nothing. */
export function fuzz(data: Uint8Array): void {
  const text = fromUtf8Lossy(data);
  try {
    for (const { from, to } of parse(text, context).sensitive) inside(text, from, to);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    inside(text, error.offset, error.offset);
    if (Math.min(error.line, error.column) < 1) throw error;
  }
  for (const { from, to } of read(text, context).marks) inside(text, from, to);
  try {
    new Ere(text.slice(0, 200)).matches(text);
  } catch (error) {
    if (!(error instanceof EreError)) throw error;
  }
}

function inside(text: string, from: number, to: number): void {
  if (from < 0 || from > to || to > text.length) throw new Error(`${from} to ${to} of ${text.length} characters`);
}

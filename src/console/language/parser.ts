import type { DirectoryDeclaration } from '../../menu/command.ts';
import { Cursor, type ExpectedAt, type Mark } from './cursor.ts';
import { ScriptError } from './errors.ts';
import { Menu, menuAt } from './menu-path.ts';
import { StatementParser } from './statement-parser.ts';
import { structureOf } from './structure.ts';
import type { Block } from './syntax.ts';
import { VisibleNames } from './visible-names.ts';

/** What a text is parsed in. */
export interface ParseContext {
  readonly tree: DirectoryDeclaration;
  /** The menu that words without a leading `/` are looked up in: "/certificate". */
  readonly path: string;
  /** Global variables that earlier lines have declared. */
  readonly variables: Iterable<string>;
}

/** A text that has a meaning in its context. */
export interface Program {
  readonly source: string;
  readonly body: Block;
  /** Where values of sensitive arguments stand in the source: they belong in no history. */
  readonly sensitive: readonly { readonly from: number; readonly to: number }[];
}

/**
 * Parses a line or a script. Throws `ScriptError`: `incomplete` if more text may make it whole, anything else for the first fault in
 * RouterOS' order: brackets, strings and escapes of the whole text first, then words from left to right.
 */
export function parse(source: string, context: ParseContext): Program {
  const structure = structureOf(source);
  if (structure.fault !== undefined) throw structure.fault;
  const parser = new StatementParser(new Cursor(structure.source), new VisibleNames(context.variables), menuOf(context));
  const body = parser.program();
  return { source, body, sensitive: parser.sensitive };
}

/** What an editor shows of a text that need not be whole or right. */
export interface Reading {
  /** Pieces that mean something, in order of their beginning. */
  readonly marks: readonly Mark[];
  /** What may stand at the end of the text, and where the word begins that is being typed there. */
  readonly expected: ExpectedAt | undefined;
  readonly fault: ScriptError | undefined;
  readonly sensitive: Program['sensitive'];
}

/** Reads a text as far as it has a meaning. Never throws. */
export function read(source: string, context: ParseContext): Reading {
  const structure = structureOf(source);
  const marks: Mark[] = structure.source.cuts
    .filter((cut) => cut.kind === 'comment')
    .map(({ from, to }) => ({ from, to, style: 'comment' }));
  const cursor = new Cursor(structure.source, marks);
  const parser = new StatementParser(cursor, new VisibleNames(context.variables), menuOf(context));
  const fault = structure.fault ?? failureOf(() => parser.program());
  if (structure.fault !== undefined) failureOf(() => parser.program());
  return {
    marks: marks.toSorted((a, b) => a.from - b.from),
    // Where reading stopped before the end, nothing is known about the end.
    expected: cursor.atEnd() ? cursor.expected : undefined,
    fault,
    sensitive: parser.sensitive,
  };
}

function failureOf(attempt: () => void): ScriptError | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof ScriptError) return error;
    throw error;
  }
}

function menuOf({ tree, path }: ParseContext): Menu {
  return menuAt(tree, path) ?? new Menu(tree);
}

import { beginning, cells } from './visible-text.ts';

/** A piece of a line that is not broken unless it alone is longer than a line. */
export interface Piece {
  readonly text: string;
  /** As it is written where it is not broken: with colours. */
  readonly painted?: string;
}

/** Pieces one after another in lines of `width` cells, each line but the first behind `indent` blanks. */
export function* wrapped(first: string, pieces: Iterable<Piece>, width: number | undefined, indent: number): Generator<string> {
  // An indent that leaves no room for text is no help to a reader.
  const hanging = width === undefined ? indent : Math.min(indent, Math.floor(width / 2));
  let line = first;
  let used = cells(first);
  let start = used;
  for (const { text, painted = text } of pieces) {
    const size = cells(text);
    if (width !== undefined && used > start && used + size > width) {
      yield line;
      line = ' '.repeat(hanging);
      used = hanging;
      start = hanging;
    }
    if (width === undefined || used + size <= width) {
      line += painted;
      used += size;
      continue;
    }
    let rest = text;
    while (used + cells(rest) > width) {
      const part = atComma(beginning(rest, Math.max(width - used, 2)));
      yield line + part;
      rest = rest.slice(part.length);
      line = ' '.repeat(hanging);
      used = hanging;
    }
    start = hanging;
    line += rest;
    used += cells(rest);
  }
  yield line;
}

/** A message for a person in lines that are broken between its words. */
export function wrappedWords(message: string, width: number | undefined): string[] {
  const words = message.split(/(?<= )/).map((text) => ({ text }));
  return [...wrapped('', words, width, 0)].map((line) => line.trimEnd());
}

/** The beginning of a list up to a comma, if that leaves no short line behind. */
function atComma(part: string): string {
  const comma = part.lastIndexOf(',');
  return comma > part.length / 2 ? part.slice(0, comma + 1) : part;
}

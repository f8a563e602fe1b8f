import type { Candidate } from './assistance.ts';
import { textWidth } from './character-width.ts';
import { plain, type Span } from './style.ts';

/** More are not listed: nobody reads them, and a serial line is slow. */
const mostListed = 200;

/** The longest text that all of `texts` begin with. */
export function commonStart(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && other[same] === first[same]) same++;
    length = same;
  }
  // Half of a surrogate pair is no text.
  return /[\ud800-\udbff]$/.test(first.slice(0, length)) ? first.slice(0, length - 1) : first.slice(0, length);
}

/** The candidates in columns, read downwards, as many as fit beside each other. */
export function candidateRows(candidates: readonly Candidate[], columns: number): (readonly Span[])[] {
  const listed = candidates.slice(0, mostListed);
  const width = Math.max(...listed.map((each) => textWidth(each.text))) + 2;
  const beside = Math.max(Math.floor(columns / width), 1);
  const rows = Math.ceil(listed.length / beside);
  const lines = Array.from({ length: rows }, (_, row) =>
    listed.flatMap((each, i): Span[] => {
      if (i % rows !== row) return [];
      const last = i + rows >= listed.length;
      return [{ text: each.text, style: each.style }, ...(last ? [] : [plain(' '.repeat(width - textWidth(each.text)))])];
    }),
  );
  const left = candidates.length - listed.length;
  return left === 0 ? lines : [...lines, [plain(`... (${left} more)`)]];
}

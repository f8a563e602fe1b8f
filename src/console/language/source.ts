import { type Position, type ScriptError, type ScriptErrorCode, textError } from './errors.ts';

/** A part of the source that is nothing to the grammar: a comment, or the end of a line that is joined with the next. */
export interface Cut {
  readonly kind: 'comment' | 'join';
  readonly from: number;
  readonly to: number;
}

/** A text with what is cut out of it, and the way back from an offset in the rest to the line and column a person sees. */
export class Source {
  /** As given. */
  readonly given: string;
  /** Without the cuts. */
  readonly text: string;
  readonly cuts: readonly Cut[];
  /** For each cut, the offset in `text` where it was. */
  readonly #seams: readonly number[];

  constructor(given: string, cuts: readonly Cut[]) {
    this.given = given;
    this.cuts = cuts;
    const kept: string[] = [];
    const seams: number[] = [];
    let from = 0;
    let length = 0;
    for (const cut of cuts) {
      kept.push(given.slice(from, cut.from));
      length += cut.from - from;
      seams.push(length);
      from = cut.to;
    }
    kept.push(given.slice(from));
    this.text = kept.join('');
    this.#seams = seams;
  }

  /** The offset in the given text of an offset in `text`. What follows a cut immediately stands after it. */
  offsetOf(at: number): number {
    let low = 0;
    let high = this.#seams.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seams[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    const cut = this.cuts[low - 1];
    return cut === undefined ? at : cut.to + at - (this.#seams[low - 1] ?? 0);
  }

  error(code: ScriptErrorCode, what: string, at: number): ScriptError {
    return textError(code, what, positionIn(this.given, this.offsetOf(at)));
  }
}

export function positionIn(given: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let end = given.indexOf('\n'); end !== -1 && end < offset; end = given.indexOf('\n', end + 1)) {
    line++;
    start = end + 1;
  }
  return { offset, line, column: 1 + utf8Length(given, start, offset) };
}

function utf8Length(text: string, from: number, to: number): number {
  let length = 0;
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    // A pair of surrogates is four bytes.
    length += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit < 0xe000 ? 2 : 3;
  }
  return length;
}

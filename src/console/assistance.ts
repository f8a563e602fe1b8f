import type { Span, Style } from './style.ts';

/** One way to go on where the cursor is. */
export interface Candidate {
  /** The whole word. */
  readonly text: string;
  /** What follows it when it is the only one: a space, `=`, or nothing. */
  readonly after: string;
  readonly style: Style;
}

export interface Completion {
  /** The part of the word that stands before the cursor, which the candidates take the place of. */
  readonly word: string;
  readonly candidates: readonly Candidate[];
}

/** What a line editor can be told about the text in it. Texts end where the cursor is, but for `highlight`. */
export interface Assistance {
  /** The same text in pieces of one style. */
  highlight(text: string): readonly Span[];
  complete(text: string): Promise<Completion>;
  /** A few lines about what may stand here, for a window so wide. */
  help(text: string, columns: number): Promise<readonly (readonly Span[])[]>;
  /** Is the end of `text` inside a string, where `?` and Tab are characters? */
  insideString(text: string): boolean;
}

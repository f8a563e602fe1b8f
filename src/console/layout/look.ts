import type { Style } from '../style.ts';

/** Where a layout is shown. */
export interface Look {
  /** Cells in a line; undefined where nothing is cut or wrapped (a file, a pipe). */
  readonly width?: number | undefined;
  /** Colours a piece of text; it takes the same place on the screen. */
  readonly paint?: (style: Style, text: string) => string;
}

export function painted(look: Look, style: Style, text: string): string {
  return look.paint === undefined || text === '' ? text : look.paint(style, text);
}

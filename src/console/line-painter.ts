import { textWidth } from './character-width.ts';
import { charactersOf } from './line-buffer.ts';
import { beginStyle, endStyle, type Span, type Style, withoutControls } from './style.ts';

/** The window a line is painted in. Without `movement` only one row is used, and never its last column. */
export interface Window {
  readonly columns: number;
  readonly rows: number;
  readonly movement: boolean;
  readonly colours: boolean;
}

interface Cell {
  readonly text: string;
  readonly width: number;
  readonly style: Style;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

const start: Place = { row: 0, column: 0 };

/**
 * Keeps a line that is being edited on the screen: it wraps over as many rows as it needs, and only what changed is sent. A line
 * of more rows than the window has shows those around the cursor.
 */
export class LinePainter {
  #shown: readonly Cell[] = [];
  #at: Place = start;
  #top = 0;
  #columns = 0;

  /** What to send so that the screen shows `spans` with the cursor before character `cursor` of them. */
  paint(spans: readonly Span[], cursor: number, window: Window): string {
    const columns = Math.max(window.movement ? window.columns : window.columns - 1, 1);
    const rows = window.movement ? Math.max(window.rows, 1) : 1;
    let out = columns === this.#columns ? '' : this.#afterResize(columns, window);
    const cells = cellsOf(spans, columns);
    const places = placesOf(cells, columns);
    const top = topRow(places, cursor, this.#top, rows);
    if (top !== this.#top) out += this.#wipe(window);
    this.#top = top;
    const first = places.findIndex((place) => place.row >= top);
    const beyond = places.findIndex((place) => place.row >= top + rows);
    const visible = cells.slice(first, beyond < 0 ? cells.length : beyond);
    out += this.#update(visible, columns, rows, window);
    const target = places[cursor] ?? start;
    out += this.#moveTo({ row: target.row - top, column: target.column }, window);
    return out;
  }

  /** What to send to go on below the line; the next paint starts afresh there. */
  leave(window: Window): string {
    const last = placesOf(this.#shown, Math.max(this.#columns, 1)).at(-1) ?? start;
    const out = window.movement ? `${this.#moveTo(last, window)}\r\n` : '\r\n';
    this.forget();
    return out;
  }

  /** The screen was changed by somebody else: the cursor is at the start of a blank row. */
  forget(): void {
    this.#shown = [];
    this.#at = start;
    this.#top = 0;
  }

  #update(visible: readonly Cell[], columns: number, rows: number, window: Window): string {
    const places = placesOf(visible, columns);
    const oldEnd = placesOf(this.#shown, columns).at(-1) ?? start;
    let same = 0;
    while (same < visible.length && sameCell(visible[same], this.#shown[same])) same++;
    if (same === visible.length && same === this.#shown.length) return '';
    let out = this.#moveTo(placeBefore(visible, places, same, columns), window);
    out += draw(visible, places, same, columns, window.colours);
    this.#shown = visible;
    this.#at = places.at(-1) ?? start;
    if (this.#at.column === 0 && this.#at.row > 0 && same < visible.length) {
      // The last cell of a row is filled. Terminals differ in where the cursor is now: a blank, or going back, settles it.
      if (this.#at.row < rows) out += ' \r';
      else {
        this.#at = { row: rows - 1, column: 0 };
        return `${out}\r`;
      }
    }
    return out + this.#clearFrom(oldEnd, columns, window);
  }

  /** Blanks from the cursor to where the old line ended. */
  #clearFrom(oldEnd: Place, columns: number, window: Window): string {
    const { row, column } = this.#at;
    if (oldEnd.row < row || (oldEnd.row === row && oldEnd.column <= column)) return '';
    if (window.movement) return '\u001b[J';
    const blanks = (oldEnd.row > row ? columns : oldEnd.column) - column;
    return ' '.repeat(blanks) + '\b'.repeat(blanks);
  }

  /** Takes the whole line off the screen; the cursor is where it began. */
  #wipe(window: Window): string {
    const out = this.#moveTo(start, window);
    if (window.movement) {
      this.#shown = [];
      return `${out}\u001b[J`;
    }
    const width = this.#shown.reduce((sum, cell) => sum + cell.width, 0);
    this.#shown = [];
    return `${out}${' '.repeat(width)}\r`;
  }

  /** Terminals wrap what they show anew when their width changes: the cursor is then where it would be, had it been so from the start. */
  #afterResize(columns: number, window: Window): string {
    const fresh = this.#columns === 0 || this.#shown.length === 0;
    const before = placesOf(this.#shown, Math.max(this.#columns, 1));
    this.#columns = columns;
    if (fresh) return '';
    const character = before.findIndex((place) => place.row === this.#at.row && place.column === this.#at.column);
    this.#at = placesOf(this.#shown, columns)[Math.max(character, 0)] ?? start;
    return this.#wipe(window);
  }

  #moveTo(target: Place, window: Window): string {
    const from = this.#at;
    this.#at = target;
    if (!window.movement) return this.#moveInRow(from, target);
    const vertical = target.row - from.row;
    const horizontal = target.column - from.column;
    const rows = vertical === 0 ? '' : vertical < 0 ? `\u001b[${-vertical}A` : `\u001b[${vertical}B`;
    if (horizontal === 0) return rows;
    if (target.column === 0) return `${rows}\r`;
    return rows + (horizontal < 0 ? `\u001b[${-horizontal}D` : `\u001b[${horizontal}C`);
  }

  /** To the right there is no way but to write again what stands there. */
  #moveInRow(from: Place, target: Place): string {
    if (target.column <= from.column) return '\b'.repeat(from.column - target.column);
    let column = 0;
    let again = '';
    for (const cell of this.#shown) {
      if (column >= from.column && column < target.column) again += cell.text;
      column += cell.width;
    }
    return again;
  }
}

function cellsOf(spans: readonly Span[], columns: number): Cell[] {
  return spans.flatMap(({ text, style }) =>
    charactersOf(text).map((character) => {
      const shown = withoutControls(character);
      const width = Math.min(textWidth(shown), 2);
      return width > columns ? { text: '?', width: 1, style } : { text: shown, width, style };
    }),
  );
}

/** Where each cell stands, and after them where the next one would. A wide cell does not stand astride the edge. */
function placesOf(cells: readonly Cell[], columns: number): Place[] {
  const places: Place[] = [];
  let row = 0;
  let column = 0;
  for (const { width } of cells) {
    if (column + width > columns) {
      row++;
      column = 0;
    }
    places.push({ row, column });
    column += width;
  }
  places.push(column >= columns ? { row: row + 1, column: 0 } : { row, column });
  return places;
}

/** The first row to show, so that the cursor's is among them: as it was, if that will do. */
function topRow(places: readonly Place[], cursor: number, old: number, rows: number): number {
  const last = places.at(-1)?.row ?? 0;
  if (last < rows) return 0;
  const row = places[cursor]?.row ?? 0;
  return row < old ? row : row >= old + rows ? row - rows + 1 : Math.min(old, last - rows + 1);
}

function sameCell(a: Cell | undefined, b: Cell | undefined): boolean {
  return a !== undefined && b !== undefined && a.text === b.text && a.style === b.style;
}

/** Is cell `i` one that did not fit at the end of the row before it? */
function wrapsEarly(cells: readonly Cell[], places: readonly Place[], i: number, columns: number): boolean {
  const [cell, before, place] = [cells[i], cells[i - 1], places[i - 1]];
  return (
    cell !== undefined && before !== undefined && place !== undefined && cell.width === 2 && place.column + before.width === columns - 1
  );
}

/** Where to go to draw from cell `i` on: the end of the row before, whose last column is blanked first, if the cell did not fit there. */
function placeBefore(cells: readonly Cell[], places: readonly Place[], i: number, columns: number): Place {
  const place = places[i] ?? start;
  return wrapsEarly(cells, places, i, columns) ? { row: place.row - 1, column: columns - 1 } : place;
}

function draw(cells: readonly Cell[], places: readonly Place[], from: number, columns: number, colours: boolean): string {
  let out = '';
  let style: Style = 'plain';
  for (let i = from; i < cells.length; i++) {
    const cell = cells[i];
    if (cell === undefined) break;
    if (wrapsEarly(cells, places, i, columns)) out += ' ';
    if (colours && cell.style !== style) {
      if (beginStyle(style) !== '') out += endStyle;
      out += beginStyle(cell.style);
      style = cell.style;
    }
    out += cell.text;
  }
  return colours && beginStyle(style) !== '' ? out + endStyle : out;
}

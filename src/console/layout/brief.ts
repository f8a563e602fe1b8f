import type { ListedItem, Listing } from '../../menu/listing.ts';
import { legend } from './flags.ts';
import { type Look, painted } from './look.ts';
import { shownText } from './shown-value.ts';
import { cells, cut, isPlain, padded, visible } from './visible-text.ts';
import { wrapped } from './wrapped.ts';

interface Column {
  /** Its place among those of a row. */
  readonly place: number;
  readonly title: string;
  /** Cells. */
  readonly width: number;
}

/** One line an item with nothing around it, whole: the terminal breaks what is too long. */
export function* headlessLines({ items, brief, form }: Listing): Generator<string> {
  const names = form.proplist ?? brief;
  for (const item of items) yield ` ${names.map((name) => visible(cellOf(item, name))).join(' ')}`;
}

/** What a line shows of an item, all flags and columns. */
interface Row {
  readonly number: number;
  /** The letter of each flag that is set, a blank for each that is not. */
  readonly letters: string;
  readonly texts: readonly string[];
  /** All of it is printable ASCII: a character takes a cell. */
  readonly plain: boolean;
}

/** What the items need: gone through once before anything is shown. */
interface Measures {
  readonly rows: Iterable<Row>;
  /** Places of the flags that occur. */
  readonly flags: readonly number[];
  readonly columns: readonly Column[];
  readonly numberWidth: number;
}

/** Rows that are kept from measuring to showing; of more each is read again, which takes no memory. */
const mostKept = 2000;

/**
 * A table: only the flags that occur and the columns that hold a value. A line too long has its end cut with `...`. Nothing at all
 * is shown of nothing.
 */
export function* briefLines(listing: Listing, look: Look): Generator<string> {
  const measures = measure(listing);
  if (measures === undefined) return;
  const { rows, flags, columns, numberWidth } = measures;
  const occurring = listing.flags.filter((_, place) => flags.includes(place));
  yield* legend(occurring, listing.flags, '', look);
  const titles = columns.map(({ title }, place) => ({ text: place + 1 < columns.length ? `${title}, ` : title }));
  if (titles.length > 0) yield* wrapped('Columns: ', titles, look.width, 0);
  const room = look.width === undefined ? undefined : Math.max(look.width - numberWidth - flags.length - 2, 0);
  const heading = columns.map(({ title, width }, place) => (place + 1 < columns.length ? title.padEnd(width) : title)).join('  ');
  yield painted(look, 'argument', `${'#'.padStart(numberWidth)} ${' '.repeat(flags.length)} ${cut(heading, room)}`.trimEnd());
  // Few of the combinations of flags occur.
  const painting = new Map<string, string>();
  for (const row of rows) {
    let letters = painting.get(row.letters);
    if (letters === undefined) {
      letters = painted(look, 'command', flags.map((place) => row.letters[place]).join(''));
      painting.set(row.letters, letters);
    }
    yield `${String(row.number).padStart(numberWidth)} ${letters} ${lineOf(row, columns, room)}`.trimEnd();
  }
}

/** The columns of a row, cut where they take more than `room` cells. */
function lineOf(row: Row, columns: readonly Column[], room: number | undefined): string {
  const { texts, plain } = row;
  let line = '';
  for (const { place, width } of columns) {
    const text = texts[place] ?? '';
    line += plain ? text.padEnd(width + 2) : padded(text, width + 2);
  }
  line = line.trimEnd();
  if (room === undefined || !plain || room <= 3) return cut(line, room);
  return line.length <= room ? line : `${line.slice(0, room - 3)}...`;
}

function cellOf(item: ListedItem, name: string): string {
  const value = item.get(name);
  return value === undefined ? '' : shownText(value);
}

function rowOf(item: ListedItem, names: readonly string[]): Row {
  const texts = names.map((name) => cellOf(item, name));
  const plain = isPlain(texts.join(''));
  return { number: item.number, letters: item.letters(), texts: plain ? texts : texts.map(visible), plain };
}

function measure({ form, brief, flags, items }: Listing): Measures | undefined {
  const names = [...(form.showIds === true ? ['.id'] : []), ...(form.proplist ?? brief)];
  const widest = names.map(() => 0);
  const combinations = new Set<string>();
  const kept: Row[] = [];
  let last = -1;
  for (const item of items) {
    const row = rowOf(item, names);
    if (kept.length <= mostKept) kept.push(row);
    if (row.number > last) last = row.number;
    combinations.add(row.letters);
    const { texts, plain } = row;
    for (let place = 0; place < names.length; place++) {
      const text = texts[place] ?? '';
      const width = plain ? text.length : cells(text);
      if (width > (widest[place] ?? 0)) widest[place] = width;
    }
  }
  if (last < 0) return undefined;
  const columns = names.map((name, place): Column => ({ place, title: titleOf(name), width: widest[place] ?? 0 }));
  return {
    rows: kept.length <= mostKept ? kept : rowsOf(items, names),
    flags: [...flags.keys()].filter((place) => [...combinations].some((letters) => letters[place] !== ' ')),
    columns: columns.filter(({ width }) => width > 0).map((column) => ({ ...column, width: Math.max(column.width, column.title.length) })),
    numberWidth: String(last).length,
  };
}

function* rowsOf(items: Iterable<ListedItem>, names: readonly string[]): Generator<Row> {
  for (const item of items) yield rowOf(item, names);
}

function titleOf(name: string): string {
  return name.replace(/^\./, '').toUpperCase();
}

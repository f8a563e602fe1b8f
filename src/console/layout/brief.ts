import type { FlagLook, ListedItem, Listing } from '../../menu/listing.ts';
import { flagLetters, isSet, legend } from './flags.ts';
import { type Look, painted } from './look.ts';
import { shownText } from './shown-value.ts';
import { cells, cut, padded, visible } from './visible-text.ts';
import { wrapped } from './wrapped.ts';

interface Column {
  readonly name: string;
  readonly title: string;
  width: number;
}

/** One line an item with nothing around it, whole: the terminal breaks what is too long. */
export function* headlessLines({ items, brief, form }: Listing): Generator<string> {
  const names = form.proplist ?? brief;
  for (const item of items) yield ` ${names.map((name) => cellOf(item, name)).join(' ')}`;
}

/** What the items need: gone through once before anything is shown. */
interface Measures {
  readonly flags: readonly FlagLook[];
  readonly columns: readonly Column[];
  readonly numberWidth: number;
}

/**
 * A table: only the flags that occur and the columns that hold a value. A line too long has its end cut with `...`. Nothing at all
 * is shown of nothing.
 */
export function* briefLines(listing: Listing, look: Look): Generator<string> {
  const measures = measure(listing);
  if (measures === undefined) return;
  const { flags, columns, numberWidth } = measures;
  yield* legend(flags, listing.flags, '', look);
  const titles = columns.map(({ title }, place) => ({ text: place + 1 < columns.length ? `${title}, ` : title }));
  if (titles.length > 0) yield* wrapped('Columns: ', titles, look.width, 0);
  const line = lineOf(columns, look.width);
  yield painted(
    look,
    'argument',
    line('#'.padStart(numberWidth), ' '.repeat(flags.length), (column) => column.title),
  );
  for (const item of listing.items) {
    yield line(
      String(item.number).padStart(numberWidth),
      painted(look, 'command', flagLetters(flags, item)),
      (column) => cellOf(item, column.name),
      flags.length,
    );
  }
}

function lineOf(columns: readonly Column[], width: number | undefined) {
  return (number: string, flags: string, cell: (column: Column) => string, flagWidth = flags.length): string => {
    let row = '';
    let used = 0;
    for (const [place, column] of columns.entries()) {
      const text = cell(column);
      row += place + 1 < columns.length ? `${padded(text, column.width)}  ` : text;
      used = place;
    }
    const room = width === undefined ? undefined : Math.max(width - number.length - flagWidth - 2, 0);
    return `${number} ${flags} ${used < 0 ? '' : cut(row.trimEnd(), room)}`.trimEnd();
  };
}

function cellOf(item: ListedItem, name: string): string {
  const value = item.get(name);
  return value === undefined ? '' : visible(shownText(value));
}

function measure({ form, brief, flags, items }: Listing): Measures | undefined {
  const names = [...(form.showIds === true ? ['.id'] : []), ...(form.proplist ?? brief)];
  const columns = names.map((name): Column => ({ name, title: titleOf(name), width: 0 }));
  const occurring = new Set<FlagLook>();
  let last = -1;
  for (const item of items) {
    last = Math.max(last, item.number);
    for (const flag of flags) if (!occurring.has(flag) && isSet(flag, item)) occurring.add(flag);
    for (const column of columns) column.width = Math.max(column.width, cells(cellOf(item, column.name)));
  }
  if (last < 0) return undefined;
  const shown = columns.filter((column) => column.width > 0);
  for (const column of shown) column.width = Math.max(column.width, column.title.length);
  return { flags: flags.filter((flag) => occurring.has(flag)), columns: shown, numberWidth: String(last).length };
}

function titleOf(name: string): string {
  return name.replace(/^\./, '').toUpperCase();
}

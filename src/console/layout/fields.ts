import type { Listing } from '../../menu/listing.ts';
import type { Value } from '../../menu/value.ts';
import { propertiesOf } from './detail.ts';
import { type Look, painted } from './look.ts';
import { isList, shownText } from './shown-value.ts';
import { cells, cut, padded, visible } from './visible-text.ts';

/** Names right-aligned before a colon, as `import` reports and as a menu of settings prints; each value of a list has a line. */
export function* fieldLines(fields: readonly (readonly [name: string, value: Value])[], look: Look): Generator<string> {
  const width = Math.max(0, ...fields.map(([name]) => name.length)) + 2;
  for (const [name, value] of fields) {
    const [first = '', ...rest] = linesOf(value);
    yield `${painted(look, 'argument', name.padStart(width))}: ${first}`.trimEnd();
    for (const line of rest) yield `${' '.repeat(width + 2)}${line}`;
  }
}

function linesOf(value: Value): readonly string[] {
  return isList(value)
    ? value.elements.map((each) => visible(shownText({ type: 'array', elements: [each] })))
    : [visible(shownText(value))];
}

/** A menu of settings. */
export function* settingsLines(listing: Listing, look: Look): Generator<string> {
  const properties = propertiesOf(listing);
  for (const item of listing.items) {
    const fields = properties.flatMap(({ name }) => {
      const value = item.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    yield* fieldLines(fields, look);
  }
}

/** Items as columns, properties as rows; as many items beside each other as fit. */
export function* valueListLines(listing: Listing, look: Look): Generator<string> {
  const rows = propertiesOf(listing).map((each) => each.name);
  const labelWidth = Math.max(0, ...rows.map((name) => name.length)) + 2;
  let group: Column[] = [];
  let used = labelWidth + 2;
  let first = true;
  const flush = function* (): Generator<string> {
    if (group.length === 0) return;
    if (!first) yield '';
    first = false;
    yield* groupLines(rows, group, labelWidth, look);
  };
  for (const item of listing.items) {
    const texts = rows.map((name) => {
      const value = item.get(name);
      return value === undefined ? '' : visible(shownText(value));
    });
    const width = Math.max(0, ...texts.map((text) => cells(text)));
    if (look.width !== undefined && group.length > 0 && used + width > look.width) {
      yield* flush();
      group = [];
      used = labelWidth + 2;
    }
    group.push({ texts, width });
    used += width + 2;
  }
  yield* flush();
}

interface Column {
  readonly texts: readonly string[];
  readonly width: number;
}

function* groupLines(rows: readonly string[], group: readonly Column[], labelWidth: number, look: Look): Generator<string> {
  for (const [row, name] of rows.entries()) {
    if (group.every((column) => column.texts[row] === '')) continue;
    const room = look.width === undefined ? undefined : look.width - labelWidth - 2;
    const text = group.map((column) => padded(column.texts[row] ?? '', column.width)).join('  ');
    yield `${painted(look, 'argument', name.padStart(labelWidth))}: ${cut(text.trimEnd(), room)}`.trimEnd();
  }
}

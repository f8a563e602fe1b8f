import type { PlainType } from './argument.ts';
import { oneOf, present, text, texts } from './argument-types.ts';
import { type Caller, type CommandDeclaration, command, type Result } from './command.ts';
import { CommandError, failure, notPermitted } from './errors.ts';
import type { Where } from './invoke.ts';
import { type ItemSource, item, items } from './item-arguments.ts';
import type { Extent, ListedItem, ListedItems, PrintForm } from './listing.ts';
import { listOf, type TableReader } from './table-reader.ts';
import { arrayOf, compareValues, idOf, mapOf } from './value.ts';

/** The place of a where-expression among the arguments; its value is the predicate, its completions the properties it may name. */
function whereOf<Item>(reader: TableReader<Item>): PlainType<Where> {
  return {
    describes: 'where-expression',
    read: (_value, argument) => {
      throw new CommandError('invalid-value', `invalid value for argument ${argument}`);
    },
    completions: () => reader.names(),
  };
}

/** The `print` of a menu of items. */
export function print<Item>(reader: TableReader<Item>, source: ItemSource<Item>): CommandDeclaration {
  return command({
    does: 'print the items of this menu',
    needs: ['read'],
    args: {
      brief: { type: present, presence: true, does: 'a table' },
      detail: { type: present, presence: true, does: 'every property of each item' },
      terse: { type: present, presence: true, does: 'one line an item' },
      'value-list': { type: present, presence: true, does: 'properties as rows' },
      'as-value': { type: present, presence: true, does: 'give an array of maps, print nothing' },
      'count-only': { type: present, presence: true, does: 'the number of items' },
      'show-ids': { type: present, presence: true, does: 'show the id of each item' },
      'without-paging': { type: present, presence: true, does: 'do not stop after a screen' },
      proplist: { type: propertiesOf(reader), does: 'the properties to print' },
      from: { type: items(source), does: 'only these items, in this order' },
      'order-by': { type: sortKeysOf(reader), does: 'up to three properties, -name for falling order' },
      file: { type: text, changes: true, does: 'write to this file instead of the screen' },
      append: { type: present, presence: true, does: 'write to the end of file=' },
      where: { type: whereOf(reader), where: true, does: 'only the items for which this is true' },
    },
    run: async (values) => {
      const layout = layoutOf(values);
      if (values.append === true && values.file === undefined) throw failure('append needs file=');
      const from = values.from?.map((each) => source.id(each));
      const extent = extentOf(reader, layout, [...(values.proplist ?? []), ...(values['order-by'] ?? []).map(({ name }) => name)]);
      const chosen = await select(reader, extent, values.where, from, layout === 'count-only' ? counted : whole);
      // What is only counted has no order.
      const sorted =
        values['order-by'] === undefined || layout === 'count-only' ? chosen : listOf(sortBy(chosen.items, values['order-by']));
      const form: PrintForm = {
        layout,
        ...(values.proplist === undefined ? {} : { proplist: values.proplist }),
        ...(values['show-ids'] === true ? { showIds: true } : {}),
        ...(values['without-paging'] === true ? { withoutPaging: true } : {}),
        ...(values.file === undefined ? {} : { file: values.file }),
        ...(values.append === true ? { append: true } : {}),
      };
      return { kind: 'listing', listing: reader.listing(form, sorted) };
    },
  });
}

/** What a print gives a script; it goes before how items look (`print detail as-value`). */
const answers = ['count-only', 'as-value'] as const;
const looks = ['brief', 'detail', 'terse', 'value-list'] as const;

type Layout = PrintForm['layout'];
type GivenLayouts = Readonly<Partial<Record<Layout, boolean | undefined>>>;

function layoutOf(values: GivenLayouts): Layout {
  const [answer, look] = [theOne(answers, values), theOne(looks, values)];
  return answer ?? look ?? 'brief';
}

function theOne(layouts: readonly Layout[], values: GivenLayouts): Layout | undefined {
  const given = layouts.filter((layout) => values[layout] === true);
  if (given.length > 1) throw failure(`${given.join(' and ')}: expected one of them`);
  return given[0];
}

/** What a print of these properties, or of none in particular, reads of the items. */
function extentOf<Item>({ table }: TableReader<Item>, layout: Layout, named: readonly string[]): Extent {
  const isBrief = layout === 'count-only' || (layout === 'brief' && named.every((name) => table.brief.includes(name)));
  return isBrief ? 'brief' : 'whole';
}

const whole = (item: ListedItem): ListedItem => item;

/** Enough to be counted: a row of each of ten thousand items is not held for that. */
const counted = ({ id, number }: ListedItem): ListedItem => ({
  id,
  number,
  get: () => undefined,
  flag: () => undefined,
  letters: () => '',
});

/** The items a print or find is about. Nothing but what a condition or `from` has chosen is held. */
async function select<Item>(
  reader: TableReader<Item>,
  extent: Extent,
  matches: Where | undefined,
  from: readonly number[] | undefined,
  keep: (item: ListedItem) => ListedItem,
): Promise<ListedItems> {
  // A condition may ask for any property.
  const listed = await reader.listed(matches === undefined ? extent : 'whole');
  if (matches === undefined && from === undefined) return listed;
  const places = from === undefined ? undefined : new Map(from.map((id, place) => [id, place]));
  const chosen: ListedItem[] = [];
  for (const each of listed.items) {
    if (places !== undefined && !places.has(each.id)) continue;
    const verdict = matches === undefined ? true : matches(each);
    // One item after another: a condition that has to be waited for runs commands.
    if (typeof verdict === 'boolean' ? verdict : await verdict) chosen.push(keep(each));
  }
  return listOf(places === undefined ? chosen : chosen.toSorted((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0)));
}

/** `find`: the ids of the items, for `[find …]`. */
export function find<Item>(reader: TableReader<Item>): CommandDeclaration {
  return command({
    does: 'find items by their values',
    needs: ['read'],
    args: { where: { type: whereOf(reader), where: true, unnamed: true, does: 'only the items for which this is true' } },
    run: async (values) => {
      const { items: chosen } = await select(reader, 'brief', values.where, undefined, counted);
      return { kind: 'value', value: arrayOf(Array.from(chosen, ({ id }) => idOf(id))) };
    },
  });
}

/** `get`: a property of one item, or all of them as a map. */
export function get<Item>(reader: TableReader<Item>, source: ItemSource<Item>): CommandDeclaration {
  return command({
    does: 'get the value of a property of an item',
    needs: ['read'],
    args: {
      number: { type: item(source), unnamed: true, required: true, does: 'the item' },
      'value-name': { type: propertyOf(reader), unnamed: true, does: 'the property; all of them if left out' },
    },
    run: (values, { caller }) => valueResult(reader, values.number, values['value-name'], caller),
  });
}

/** One value, or all of them but secrets. A secret needs the policy `sensitive`. */
export function valueResult<Item>(reader: TableReader<Item>, of: Item, name: string | undefined, { policies }: Caller): Result {
  if (name !== undefined && reader.isSensitive(of, name) && !policies.has('sensitive')) throw notPermitted();
  const value = name === undefined ? mapOf(reader.everything(of)) : (reader.value(of, name) ?? null);
  return { kind: 'value', value };
}

export function propertyOf<Item>(reader: TableReader<Item>): PlainType<string> {
  return oneOf(reader.names());
}

export function propertiesOf<Item>(reader: TableReader<Item>): PlainType<readonly string[]> {
  const one = propertyOf(reader);
  return {
    describes: 'list of properties',
    read: (value, argument, caller) => texts.read(value, argument, caller).map((name) => one.read(name, argument, caller)),
    completions: () => reader.names(),
  };
}

interface SortKey {
  readonly name: string;
  readonly falling: boolean;
}

function sortKeysOf<Item>(reader: TableReader<Item>): PlainType<readonly SortKey[]> {
  const one = propertyOf(reader);
  return {
    describes: 'up to three properties, -name for falling order',
    read(value, argument, caller) {
      const names = texts.read(value, argument, caller);
      if (names.length > 3) throw new CommandError('invalid-value', `invalid value for argument ${argument}`);
      return names.map((name) => ({ name: one.read(name.replace(/^-/, ''), argument, caller), falling: name.startsWith('-') }));
    },
    completions: () => reader.names(),
  };
}

function sortBy(chosen: Iterable<ListedItem>, keys: readonly SortKey[]): ListedItem[] {
  return [...chosen].sort((a, b) => {
    for (const { name, falling } of keys) {
      const order = compareValues(a.get(name), b.get(name));
      if (order !== 0) return falling ? -order : order;
    }
    return a.number - b.number;
  });
}

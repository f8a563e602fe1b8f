import type { ArgumentType } from './argument.ts';
import type { Caller } from './command.ts';
import { CommandError, noMatch, noSuchItem } from './errors.ts';
import { formatValue, parseId, type Value } from './value.ts';

/** Where the items of a menu are looked up. */
export interface ItemSource<Item> {
  /** "/certificate": the menu whose last print the item numbers of a session come from. */
  readonly path: string;
  id(item: Item): number;
  withId(id: number): Item | undefined;
  /** Undefined also where the menu's items have no names. */
  withName(name: string): Item | undefined;
  names(): readonly string[];
}

/** One item, as the unnamed argument of a command: `sign CA`, `sign 0`, `sign *3`, `sign [find name=CA]`. */
export function item<Item>(source: ItemSource<Item>): ArgumentType<Item> {
  return {
    describes: 'item',
    read(value, _argument, caller) {
      const [only, ...more] = itemsOf(source, value, caller);
      if (only === undefined || more.length > 0) throw noSuchItem();
      return only;
    },
    completions: () => source.names(),
  };
}

/** Some items: a list of what `item` takes. Nothing found means nothing to do, as in `remove [find name=x]`. */
export function items<Item>(source: ItemSource<Item>): ArgumentType<readonly Item[]> {
  return {
    describes: 'items',
    read: (value, _argument, caller) => [...new Map(itemsOf(source, value, caller).map((each) => [source.id(each), each])).values()],
    completions: () => source.names(),
  };
}

/** One item as the value of a named argument: `ca=CA`. */
export function reference<Item>(source: ItemSource<Item>): ArgumentType<Item> {
  return {
    describes: 'item',
    read(value, argument, caller) {
      try {
        const [only, ...more] = itemsOf(source, value, caller);
        if (only !== undefined && more.length === 0) return only;
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
      }
      throw noMatch(argument);
    },
    completions: () => source.names(),
  };
}

function itemsOf<Item>(source: ItemSource<Item>, value: Value, caller: Caller): readonly Item[] {
  if (value === null) return [];
  if (typeof value === 'object' && value.type === 'array') return value.elements.flatMap((each) => itemsOf(source, each.value, caller));
  if (typeof value === 'object' && value.type === 'id') return [found(source.withId(value.id))];
  if (typeof value === 'number') return [numbered(source, value, caller)];
  const given = formatValue(value);
  const one = named(source, given);
  return one === undefined ? listed(source, given, caller) : [one];
}

function numbered<Item>(source: ItemSource<Item>, number: number, caller: Caller): Item {
  const id = caller.itemNumber?.(source.path, number);
  if (id !== undefined) return found(source.withId(id));
  const byName = source.withName(String(number));
  if (byName !== undefined) return byName;
  if (caller.itemNumber === undefined) throw new CommandError('no-such-item', 'invalid internal item number');
  throw noSuchItem();
}

function named<Item>(source: ItemSource<Item>, given: string): Item | undefined {
  const id = parseId(given);
  return (id === undefined ? undefined : source.withId(id)) ?? source.withName(given);
}

/** `0,2,CA`: numbers, ids and names, for a name without a comma in it. */
function listed<Item>(source: ItemSource<Item>, given: string, caller: Caller): readonly Item[] {
  return given
    .split(',')
    .map((word) => named(source, word) ?? (/^[0-9]{1,9}$/.test(word) ? numbered(source, Number(word), caller) : found<Item>(undefined)));
}

function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw noSuchItem();
  return item;
}

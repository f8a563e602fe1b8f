import type { ArgumentType } from './argument.ts';
import type { Caller } from './command.ts';
import { CommandError, noMatch, noSuchItem } from './errors.ts';
import { formatValue, parseId, type Value } from './value.ts';

type Found<Item> = Item | undefined | Promise<Item | undefined>;

/** Where the items of a menu are looked up. */
export interface ItemSource<Item> {
  /** "/certificate": the menu whose last print the item numbers of a session come from. */
  readonly path: string;
  id(item: Item): number;
  withId(id: number): Found<Item>;
  /** Undefined also where the menu's items have no names. */
  withName(name: string): Found<Item>;
  /** For completion. */
  names(): readonly string[] | Promise<readonly string[]>;
}

/** One item, as the unnamed argument of a command: `sign CA`, `sign 0`, `sign *3`, `sign [find name=CA]`. */
export function item<Item>(source: ItemSource<Item>): ArgumentType<Item> {
  return {
    describes: 'item',
    async read(value, _argument, caller) {
      const [only, ...more] = await itemsOf(source, value, caller);
      if (only === undefined || more.length > 0) throw noSuchItem();
      return only;
    },
    lookUp: () => source.names(),
  };
}

/** Some items: a list of what `item` takes. Nothing found means nothing to do, as in `remove [find name=x]`. */
export function items<Item>(source: ItemSource<Item>): ArgumentType<readonly Item[]> {
  return {
    describes: 'items',
    async read(value, _argument, caller) {
      const found = await itemsOf(source, value, caller);
      return [...new Map(found.map((each) => [source.id(each), each])).values()];
    },
    lookUp: () => source.names(),
  };
}

/** One item as the value of a named argument: `ca=CA`. */
export function reference<Item>(source: ItemSource<Item>): ArgumentType<Item> {
  return {
    describes: 'item',
    async read(value, argument, caller) {
      try {
        const [only, ...more] = await itemsOf(source, value, caller);
        if (only !== undefined && more.length === 0) return only;
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
      }
      throw noMatch(argument);
    },
    lookUp: () => source.names(),
  };
}

async function itemsOf<Item>(source: ItemSource<Item>, value: Value, caller: Caller): Promise<readonly Item[]> {
  if (value === null) return [];
  if (typeof value === 'object' && value.type === 'array') {
    const found: Item[] = [];
    for (const { value: each } of value.elements) found.push(...(await itemsOf(source, each, caller)));
    return found;
  }
  if (typeof value === 'object' && value.type === 'id') return [present(await source.withId(value.id))];
  if (typeof value === 'number') return [await numbered(source, value, caller)];
  const given = formatValue(value);
  const one = await named(source, given);
  return one === undefined ? listed(source, given, caller) : [one];
}

async function numbered<Item>(source: ItemSource<Item>, number: number, caller: Caller): Promise<Item> {
  const id = caller.itemNumber?.(source.path, number);
  if (id !== undefined) return present(await source.withId(id));
  const byName = await source.withName(String(number));
  if (byName !== undefined) return byName;
  if (caller.itemNumber === undefined) throw new CommandError('no-such-item', 'invalid internal item number');
  throw noSuchItem();
}

async function named<Item>(source: ItemSource<Item>, given: string): Promise<Item | undefined> {
  const id = parseId(given);
  return (id === undefined ? undefined : await source.withId(id)) ?? (await source.withName(given));
}

/** `0,2,CA`: numbers, ids and names, for a name without a comma in it. */
async function listed<Item>(source: ItemSource<Item>, given: string, caller: Caller): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (const word of given.split(',')) {
    const isNumber = /^[0-9]{1,9}$/.test(word);
    found.push((await named(source, word)) ?? (isNumber ? await numbered(source, Number(word), caller) : present<Item>(undefined)));
  }
  return found;
}

function present<Item>(item: Item | undefined): Item {
  if (item === undefined) throw noSuchItem();
  return item;
}

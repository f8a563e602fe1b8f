import type { Extent, FlagLook, Flags, ListedItem, ListedItems, Listing, PrintForm, Property, Table } from './listing.ts';
import type { Value } from './value.ts';

type Read<Item> = (item: Item) => Value | undefined;

/** Reads the items of a table by the names of its properties and flags. */
export class TableReader<Item> {
  readonly table: Table<Item>;
  /** With the values of secrets. */
  readonly #readers: ReadonlyMap<string, Read<Item>>;
  /** What a list shows: a secret is as if it were not there. */
  readonly #open: ReadonlyMap<string, Read<Item>>;
  readonly #letters: Letters<Item>;
  readonly #sensitive: readonly Property<Item>[];

  constructor(table: Table<Item>) {
    this.table = table;
    this.#sensitive = table.properties.filter((property) => property.sensitive !== undefined);
    const flagsOf = table.flagsOf ?? ((): Flags => ({}));
    this.#letters = new Letters(table, flagsOf);
    this.#readers = new Map<string, Read<Item>>([
      ['.id', (item) => ({ type: 'id', id: table.id(item) })],
      ...table.flags.map(({ name }) => [name, (item: Item) => flagsOf(item)[name] === true] as const),
      ...table.properties.map(({ name, read }) => [name, read] as const),
    ]);
    this.#open = new Map([...this.#readers, ...this.#sensitive.map((property) => [property.name, openReader(property)] as const)]);
  }

  /** Properties, flags and `.id`. */
  names(): readonly string[] {
    return [...this.#readers.keys()];
  }

  /** Undefined if the item has no such property. */
  value(item: Item, name: string): Value | undefined {
    return this.#readers.get(name)?.(item);
  }

  isSensitive(item: Item, name: string): boolean {
    return this.#sensitive.some((property) => property.name === name && property.sensitive?.(item) === true);
  }

  /** All that an item has to say but its secrets, as `get` without a name, `print as-value` and REST give it. */
  everything(item: Item): (readonly [string, Value])[] {
    return this.names().flatMap((name) => {
      const value = this.#open.get(name)?.(item);
      return value === undefined ? [] : [[name, value] as const];
    });
  }

  /** The items in print order with their numbers, read anew each time they are gone through: many are never in memory together. */
  async listed(extent: Extent): Promise<ListedItems> {
    const first = await this.table.items(extent);
    if (isList(first)) return listOf({ [Symbol.iterator]: () => this.#numbered(first) });
    const again = (part: Extent): Iterable<ListedItem> => ({ [Symbol.iterator]: () => this.#numbered(this.#atOnce(part)) });
    return { items: again(extent), counted: again('brief') };
  }

  #atOnce(extent: Extent): Iterable<Item> {
    const items = this.table.items(extent);
    if (items instanceof Promise) throw new TypeError(`${this.table.path}: what is waited for is to be a list`);
    return items;
  }

  *#numbered(items: Iterable<Item>): Generator<ListedItem> {
    const { table } = this;
    let number = 0;
    for (const item of items) yield new ReadItem(table.id(item), number++, item, this.#open, this.#letters);
  }

  listing(form: PrintForm, items: ListedItems): Listing {
    const { path, properties, flags, brief, headless = false } = this.table;
    return { path, form, properties, flags, brief, headless, ...items };
  }
}

/** Items that are here already. */
export function listOf(items: Iterable<ListedItem>): ListedItems {
  return { items, counted: items };
}

function isList<Item>(items: Iterable<Item>): items is readonly Item[] {
  return Array.isArray(items);
}

function openReader<Item>({ read, sensitive }: Property<Item>): Read<Item> {
  return (item) => (sensitive?.(item) === true ? undefined : read(item));
}

/** Flags as letters. */
class Letters<Item> {
  readonly #looks: readonly FlagLook[];
  readonly #flagsOf: (item: Item) => Flags;
  /** By a bit for each flag: few of the combinations occur, and a text is made of ten others slowly. */
  readonly #known = new Map<number, string>();

  constructor({ flags }: Table<Item>, flagsOf: (item: Item) => Flags) {
    this.#looks = flags;
    this.#flagsOf = flagsOf;
  }

  of(item: Item): string {
    const flags = this.#flagsOf(item);
    let bits = 0;
    for (const { name } of this.#looks) bits = (bits << 1) | (flags[name] === true ? 1 : 0);
    let letters = this.#known.get(bits);
    if (letters === undefined) {
      letters = this.#looks.map(({ letter, name }) => (flags[name] === true ? letter : ' ')).join('');
      this.#known.set(bits, letters);
    }
    return letters;
  }

  isSet(item: Item, name: string): boolean | undefined {
    return this.#looks.some((look) => look.name === name) ? this.#flagsOf(item)[name] === true : undefined;
  }
}

/** One of many: each call that reading it takes counts. */
class ReadItem<Item> implements ListedItem {
  readonly id: number;
  readonly number: number;
  readonly #item: Item;
  readonly #values: ReadonlyMap<string, Read<Item>>;
  readonly #letters: Letters<Item>;

  constructor(id: number, number: number, item: Item, values: ReadonlyMap<string, Read<Item>>, letters: Letters<Item>) {
    this.id = id;
    this.number = number;
    this.#item = item;
    this.#values = values;
    this.#letters = letters;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name)?.(this.#item);
  }

  flag(name: string): boolean | undefined {
    return this.#letters.isSet(this.#item, name);
  }

  letters(): string {
    return this.#letters.of(this.#item);
  }
}

import type { Flag, ListedItem, Listing, PrintForm, Property, Table } from './listing.ts';
import type { Value } from './value.ts';

/** Reads the items of a table by the names of its properties and flags. */
export class TableReader<Item> {
  readonly table: Table<Item>;
  readonly #readers: ReadonlyMap<string, (item: Item) => Value | undefined>;

  readonly #flags: ReadonlyMap<string, Flag<Item>>;
  readonly #sensitive: readonly Property<Item>[];

  constructor(table: Table<Item>) {
    this.table = table;
    this.#sensitive = table.properties.filter((property) => property.sensitive !== undefined);
    this.#flags = new Map(table.flags.map((flag) => [flag.name, flag]));
    this.#readers = new Map<string, (item: Item) => Value | undefined>([
      ['.id', (item) => ({ type: 'id', id: table.id(item) })],
      ...table.flags.map((flag) => [flag.name, (item: Item) => flag.read(item)] as const),
      ...table.properties.map((property) => [property.name, (item: Item) => property.read(item)] as const),
    ]);
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
    return this.#sensitive.length > 0 && this.#sensitive.some((property) => property.name === name && property.sensitive?.(item) === true);
  }

  /** All that an item has to say but its secrets, as `get` without a name, `print as-value` and REST give it. */
  everything(item: Item): (readonly [string, Value])[] {
    return this.names().flatMap((name) => {
      const value = this.#openValue(item, name);
      return value === undefined ? [] : [[name, value] as const];
    });
  }

  /** The items in print order with their numbers. */
  async listed(): Promise<Iterable<ListedItem>> {
    return this.#numbered(await this.table.items());
  }

  *#numbered(items: Iterable<Item>): Generator<ListedItem> {
    let number = 0;
    for (const item of items) yield this.#listed(item, number++);
  }

  #listed(item: Item, number: number): ListedItem {
    return {
      id: this.table.id(item),
      number,
      get: (name) => this.#openValue(item, name),
      flag: (name) => this.#flags.get(name)?.read(item),
    };
  }

  #openValue(item: Item, name: string): Value | undefined {
    return this.isSensitive(item, name) ? undefined : this.value(item, name);
  }

  listing(form: PrintForm, items: Iterable<ListedItem>): Listing {
    const { path, properties, flags, brief, headless = false } = this.table;
    return { path, form, properties, flags, brief, headless, items };
  }
}

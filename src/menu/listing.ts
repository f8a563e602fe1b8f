import type { Value } from './value.ts';

/** How a property looks in print. */
export interface PropertyLook {
  readonly name: string;
  /**
   * `quoted` strings stand in quotes in detail; `bare` is for enums, lists, dates and ids.
   */
  readonly style: 'quoted' | 'bare';
  /** In `get`, `find`, proplist and as-value, but in no print by itself. */
  readonly hidden?: boolean;
}

/** A property of an item or of a settings menu: everything a print, a `get` and a completion need to know. */
export interface Property<Item> extends PropertyLook {
  /** `undefined` when the item does not have it: then it is not shown and `name=[]` is true. */
  readonly read: (item: Item) => Value | undefined;
  /** Is its value a secret? Then only `get` gives it, to who has the policy `sensitive`. */
  readonly sensitive?: (item: Item) => boolean;
}

/** How a flag looks in print. */
export interface FlagLook {
  /** One letter of the flags column. */
  readonly letter: string;
  /** The boolean property of the same meaning: "private-key". */
  readonly name: string;
  /** In the legend a comma instead of a semicolon follows (I and R of /certificate). */
  readonly joined?: boolean;
}

/** The flags of an item by their names; one that is not there is not set. */
export type Flags = Readonly<Partial<Record<string, boolean>>>;

/** A menu of items (or of one set of settings) as a front end sees it. */
export interface Table<Item> {
  /** "/certificate", "/certificate/crl": the key of the item numbers of a session. */
  readonly path: string;
  readonly properties: readonly Property<Item>[];
  readonly flags: readonly FlagLook[];
  /** All of them at once: a list asks every item. */
  readonly flagsOf?: (item: Item) => Flags;
  /** Columns of the brief print, in order; one without any value is left out. */
  readonly brief: readonly string[];
  /** Brief lines stand without header and numbers and are never cut: `/log`. */
  readonly headless?: boolean;
  id(item: Item): number;
  /**
   * Every item in print order; where the menu can, each is made when it is reached. Of items that are read `brief`, nothing is asked but
   * their id, their flags and the properties of the brief print.
   */
  items(extent: Extent): Iterable<Item> | Promise<Iterable<Item>>;
}

/** How much of items will be read. */
export type Extent = 'brief' | 'whole';

/** How a print was asked for. */
export interface PrintForm {
  readonly layout: 'brief' | 'detail' | 'terse' | 'value-list' | 'as-value' | 'count-only' | 'settings';
  readonly proplist?: readonly string[];
  readonly showIds?: boolean;
  readonly withoutPaging?: boolean;
  /** Write to this file of /file instead of the screen. */
  readonly file?: string;
  readonly append?: boolean;
}

/** One item with its table's way of reading it, the item's type forgotten. */
export interface ListedItem {
  readonly id: number;
  /** Its place in the whole menu, from 0: the number that commands understand after a print. */
  readonly number: number;
  /** The value of a property or a flag, or undefined if the item has none of that name. */
  get(property: string): Value | undefined;
  /** A letter for each flag that is set and a blank for each that is not, in the order of the menu. */
  letters(): string;
  /** Is the flag set? Undefined if the menu has none of that name. A property of the same name may tell more: `revoked` is the date. */
  flag(name: string): boolean | undefined;
}

/** Items to show, in order. May be gone through more than once: what has changed meanwhile is as it is then. */
export interface ListedItems {
  readonly items: Iterable<ListedItem>;
  /** The same, of which nothing but ids and numbers is asked. */
  readonly counted: Iterable<ListedItem>;
}

/** The result of a `print`: which items, and how to show them. */
export interface Listing extends ListedItems {
  readonly path: string;
  readonly form: PrintForm;
  readonly properties: readonly PropertyLook[];
  readonly flags: readonly FlagLook[];
  readonly brief: readonly string[];
  readonly headless: boolean;
}

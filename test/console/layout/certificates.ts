import type { FlagLook, Listing, PrintForm, Property, Table } from '../../../src/menu/listing.ts';
import { listOf, TableReader } from '../../../src/menu/table-reader.ts';
import type { Value } from '../../../src/menu/value.ts';

/** An item by its properties and flags, as a menu of certificates would show it. */
export type Shown = Readonly<Record<string, Value>>;

const quotedNames = new Set(['name', 'common-name', 'fingerprint', 'creation-time']);

function property(name: string): Property<Shown> {
  return { name, style: quotedNames.has(name) ? 'quoted' : 'bare', read: (item) => item[name] };
}

function flag(letter: string, name: string, joined = false): FlagLook {
  return { letter, name, ...(joined ? { joined } : {}) };
}

const certificateFlags = [
  flag('K', 'private-key'),
  flag('L', 'crl'),
  flag('C', 'smart-card-key'),
  flag('A', 'authority'),
  flag('I', 'issued', true),
  flag('R', 'revoked'),
  flag('E', 'expired'),
  flag('T', 'trusted'),
  flag('a', 'acme-managed'),
  flag('D', 'dynamic'),
];

function listing(table: Omit<Table<Shown>, 'items' | 'id'>, items: readonly Shown[], form: PrintForm): Listing {
  const reader = new TableReader<Shown>({
    ...table,
    flagsOf: (item) => Object.fromEntries(table.flags.map(({ name }) => [name, item[name] === true])),
    id: (item) => items.indexOf(item) + 1,
    items: () => items,
  });
  const listed = items.map((item, number) => ({
    id: number + 1,
    number,
    get: (name: string) => reader.value(item, name),
    letters: () => table.flags.map(({ letter, name }) => (item[name] === true ? letter : ' ')).join(''),
    flag: (name: string) => (table.flags.some((each) => each.name === name) ? item[name] === true : undefined),
  }));
  return reader.listing(form, listOf(listed));
}

/** Certificates as /certificate lists them. */
export function certificates(items: readonly Shown[], form: PrintForm): Listing {
  const names = [
    'name',
    'issuer',
    'key-type',
    'common-name',
    'key-size',
    'subject-alt-name',
    'days-valid',
    'key-usage',
    'fingerprint',
    'expires-after',
  ];
  const brief = ['name', 'common-name', 'subject-alt-name', 'fingerprint'];
  return listing({ path: '/certificate', properties: names.map(property), flags: certificateFlags, brief }, items, form);
}

export function files(items: readonly Shown[], form: PrintForm): Listing {
  const names = ['name', 'type', 'size', 'creation-time'];
  return listing({ path: '/file', properties: names.map(property), flags: [], brief: names }, items, form);
}

/** A menu like /log. */
export function log(items: readonly Shown[], form: PrintForm): Listing {
  const names = ['time', 'message'];
  return listing({ path: '/log', properties: names.map(property), flags: [], brief: names, headless: true }, items, form);
}

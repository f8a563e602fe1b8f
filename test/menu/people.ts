import type { Call, Caller } from '../../src/menu/command.ts';
import type { ItemSource } from '../../src/menu/item-arguments.ts';
import type { Table } from '../../src/menu/listing.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import type { Policy } from '../../src/users/policies.ts';

/** A small menu for tests of what every menu of items has. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly age?: number;
  readonly away: boolean;
}

export const people: readonly Person[] = [
  { id: 1, name: 'ann', age: 40, away: false },
  { id: 2, name: 'bob', away: true },
  { id: 10, name: '7', age: 7, away: false },
];

export const personTable: Table<Person> = {
  path: '/person',
  properties: [
    { name: 'name', style: 'quoted', read: (person) => person.name },
    { name: 'age', style: 'bare', read: (person) => person.age },
  ],
  flags: [{ letter: 'A', name: 'away' }],
  flagsOf: ({ away }) => ({ away }),
  brief: ['name', 'age'],
  id: (person) => person.id,
  items: () => people,
};

export const personSource: ItemSource<Person> = {
  path: '/person',
  id: (person) => person.id,
  withId: (id) => people.find((each) => each.id === id),
  withName: (name) => people.find((each) => each.name === name),
  names: () => people.map((each) => each.name),
};

export const script: Caller = { user: 'ann', policies: new Set<Policy>(['read', 'write']) };

/** A caller at a console whose last print of /person showed bob and then ann. */
export const atConsole: Caller = { ...script, itemNumber: (path, n) => (path === '/person' ? [2, 1][n] : undefined) };

export function callBy(caller: Caller): Call {
  return { caller, cancel: neverCancelled, progress: () => undefined, warn: () => undefined };
}

import { checkItemName, freeName, nameTaken } from './item-name.ts';
import { itemWithId } from './lookup.ts';
import type { Context } from './ports.ts';
import type { GivenProperties, ResettableProperty } from './properties.ts';
import { changedCertificate, changedTemplate, copiedProperties, itemNameOf, noProperties, resetProperties } from './template.ts';

/** Makes a template, with the properties of another item to start with if `copyFrom` is its id. Returns the new id. */
export function add(context: Context, given: GivenProperties, copyFrom: number | undefined): number {
  const { certificates } = context.store;
  const before = copyFrom === undefined ? noProperties : copiedProperties(itemWithId(context, copyFrom));
  const properties = changedTemplate(before, given);
  const { name } = given;
  if (name !== undefined && name !== '') checkItemName(name);
  return context.store.transact(() => {
    const taken = (name: string): boolean => certificates.byName(name) !== undefined;
    if (name !== undefined && name !== '' && taken(name)) throw nameTaken();
    return certificates.add(name === undefined || name === '' ? freeName(itemNameOf(properties), taken) : name, properties);
  });
}

/** In a template everything can be set; in a certificate its name and who trusts it. */
export function set(context: Context, ids: readonly number[], given: GivenProperties): void {
  const { certificates } = context.store;
  context.store.transact(() => {
    for (const id of ids) {
      const item = itemWithId(context, id);
      context.busy.check(item);
      const name = given.name ?? item.name;
      if (name !== item.name) {
        checkItemName(name);
        if (certificates.byName(name) !== undefined) throw nameTaken();
      }
      const properties = item.isTemplate ? changedTemplate(item.properties, given) : changedCertificate(item.properties, given);
      certificates.replaceProperties(id, name, properties);
    }
  });
}

/** Takes properties back to their defaults. */
export function reset(context: Context, ids: readonly number[], properties: readonly ResettableProperty[]): void {
  context.store.transact(() => {
    for (const id of ids) {
      const item = itemWithId(context, id);
      context.busy.check(item);
      context.store.certificates.replaceProperties(id, item.name, resetProperties(item, properties));
    }
  });
}

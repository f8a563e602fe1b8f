import type { StoredCertificate } from '../store/stored-certificate.ts';
import { itemWithId } from './lookup.ts';
import type { Context } from './ports.ts';

/** The items that go when these are removed: themselves, and all that they issued, directly and indirectly. */
export function goingWith(context: Context, ids: readonly number[]): StoredCertificate[] {
  return withIssued(
    context,
    ids.map((id) => itemWithId(context, id)),
  );
}

/**
 * Removes items, all that they issued, and the private keys that nothing has any more. Returns how many items went, and logs it if they were
 * more than those named.
 */
export function remove(context: Context, ids: readonly number[]): number {
  const { store, busy, log } = context;
  const named = new Set(ids).size;
  const gone = store.transact(() => {
    const items = goingWith(context, ids);
    for (const item of items) busy.check(item);
    for (const item of items) store.certificates.remove(item.id);
    store.privateKeys.removeUnused();
    return items.length;
  });
  if (gone > named) log('warning', ['certificate'], `${gone} certificates were removed: ${named} and ${gone - named} issued below`);
  return gone;
}

function withIssued({ store }: Pick<Context, 'store'>, items: readonly StoredCertificate[]): StoredCertificate[] {
  const found = new Map<number, StoredCertificate>();
  const open = [...items];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (found.has(item.id)) continue;
    found.set(item.id, item);
    open.push(...store.certificates.issuedBy(item.id));
  }
  return [...found.values()];
}

import type { Store } from '../../src/store/store.ts';
import { openIn } from '../store/open-in.ts';
import type { Workload } from './workload.ts';

/** How many transactions a run makes. */
const transactions = 3;

/**
 * Counts: transaction n writes n in two places and adds a sealed key that holds it. A count without its key, two places that
 * differ, or a count behind what was acknowledged is a store that a power cut broke.
 */
export const workload: Workload = {
  async prepare(folder, databases) {
    const store = await openIn(folder, { databases });
    store.close();
  },

  async run(folder, databases, acknowledge) {
    const store = await openIn(folder, { databases });
    const first = count(store) + 1;
    for (let n = first; n < first + transactions; n++) {
      store.transact(() => {
        store.settings.set('count', String(n));
        store.privateKeys.add(keyOf(n), true);
        store.settings.set('count again', String(n));
      });
      acknowledge(String(n));
    }
    store.close();
  },

  async check(folder, acknowledged) {
    const store = await openIn(folder);
    try {
      checkCount(store, Number(acknowledged.at(-1) ?? 0));
      // What is there must also be of use: the next transaction goes on from it.
      store.transact(() => store.settings.set('checked', 'yes'));
    } finally {
      store.close();
    }
  },
};

function checkCount(store: Store, least: number): void {
  const found = count(store);
  if (found < least) throw new Error(`transaction ${least} was acknowledged and is gone: the store is at ${found}`);
  if (Number(store.settings.get('count again') ?? 0) !== found) throw new Error(`transaction ${found} is there in part`);
  for (let n = 1; n <= found; n++) {
    const key = store.privateKeys.open(n);
    if (key === undefined || !Buffer.from(key).equals(keyOf(n))) throw new Error(`the key of transaction ${n} is gone`);
  }
  if (store.privateKeys.open(found + 1) !== undefined) throw new Error(`the key of transaction ${found + 1} is there without it`);
}

function count(store: Store): number {
  return Number(store.settings.get('count') ?? 0);
}

/** Long enough for more than a page. */
function keyOf(n: number): Buffer {
  return Buffer.alloc(4000, n);
}

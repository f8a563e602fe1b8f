import type { StoredGroup } from '../store/groups.ts';
import type { Store } from '../store/store.ts';
import { UserError } from './errors.ts';
import { builtInGroups, isPolicy, type Policy, policies } from './policies.ts';

export interface Group {
  readonly id: number;
  readonly name: string;
  /** In the order of `policies`. */
  readonly policies: readonly Policy[];
  readonly comment: string;
}

export interface GroupProperties {
  readonly name: string;
  readonly policies: readonly Policy[];
  readonly comment?: string | undefined;
}

/** Undefined: as it was. */
export type GroupChange = { readonly [K in keyof GroupProperties]?: GroupProperties[K] | undefined };

/** The domain of /user/group. */
export class Groups {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every group, in the order of their making. */
  list(): Group[] {
    return this.#store.groups.all().map((stored) => groupOf(stored));
  }

  withName(name: string): Group | undefined {
    const stored = this.#store.groups.byName(name);
    return stored === undefined ? undefined : groupOf(stored);
  }

  /** Returns the new group's id. Throws `UserError`: `bad-name`, `exists`. */
  add({ name, policies, comment = '' }: GroupProperties): number {
    return this.#store.transact(() => {
      this.#checkName(name);
      return this.#store.groups.add({ name, policies: inOrder(policies), comment });
    });
  }

  /** Throws `UserError`: `no-such-item`, `bad-name`, `exists`, `built-in`. */
  set(ids: readonly number[], change: GroupChange): void {
    this.#store.transact(() => {
      for (const id of ids) {
        const old = this.#stored(id);
        const name = change.name ?? old.name;
        if (name !== old.name) this.#checkRename(old, name);
        if (old.name === 'full' && change.policies !== undefined)
          throw new UserError('built-in', 'can not change the policies of group full');
        const policies = change.policies === undefined ? old.policies : inOrder(change.policies);
        this.#store.groups.replace({ id, name, policies, comment: change.comment ?? old.comment });
      }
    });
  }

  /** Throws `UserError`: `no-such-item`, `built-in`, `in-use`. */
  remove(ids: readonly number[]): void {
    this.#store.transact(() => {
      for (const id of ids) {
        const { name } = this.#stored(id);
        if (Object.hasOwn(builtInGroups, name)) throw new UserError('built-in', `can not remove group ${name}`);
        const user = this.#store.users.all().find(({ groupId }) => groupId === id);
        if (user !== undefined) throw new UserError('in-use', `group ${name} is used by user ${user.name}`);
        this.#store.groups.remove(id);
      }
    });
  }

  #stored(id: number): StoredGroup {
    const stored = this.#store.groups.byId(id);
    if (stored === undefined) throw new UserError('no-such-item', 'no such item');
    return stored;
  }

  #checkRename(old: StoredGroup, name: string): void {
    if (Object.hasOwn(builtInGroups, old.name)) throw new UserError('built-in', `can not rename group ${old.name}`);
    this.#checkName(name);
  }

  #checkName(name: string): void {
    if (!isAccountName(name)) throw badName(name);
    if (this.#store.groups.byName(name) !== undefined) throw new UserError('exists', 'group with the same name already exists');
  }
}

/** Starts with a letter or digit, and holds nothing that means something to a shell, a passwd file or a login line. */
export function isAccountName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9*_.@-]{0,63}$/.test(name);
}

export function badName(name: string): UserError {
  const shown = name === '' ? 'it is empty' : 'it must be up to 64 letters, digits and * _ . @ -, a letter or digit first';
  return new UserError('bad-name', `bad name: ${shown}`);
}

function groupOf({ id, name, policies, comment }: StoredGroup): Group {
  return { id, name, policies: policies.filter((policy) => isPolicy(policy)), comment };
}

function inOrder(given: readonly Policy[]): Policy[] {
  return policies.filter((policy) => given.includes(policy));
}

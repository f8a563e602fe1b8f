import { type Account, firstUid, isAccountUid } from '../accounts/account-list.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Random } from '../platform/random.ts';
import type { Store } from '../store/store.ts';
import type { StoredUser } from '../store/users.ts';
import { UserError } from './errors.ts';
import { badName, type Group, Groups, isAccountName } from './groups.ts';
import { cryptOf, hashPassword, verifyPassword } from './password.ts';
import { builtInGroups, type Policy } from './policies.ts';

export interface User {
  readonly id: number;
  readonly name: string;
  readonly group: string;
  readonly comment: string;
  readonly disabled: boolean;
  readonly lastLoggedIn: Instant | undefined;
}

export interface UserProperties {
  readonly name: string;
  readonly group: string;
  /** An empty one takes the password away: then no login by password is possible. */
  readonly password?: string | undefined;
  readonly comment?: string | undefined;
  readonly disabled?: boolean | undefined;
}

/** Undefined: as it was. */
export type UserChange = { readonly [K in keyof UserProperties]?: UserProperties[K] | undefined };

export interface UserPorts {
  readonly store: Store;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly clock: Clock;
}

/** The domain of /user: the only truth about people. */
export class Users {
  readonly groups: Groups;
  readonly #store: Store;
  readonly #crypto: Crypto;
  readonly #random: Random;
  readonly #clock: Clock;

  /** A new store gets its three groups and the user `admin` of group full, who has no password. */
  constructor({ store, crypto, random, clock }: UserPorts) {
    this.#store = store;
    this.#crypto = crypto;
    this.#random = random;
    this.#clock = clock;
    this.groups = new Groups(store);
    if (store.groups.all().length === 0) makeDefaults(store);
  }

  /** Every user, in the order of their making. */
  list(): User[] {
    const groups = new Map(this.groups.list().map(({ id, name }) => [id, name]));
    return this.#store.users.all().map((stored) => userOf(stored, groups.get(stored.groupId) ?? ''));
  }

  withName(name: string): User | undefined {
    return this.list().find((user) => user.name === name);
  }

  withId(id: number): User | undefined {
    return this.list().find((user) => user.id === id);
  }

  /** Returns the new user's id. Throws `UserError`: `bad-name`, `exists`, `no-such-group`. */
  async add({ name, group, password = '', comment = '', disabled = false }: UserProperties): Promise<number> {
    const hash = await this.#hash(password);
    return this.#store.transact(() => {
      this.#checkName(name);
      return this.#store.users.add({ name, groupId: this.#group(group).id, password: hash, comment, disabled, lastLoggedIn: undefined });
    });
  }

  /** Throws `UserError`: `no-such-item`, `bad-name`, `exists`, `no-such-group`, `last-full`. */
  async set(ids: readonly number[], change: UserChange): Promise<void> {
    const hash = change.password === undefined ? undefined : await this.#hash(change.password);
    this.#store.transact(() => {
      for (const id of ids) {
        const old = this.#stored(id);
        if (change.name !== undefined && change.name !== old.name) this.#checkName(change.name);
        this.#store.users.replace({
          ...old,
          name: change.name ?? old.name,
          groupId: change.group === undefined ? old.groupId : this.#group(change.group).id,
          password: change.password === undefined ? old.password : hash,
          comment: change.comment ?? old.comment,
          disabled: change.disabled ?? old.disabled,
        });
      }
      this.#checkLastFull();
    });
  }

  /** Their keys go with them. Throws `UserError`: `no-such-item`, `last-full`. */
  remove(ids: readonly number[]): void {
    this.#store.transact(() => {
      for (const id of ids) this.#store.users.remove(this.#stored(id).id);
      this.#checkLastFull();
    });
  }

  /** What the user of this name may do now: nothing if there is none or it is disabled. */
  policiesOf(name: string): ReadonlySet<Policy> {
    const stored = this.#store.users.byName(name);
    if (stored === undefined || stored.disabled) return new Set();
    return new Set(this.groups.list().find(({ id }) => id === stored.groupId)?.policies);
  }

  /** Whom the owner of the store's folder is: the first enabled user of group full. */
  owner(): User {
    const owner = this.list().find(({ group, disabled }) => group === 'full' && !disabled);
    if (owner === undefined) throw new UserError('last-full', 'there is no enabled user of group full');
    return owner;
  }

  /** The owner's name, as long as no enabled user of group full has a password or a key; undefined later. */
  withoutPassword(): string | undefined {
    const full = this.list().filter(({ group, disabled }) => group === 'full' && !disabled);
    const canLogIn = ({ id }: User): boolean => this.#stored(id).password !== undefined || this.#store.sshKeys.ofUser(id).length > 0;
    return full.some(canLogIn) ? undefined : full[0]?.name;
  }

  /** Sets the first password of the user that `withoutPassword` names. Throws `UserError` `in-use` if it names them no more. */
  async choosePassword(name: string, password: string): Promise<void> {
    const hash = await this.#hash(password);
    this.#store.transact(() => {
      const stored = this.#store.users.byName(name);
      if (stored === undefined || this.withoutPassword() !== name) throw new UserError('in-use', 'a password was set meanwhile');
      this.#store.users.replace({ ...stored, password: hash });
    });
  }

  /** The password of the user of this name as it is stored: it is another one after each change. Undefined if there is none. */
  storedPassword(name: string): string | undefined {
    return this.#store.users.byName(name)?.password;
  }

  /** Changes when all users are replaced by those of a backup: who had an id before is nobody then. */
  get generation(): number {
    return this.#store.generation;
  }

  /** The enabled user of that name and password; undefined, after the same time, for anything else. */
  async authenticate(name: string, password: string): Promise<User | undefined> {
    const correct = await verifyPassword(password, this.storedPassword(name), this.#crypto);
    const user = this.withName(name);
    return correct && user?.disabled === false ? user : undefined;
  }

  /** The Unix accounts of those who may log in by SSH: who has a key there needs it, as in RouterOS, and the password is for other ways. */
  accounts(): Account[] {
    return this.list()
      .filter(({ id, name }) => isAccountUid(firstUid + id) && this.policiesOf(name).has('ssh'))
      .map(({ id, name }) => {
        const { password } = this.#stored(id);
        const keys = this.#store.sshKeys.ofUser(id).map(({ key }) => key);
        return { name, uid: firstUid + id, password: password === undefined || keys.length > 0 ? undefined : cryptOf(password), keys };
      });
  }

  /** Notes that a session of this user began. */
  loggedIn(id: number): void {
    this.#store.transact(() => this.#store.users.replace({ ...this.#stored(id), lastLoggedIn: this.#clock.now() }));
  }

  async #hash(password: string): Promise<string | undefined> {
    return password === '' ? undefined : hashPassword(password, this.#crypto, this.#random);
  }

  #stored(id: number): StoredUser {
    const stored = this.#store.users.byId(id);
    if (stored === undefined) throw new UserError('no-such-item', 'no such item');
    return stored;
  }

  #group(name: string): Group {
    const group = this.groups.withName(name);
    if (group === undefined) throw new UserError('no-such-group', `no such group: ${name}`);
    return group;
  }

  #checkName(name: string): void {
    if (!isAccountName(name)) throw badName(name);
    if (this.#store.users.byName(name) !== undefined) throw new UserError('exists', 'user with the same name already exists');
  }

  /** Inside a transaction, which it undoes by throwing. */
  #checkLastFull(): void {
    if (!this.list().some(({ group, disabled }) => group === 'full' && !disabled))
      throw new UserError('last-full', 'at least one enabled user of group full must remain');
  }
}

function userOf({ id, name, comment, disabled, lastLoggedIn }: StoredUser, group: string): User {
  return { id, name, group, comment, disabled, lastLoggedIn };
}

function makeDefaults(store: Store): void {
  store.transact(() => {
    for (const [name, policies] of Object.entries(builtInGroups)) store.groups.add({ name, policies, comment: '' });
    const groupId = store.groups.byName('full')?.id ?? 0;
    store.users.add({
      name: 'admin',
      groupId,
      password: undefined,
      comment: 'system default user',
      disabled: false,
      lastLoggedIn: undefined,
    });
  });
}

import type { Policy } from './policies.ts';
import type { User, Users } from './users.ts';

/** Somebody who was let in: who they are and what they may do, as it is at each look. */
export class Guest {
  readonly #users: Users;
  readonly #find: () => User | undefined;
  #name: string;

  /** @param find the user that they are, while it is there */
  constructor(users: Users, user: User, find: () => User | undefined) {
    this.#users = users;
    this.#find = find;
    this.#name = user.name;
  }

  /** The name of the user; of one who is there no more, the last one. */
  get user(): string {
    this.#name = this.#find()?.name ?? this.#name;
    return this.#name;
  }

  /** None once the user is removed or disabled. */
  get policies(): ReadonlySet<Policy> {
    const user = this.#find();
    return user === undefined ? new Set() : this.#users.policiesOf(user.name);
  }

  /** The `.id` of the user; undefined once it is removed. */
  get id(): number | undefined {
    return this.#find()?.id;
  }
}

import type { Instant } from '../platform/clock.ts';
import type { Database, Row } from '../platform/database.ts';
import { flag, integer, optionalInteger, optionalText, text } from './columns.ts';

export interface StoredUser {
  readonly id: number;
  readonly name: string;
  readonly groupId: number;
  /** A hash with its parameters (users/password.ts); undefined: no password was ever set. */
  readonly password: string | undefined;
  readonly comment: string;
  readonly disabled: boolean;
  readonly lastLoggedIn: Instant | undefined;
}

/** The people of the router, in the order of their making. */
export class UserTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): StoredUser[] {
    return this.#database
      .prepare('SELECT * FROM user ORDER BY id')
      .all()
      .map((row) => user(row));
  }

  byId(id: number): StoredUser | undefined {
    const row = this.#database.prepare('SELECT * FROM user WHERE id = ?').get(id);
    return row === undefined ? undefined : user(row);
  }

  byName(name: string): StoredUser | undefined {
    const row = this.#database.prepare('SELECT * FROM user WHERE name = ?').get(name);
    return row === undefined ? undefined : user(row);
  }

  /** Returns the new user's id. */
  add({ name, groupId, password, comment, disabled, lastLoggedIn }: Omit<StoredUser, 'id'>): number {
    return this.#database
      .prepare('INSERT INTO user (name, group_id, password, comment, disabled, last_logged_in) VALUES (?, ?, ?, ?, ?, ?)')
      .run(name, groupId, password ?? null, comment, disabled ? 1 : 0, lastLoggedIn ?? null).lastInsertRowid;
  }

  replace({ id, name, groupId, password, comment, disabled, lastLoggedIn }: StoredUser): void {
    this.#database
      .prepare('UPDATE user SET name = ?, group_id = ?, password = ?, comment = ?, disabled = ?, last_logged_in = ? WHERE id = ?')
      .run(name, groupId, password ?? null, comment, disabled ? 1 : 0, lastLoggedIn ?? null, id);
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM user WHERE id = ?').run(id);
  }
}

function user(row: Row): StoredUser {
  return {
    id: integer(row, 'id'),
    name: text(row, 'name'),
    groupId: integer(row, 'group_id'),
    password: optionalText(row, 'password'),
    comment: text(row, 'comment'),
    disabled: flag(row, 'disabled'),
    lastLoggedIn: optionalInteger(row, 'last_logged_in'),
  };
}

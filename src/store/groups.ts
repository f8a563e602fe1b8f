import type { Database, Row } from '../platform/database.ts';
import { integer, text } from './columns.ts';

export interface StoredGroup {
  readonly id: number;
  readonly name: string;
  readonly policies: readonly string[];
  readonly comment: string;
}

/** Groups of users, in the order of their making. */
export class GroupTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): StoredGroup[] {
    return this.#database
      .prepare('SELECT * FROM user_group ORDER BY id')
      .all()
      .map((row) => group(row));
  }

  byId(id: number): StoredGroup | undefined {
    const row = this.#database.prepare('SELECT * FROM user_group WHERE id = ?').get(id);
    return row === undefined ? undefined : group(row);
  }

  byName(name: string): StoredGroup | undefined {
    const row = this.#database.prepare('SELECT * FROM user_group WHERE name = ?').get(name);
    return row === undefined ? undefined : group(row);
  }

  /** Returns the new group's id. */
  add({ name, policies, comment }: Omit<StoredGroup, 'id'>): number {
    return this.#database
      .prepare('INSERT INTO user_group (name, policies, comment) VALUES (?, ?, ?)')
      .run(name, policies.join(','), comment).lastInsertRowid;
  }

  replace({ id, name, policies, comment }: StoredGroup): void {
    this.#database
      .prepare('UPDATE user_group SET name = ?, policies = ?, comment = ? WHERE id = ?')
      .run(name, policies.join(','), comment, id);
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM user_group WHERE id = ?').run(id);
  }
}

function group(row: Row): StoredGroup {
  const policies = text(row, 'policies');
  return {
    id: integer(row, 'id'),
    name: text(row, 'name'),
    policies: policies === '' ? [] : policies.split(','),
    comment: text(row, 'comment'),
  };
}

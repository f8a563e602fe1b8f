import type { Database, Row } from '../platform/database.ts';
import { integer, text } from './columns.ts';

export interface StoredSshKey {
  readonly id: number;
  readonly userId: number;
  /** A line of authorized_keys: type and base 64. */
  readonly key: string;
  readonly type: string;
  readonly bits: number;
  /** `SHA256:` and base 64 without padding. */
  readonly fingerprint: string;
  readonly info: string;
  readonly comment: string;
}

/** The public keys of users, in the order of their adding. They go with their user. */
export class SshKeyTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): StoredSshKey[] {
    return this.#database
      .prepare('SELECT * FROM ssh_key ORDER BY id')
      .all()
      .map((row) => sshKey(row));
  }

  ofUser(userId: number): StoredSshKey[] {
    return this.#database
      .prepare('SELECT * FROM ssh_key WHERE user_id = ? ORDER BY id')
      .all(userId)
      .map((row) => sshKey(row));
  }

  byId(id: number): StoredSshKey | undefined {
    const row = this.#database.prepare('SELECT * FROM ssh_key WHERE id = ?').get(id);
    return row === undefined ? undefined : sshKey(row);
  }

  /** Returns the new key's id. */
  add({ userId, key, type, bits, fingerprint, info, comment }: Omit<StoredSshKey, 'id'>): number {
    return this.#database
      .prepare('INSERT INTO ssh_key (user_id, key, key_type, bits, fingerprint, info, comment) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(userId, key, type, bits, fingerprint, info, comment).lastInsertRowid;
  }

  remove(id: number): void {
    this.#database.prepare('DELETE FROM ssh_key WHERE id = ?').run(id);
  }
}

function sshKey(row: Row): StoredSshKey {
  return {
    id: integer(row, 'id'),
    userId: integer(row, 'user_id'),
    key: text(row, 'key'),
    type: text(row, 'key_type'),
    bits: integer(row, 'bits'),
    fingerprint: text(row, 'fingerprint'),
    info: text(row, 'info'),
    comment: text(row, 'comment'),
  };
}

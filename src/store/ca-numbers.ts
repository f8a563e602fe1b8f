import type { Database } from '../platform/database.ts';
import { integer, text } from './columns.ts';

/** The number N in the CRL URL `http://HOST/crl/N.crl` of each CA key, by the SHA-256 of its SubjectPublicKeyInfo. */
export class CaNumberTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  of(publicKeyId: string): number | undefined {
    const row = this.#database.prepare('SELECT number FROM ca_number WHERE public_key_id = ?').get(publicKeyId);
    return row === undefined ? undefined : integer(row, 'number');
  }

  /** The key that has this number. */
  keyOf(number: number): string | undefined {
    const row = this.#database.prepare('SELECT public_key_id FROM ca_number WHERE number = ?').get(number);
    return row === undefined ? undefined : text(row, 'public_key_id');
  }

  /** The number that the next new key will get. */
  next(): number {
    const row = this.#database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'ca_number'").get();
    return row === undefined ? 1 : integer(row, 'seq') + 1;
  }

  /** Gives the key its number, for ever. */
  add(publicKeyId: string): number {
    return this.#database.prepare('INSERT INTO ca_number (public_key_id) VALUES (?)').run(publicKeyId).lastInsertRowid;
  }
}

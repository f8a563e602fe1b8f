import type { Database } from '../platform/database.ts';
import { text } from './columns.ts';

/** Single values by name: "identity". What is not set has the default of whoever asks. */
export class SettingTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM setting WHERE name = ?').get(name);
    return row === undefined ? undefined : text(row, 'value');
  }

  set(name: string, value: string): void {
    this.#database
      .prepare('INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value);
  }

  remove(name: string): void {
    this.#database.prepare('DELETE FROM setting WHERE name = ?').run(name);
  }
}

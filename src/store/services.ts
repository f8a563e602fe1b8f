import type { Database, Row } from '../platform/database.ts';
import { flag, integer, optionalInteger, text } from './columns.ts';

/** What was set of a service of /ip/service. */
export interface StoredService {
  readonly name: string;
  readonly disabled: boolean;
  readonly port: number;
  /** Prefixes of those who may come, comma-separated; empty: everybody. */
  readonly address: string;
  readonly certificateId: number | undefined;
  readonly tlsVersion: string;
  readonly maxSessions: number;
}

/** The services that somebody has set. */
export class ServiceTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  of(name: string): StoredService | undefined {
    const row = this.#database.prepare('SELECT * FROM service WHERE name = ?').get(name);
    return row === undefined ? undefined : service(row);
  }

  put({ name, disabled, port, address, certificateId, tlsVersion, maxSessions }: StoredService): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO service (name, disabled, port, address, certificate_id, tls_version, max_sessions) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(name, Number(disabled), port, address, certificateId ?? null, tlsVersion, maxSessions);
  }
}

function service(row: Row): StoredService {
  return {
    name: text(row, 'name'),
    disabled: flag(row, 'disabled'),
    port: integer(row, 'port'),
    address: text(row, 'address'),
    certificateId: optionalInteger(row, 'certificate_id'),
    tlsVersion: text(row, 'tls_version'),
    maxSessions: integer(row, 'max_sessions'),
  };
}

import type { Instant } from '../platform/clock.ts';
import type { Database, Row } from '../platform/database.ts';
import { blob, integer, text } from './columns.ts';

/** The newest CRL of a CA key of this router. */
export interface IssuedCrl {
  /** SHA-256 of the CA's SubjectPublicKeyInfo, hexadecimal. */
  readonly publicKeyId: string;
  /** The cRLNumber, which only grows. */
  readonly number: number;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /** thisUpdate of the last one that was not made because of a revocation. */
  readonly regularUpdate: Instant;
  /** When the next is to be made. */
  readonly dueAt: Instant;
  readonly der: Uint8Array;
}

/** The CRLs that CAs of this router made, one a key. */
export class IssuedCrlTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  of(publicKeyId: string): IssuedCrl | undefined {
    const row = this.#database.prepare('SELECT * FROM issued_crl WHERE public_key_id = ?').get(publicKeyId);
    return row === undefined ? undefined : issuedCrl(row);
  }

  /** When the next of a key is to be made; 0 where it never had one, and where the one it has is of a time to come: the clock was wrong. */
  dueAt(publicKeyId: string, now: Instant): Instant {
    const row = this.#database.prepare('SELECT due_at, this_update FROM issued_crl WHERE public_key_id = ?').get(publicKeyId);
    return row === undefined || integer(row, 'this_update') > now ? 0 : integer(row, 'due_at');
  }

  /** Takes the place of the one before. */
  put({ publicKeyId, number, thisUpdate, nextUpdate, regularUpdate, dueAt, der }: IssuedCrl): void {
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO issued_crl (public_key_id, number, this_update, next_update, regular_update, due_at, der) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(publicKeyId, number, thisUpdate, nextUpdate, regularUpdate, dueAt, der);
  }

  /** The next of every key is to be made at once: what was stored is not what was told last. */
  makeAllDue(): void {
    this.#database.prepare('UPDATE issued_crl SET due_at = 0').run();
  }

  /** The next is to be made at once: something was revoked. */
  makeDue(publicKeyId: string): void {
    this.#database.prepare('UPDATE issued_crl SET due_at = 0 WHERE public_key_id = ?').run(publicKeyId);
  }
}

function issuedCrl(row: Row): IssuedCrl {
  return {
    publicKeyId: text(row, 'public_key_id'),
    number: integer(row, 'number'),
    thisUpdate: integer(row, 'this_update'),
    nextUpdate: integer(row, 'next_update'),
    regularUpdate: integer(row, 'regular_update'),
    dueAt: integer(row, 'due_at'),
    der: blob(row, 'der'),
  };
}

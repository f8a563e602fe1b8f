import type { Instant } from '../platform/clock.ts';
import type { Database, Row } from '../platform/database.ts';
import { blob, integer, optionalText, text } from './columns.ts';

/** An entry of a CA's revocation list. */
export interface Revocation {
  /** SHA-256 of the CA's SubjectPublicKeyInfo, hexadecimal. */
  readonly issuerKeyId: string;
  /** Content octets of the INTEGER. */
  readonly serialNumber: Uint8Array;
  readonly revokedAt: Instant;
  /** CRLReason by its RouterOS-like name ("key-compromise"); undefined: unspecified. */
  readonly reason: string | undefined;
  /** When the certificate ends and the entry may go. */
  readonly invalidAfter: Instant;
}

/** What the CAs of this router revoked. An entry outlives the item it was made for. */
export class RevocationTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every entry of a CA, by serial number. */
  of(issuerKeyId: string): Revocation[] {
    return this.#database
      .prepare('SELECT * FROM revocation WHERE issuer_key_id = ? ORDER BY serial_number')
      .all(issuerKeyId)
      .map((row) => revocation(row));
  }

  /** When a serial number was revoked, whichever CA gave it: those of CAs of this router are random and meet no other. */
  timeOf(serialNumber: Uint8Array): Instant | undefined {
    const row = this.#database.prepare('SELECT revoked_at FROM revocation WHERE serial_number = ?').get(serialNumber);
    return row === undefined ? undefined : integer(row, 'revoked_at');
  }

  add({ issuerKeyId, serialNumber, revokedAt, reason, invalidAfter }: Revocation): void {
    this.#database
      .prepare('INSERT INTO revocation (issuer_key_id, serial_number, revoked_at, reason, invalid_after) VALUES (?, ?, ?, ?, ?)')
      .run(issuerKeyId, serialNumber, revokedAt, reason ?? null, invalidAfter);
  }
}

function revocation(row: Row): Revocation {
  return {
    issuerKeyId: text(row, 'issuer_key_id'),
    serialNumber: blob(row, 'serial_number'),
    revokedAt: integer(row, 'revoked_at'),
    reason: optionalText(row, 'reason'),
    invalidAfter: integer(row, 'invalid_after'),
  };
}

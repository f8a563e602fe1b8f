import type { Database } from '../platform/database.ts';
import { blob, integer } from './columns.ts';
import type { SealedColumn } from './schema.ts';
import type { Sealing } from './sealing.ts';

/** Seals every secret of the store, now sealed by `from`, anew by `to`; inside the caller's transaction. */
export function resealAll(database: Database, columns: readonly SealedColumn[], from: Sealing, to: Sealing): void {
  for (const { table, sealed, deviceKeyId } of columns) {
    const update = database.prepare(`UPDATE ${table} SET ${sealed} = ?, ${deviceKeyId} = ? WHERE id = ?`);
    const rows = database
      .prepare(`SELECT id, ${sealed} AS sealed, ${deviceKeyId} AS keyId FROM ${table} WHERE ${sealed} IS NOT NULL`)
      .all();
    for (const row of rows) {
      const owner = { table, id: integer(row, 'id') };
      const secret = from.open(owner, { sealed: blob(row, 'sealed'), deviceKeyId: blob(row, 'keyId') });
      try {
        const resealed = to.seal(owner, secret);
        update.run(resealed.sealed, resealed.deviceKeyId, owner.id);
      } finally {
        secret.fill(0);
      }
    }
  }
}

import { expect } from 'vitest';
import type { DatabaseErrorCode } from '../../../src/platform/database.ts';

/** What a refused call must throw. */
export function databaseError(code: DatabaseErrorCode): unknown {
  return expect.objectContaining({ name: 'DatabaseError', code });
}

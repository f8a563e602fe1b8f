import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeDatabases } from '../../../src/platform/node/database.ts';
import { databaseContract } from '../contract/database.ts';
import { databaseError } from '../contract/database-error.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-database-'));
  path = join(folder, 'test.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each(['wal', 'truncate'] as const)('NodeDatabases with journal %s', (journal) => {
  const databases = new NodeDatabases({ journal, synchronous: 'extra' });

  databaseContract(() => ({ databases, path }));
});

describe('NodeDatabases', () => {
  it('tells a folder it may not write', () => {
    chmodSync(folder, 0o500);
    expect(() => asNobody(() => new NodeDatabases().open(path))).toThrow(databaseError('read-only'));
    chmodSync(folder, 0o700);
  });
});

/** Root may write everywhere: runs `work` as one who may not. */
function asNobody<T>(work: () => T): T {
  const nobody = 65_534;
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

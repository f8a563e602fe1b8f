import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { openIn } from './open-in.ts';

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signet-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A store of its own, closed when the test ends. */
export async function newStore(): Promise<Store> {
  const store = await openIn(temporaryFolder());
  onTestFinished(() => store.close());
  return store;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { openStoreFolder } from '../../../src/platform/node/store-folder.ts';
import { storeFolderContract } from '../contract/store-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'signet-folder-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

storeFolderContract(() => ({ parent, open: openStoreFolder }));

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { NodeFiles } from '../../../src/platform/node/files.ts';
import { filesContract } from '../contract/files.ts';

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'signet-files-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

filesContract(() => ({ root: join(parent, 'files'), open: (root) => NodeFiles.open(root) }));

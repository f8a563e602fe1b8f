import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boardName, NodeMachine } from '../../../src/platform/node/machine.ts';
import { machineContract } from '../contract/machine.ts';

machineContract((store) => new NodeMachine(store));

describe('NodeMachine', () => {
  it('reads the board from the first file that is there, without what firmware puts around it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'signet-machine-'));
    const model = join(folder, 'model');
    writeFileSync(model, 'Router\u001b[1m 5\0\n');
    expect(boardName([join(folder, 'none'), model])).toBe('Router [1m 5');
    expect(boardName([join(folder, 'none')])).toBe('');
    rmSync(folder, { recursive: true });
  });
});

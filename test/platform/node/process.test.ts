import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeProcess } from '../../../src/platform/node/process.ts';
import { addonIsTried } from './native-addon.ts';

/** Holds a lock as lockf(3) does until its input ends. */
const holder = `
import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.lockf(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-process-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.runIf(addonIsTried)('a locked file', () => {
  it('is locked for this process alone, until it is released', async () => {
    const path = join(folder, '.pwd.lock');
    const process = new NodeProcess();
    const other = spawn('python3', ['-c', holder, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(other.stdout, 'data');
    expect(process.lockFile(path)).toBeUndefined();
    other.stdin.end();
    await once(other, 'exit');
    const release = process.lockFile(path);
    const next = spawn('python3', ['-c', holder, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    const locked = once(next.stdout, 'data').then(() => 'locked');
    release?.();
    expect(await locked).toBe('locked');
    next.stdin.end();
    await once(next, 'exit');
  });

  it('is refused in a folder that is not there', () => {
    expect(() => new NodeProcess().lockFile(join(folder, 'none/x'))).toThrow(expect.objectContaining({ name: 'FileError' }));
  });
});

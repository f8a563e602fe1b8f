import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** May this process mount? Root in a container often may not. */
export const canMount = process.getuid?.() === 0 && tryMount();

/** Runs `work` on a small file system of its own; `remount` changes its options ("ro", "size=1m"). */
export async function withTmpfs<T>(options: string, work: (folder: string, remount: (options: string) => void) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-tmpfs-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'signet-test', folder]);
  try {
    return await work(folder, (changed) => void execFileSync('mount', ['-o', `remount,${changed}`, folder]));
  } finally {
    execFileSync('umount', [folder]);
    rmdirSync(folder);
  }
}

function tryMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'signet-tmpfs-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'signet-test', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

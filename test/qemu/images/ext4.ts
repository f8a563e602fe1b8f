import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../judges/run.ts';

const storeFiles = ['signet.db', 'signet.db-wal', 'signet.db-journal', 'device.key'];

/**
 * The store on an overlay's disk of ext4, once its journal is replayed as at the next start, as a folder of ours below `folder`. The last
 * one is gone. Throws if the disk is past repair.
 */
export function storeOnExt4(disk: Uint8Array, folder: string): string {
  const image = join(folder, 'disk');
  writeFileSync(image, disk);
  const { status, stdout } = spawnSync('e2fsck', ['-f', '-y', image], { encoding: 'utf8' });
  // 1: mended, as after every cut.
  if (status !== 0 && status !== 1) throw new Error(`e2fsck: status ${status}\n${stdout}`);
  const dumped = join(folder, 'dumped');
  rmSync(dumped, { recursive: true, force: true });
  mkdirSync(dumped);
  run('debugfs', ['-R', `rdump /upper/var/lib/signet ${dumped}`, image]);
  const store = join(folder, 'store');
  rmSync(store, { recursive: true, force: true });
  // Copies belong to whoever runs this, as a store has to.
  mkdirSync(store, { mode: 0o700 });
  for (const name of storeFiles) {
    const file = join(dumped, 'signet', name);
    if (existsSync(file)) copyFileSync(file, join(store, name));
  }
  return store;
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFiles } from '../../../scripts/image/build.ts';
import type { Image } from '../../../scripts/image/images.ts';
import { root } from '../../../scripts/tools.ts';

/** Where the program whose store is written as its environment says (`test/compact/host/durability.ts`) is kept, for an image's CPU. */
export function carelessPath({ target }: Pick<Image, 'target'>): string {
  return join(root, '.cache', 'durability', target, 'signet');
}

/** That program. Throws if it was not made. */
export function carelessProgram(image: Pick<Image, 'target'>): Buffer {
  const path = carelessPath(image);
  if (!existsSync(path)) throw new Error(`${path} is missing: npm run test:qemu makes it`);
  return readFileSync(path);
}

/** What starts the daemon in an image, with that program's environment. */
export function daemonWith(journal: 'wal' | 'truncate' | 'delete' | 'memory', synchronous: 'extra' | 'off'): Record<string, string> {
  const path = 'usr/lib/signet/daemon';
  const environment = `export SIGNET_JOURNAL=${journal} SIGNET_SYNCHRONOUS=${synchronous}`;
  return { [path]: readFileSync(join(rootFiles, path), 'utf8').replace('ulimit -c 0', `ulimit -c 0\n${environment}`) };
}

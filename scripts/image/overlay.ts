import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { builtAt } from '../../src/version.ts';
import { execute } from '../steps.ts';
import { ImageError } from './error.ts';
import type { Overlay } from './images.ts';

/** As much flash as a small router has: JFFS2 is read as a whole when it is mounted. */
const flashBytes = 16 * 1024 * 1024;
const diskBytes = 32 * 1024 * 1024;

/** Any will do; a random one would be another image each time. */
const identity = '5c1f0f5e-9f0a-4f6e-8a52-736967fe7401';

/** Makes an empty disk for what the router writes. */
export function makeOverlay(kind: Overlay, path: string): void {
  // Erased flash, on which Linux makes JFFS2 when it is mounted.
  if (kind === 'jffs2') writeFileSync(path, Buffer.alloc(flashBytes, 0xff));
  else makeExt4(path);
}

function makeExt4(path: string): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, diskBytes);
  closeSync(file);
  // Tables that the kernel would write out later would be writes of an idle router.
  const extended = `hash_seed=${identity},lazy_itable_init=0,lazy_journal_init=0,nodiscard,root_owner=0:0`;
  const make = ['mkfs.ext4', '-q', '-F', '-U', identity, '-L', 'overlay', '-m', '0', '-N', '1024', '-E', extended, path];
  const problem = execute(make, { env: { ...process.env, E2FSPROGS_FAKE_TIME: String(builtAt) } });
  if (problem !== undefined) throw new ImageError(problem);
}

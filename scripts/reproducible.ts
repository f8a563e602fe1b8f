import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildImage } from './image/build.ts';
import { type Image, imageFolder } from './image/images.ts';
import { root } from './tools.ts';

/** A place to build in, unlike another in all that may not show in what is built. */
const places = [
  { name: 'first', umask: '022', zone: 'UTC' },
  { name: 'second-of-another-length', umask: '077', zone: 'Asia/Kathmandu' },
] as const;

/**
 * Builds a target twice from the commit that is checked out, in clones that share nothing but the compilers. Answers the names of the files that
 * differ; undefined if a build failed. `run` runs a program to its end and answers its status.
 */
export async function differences(
  target: string,
  run: (program: string, args: readonly string[], options: { cwd: string; env: object }) => Promise<{ status: number }>,
): Promise<string[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-twice-'));
  try {
    const built: string[] = [];
    let source = root;
    for (const { name, umask, zone } of places) {
      const clone = join(folder, name);
      const script = `umask ${umask} && git clone --quiet "$1" "$2" && ln -s "$3/node_modules" "$2" && cd "$2" && exec "$4" scripts/cross-build/run.ts "$5"`;
      // Where CI is not, each clone has a folder of its own for what cargo builds.
      const env = { CI: '', SOURCE_DATE_EPOCH: undefined, TZ: zone };
      const { status } = await run('sh', ['-c', script, 'sh', source, clone, root, join(root, 'node_modules/.bin/tsx'), target], {
        cwd: folder,
        env,
      });
      if (status !== 0) return undefined;
      // The same commit, whatever is committed meanwhile.
      source = clone;
      built.push(readFileSync(join(clone, 'dist', target, 'SHA256SUMS'), 'utf8'));
    }
    const [first = '', second = ''] = built;
    return first.split('\n').filter((line) => !second.includes(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds an image twice, a second and more apart. Is it the same? */
export async function isBuiltAlike(image: Image): Promise<boolean> {
  const build = (): string => {
    buildImage(image);
    return readFileSync(join(imageFolder(image.name), 'SHA256SUMS'), 'utf8');
  };
  const first = build();
  await setTimeout(1100);
  const second = build();
  if (first !== second) process.stdout.write(`${image.name} is built otherwise the second time:\n${first}\n${second}`);
  return first === second;
}

import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ImageError } from './error.ts';

/** Copies the shared libraries that programs need, with their loader, from an unpacked Debian into one folder. */
export function copyLibraries(programs: readonly string[], debian: string, triplet: string, folder: string): void {
  const places = ['lib', 'usr/lib'].map((part) => join(debian, part, triplet));
  const seen = new Set<string>();
  const pending = programs.flatMap(neededBy);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const path = places.map((place) => join(place, name)).find((each) => existsSync(each));
    if (path === undefined) throw new ImageError(`no library ${name} in ${debian}`);
    copyFileSync(realpathSync(path), join(folder, name));
    pending.push(...neededBy(path));
  }
}

/** The libraries that a file names, its loader among them. */
function neededBy(path: string): string[] {
  const { status, stdout, stderr, error } = spawnSync('readelf', ['--wide', '-d', '-l', path], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new ImageError(`readelf ${path}: ${stderr}`);
  const libraries = [...stdout.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((match) => match[1] ?? '');
  const loader = /program interpreter: (.+)\]/.exec(stdout)?.[1];
  return loader === undefined ? libraries : [...libraries, basename(loader)];
}

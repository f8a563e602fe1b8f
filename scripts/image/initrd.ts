import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ImageError } from './error.ts';

/** Programs of busybox that `init` calls. */
const programs = ['cat', 'echo', 'insmod', 'mkdir', 'mount', 'reboot', 'sh', 'sleep', 'switch_root'];

export interface InitrdParts {
  /** The unpacked Debian. */
  readonly debian: string;
  readonly modules: readonly string[];
  /** The program that runs first. */
  readonly init: string;
  /** Seconds since 1970 that all files bear. */
  readonly time: number;
}

/** Makes, in an empty folder, the tree that is in memory when Linux starts, and packs it into `output`. */
export function makeInitrd(folder: string, output: string, { debian, modules, init, time }: InitrdParts): void {
  for (const made of ['bin', 'modules', 'proc', 'sys', 'dev', 'lower', 'overlay', 'root']) mkdirSync(join(folder, made));
  copyFileSync(join(debian, 'bin/busybox'), join(folder, 'bin/busybox'));
  for (const program of programs) symlinkSync('busybox', join(folder, 'bin', program));
  copyModules(debian, modules, join(folder, 'modules'));
  writeFileSync(join(folder, 'modules/order'), modules.map((name) => `${name}\n`).join(''));
  cpSync(init, join(folder, 'init'));
  writeFileSync(output, pack(folder, time));
}

/** Copies modules of the kernel, by name, to a folder. */
export function copyModules(debian: string, modules: readonly string[], folder: string): void {
  const all = readdirSync(join(debian, 'lib/modules'), { recursive: true, encoding: 'utf8' });
  const paths = new Map(all.filter((path) => path.endsWith('.ko')).map((path) => [basename(path, '.ko').replaceAll('-', '_'), path]));
  for (const name of modules) {
    const path = paths.get(name);
    if (path === undefined) throw new ImageError(`the kernel in ${debian} has no module ${name}`);
    copyFileSync(join(debian, 'lib/modules', path), join(folder, `${name}.ko`));
  }
}

/** A folder as a compressed cpio archive, all of it root's: the same bytes for the same contents. Linux unpacks several, one after another. */
export function pack(folder: string, time: number): Uint8Array {
  const names = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()];
  for (const name of names) lutimesSync(join(folder, name), time, time);
  const { status, stdout, stderr, error } = spawnSync('cpio', ['--create', '--format=newc', '--reproducible', '--owner=+0:+0', '--quiet'], {
    cwd: folder,
    input: names.map((name) => `${name}\n`).join(''),
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new ImageError(`cpio: ${stderr.toString()}`);
  return gzipSync(stdout, { level: 9 });
}

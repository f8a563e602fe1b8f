import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unpackDebian } from '../scripts/debian.ts';
import { intoPlace } from '../scripts/steps.ts';
import { cache } from '../scripts/tools.ts';
import type { Figure } from './figures.ts';
import { measure } from './measure.ts';

/** Debian's programs that do a part of the work, for this machine; each is started for nothing but its version or its help. */
const programs = [
  { name: 'uacme (ACME alone)', path: 'usr/bin/uacme', options: ['--version'] },
  { name: "strongSwan's pki (keys and certificates, no store)", path: 'usr/bin/pki', options: ['--help'] },
  { name: 'certmonger (the daemon)', path: 'usr/sbin/certmonger', options: ['--help'] },
] as const;
const packages = ['uacme', 'strongswan-pki', 'libstrongswan', 'certmonger'];

/** What the peers take: their files with the libraries that no other program of a router brings, and memory at their start. */
export function peers(): readonly Figure[] {
  const root = join(cache, 'footprint-peers-bookworm');
  const problem = existsSync(root) ? undefined : intoPlace(root, (place) => unpackDebian(place, { suite: 'bookworm', packages }));
  if (problem !== undefined) {
    console.log(`peers of Debian: not measured: ${problem}`);
    return [node()];
  }
  const libraries = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/ipsec', 'usr/lib']
    .map((folder) => join(root, folder))
    .join(':');
  const own = programs.flatMap(({ name, path, options }) => {
    const program = join(root, path);
    const { bytes, missing } = filesOf(program, libraries);
    if (missing) {
      console.log(`${name}: not measured: a library of it is missing`);
      return [];
    }
    // Some end with a status of their own after their version.
    const { memory } = measure([
      'env',
      `LD_LIBRARY_PATH=${libraries}`,
      'sh',
      '-c',
      '"$0" "$@" > /dev/null 2>&1; exit 0',
      program,
      ...options,
    ]);
    return [
      { name: `${name}: files without the C library`, value: bytes / 1e6, unit: 'MB' },
      { name: '  memory at its start', value: memory, unit: 'MB' },
    ];
  });
  return [...own, node()];
}

function node(): Figure {
  return { name: 'Node alone: the program', value: statSync(realpathSync(process.execPath)).size / 1e6, unit: 'MB' };
}

/** The bytes of a program and of the shared libraries it is linked with; what belongs to the C library is everybody's. */
function filesOf(program: string, libraries: string): { readonly bytes: number; readonly missing: boolean } {
  const listed = spawnSync('ldd', [program], { encoding: 'utf8', env: { ...process.env, LD_LIBRARY_PATH: libraries } }).stdout;
  const paths = [...listed.matchAll(/=> (\/\S+)/g)]
    .map(([, path = '']) => path)
    .filter((path) => !/\/(?:libc|libm|libdl|libpthread|librt)\.so/.test(path));
  return { bytes: [program, ...paths].reduce((sum, path) => sum + readFileSync(path).length, 0), missing: listed.includes('not found') };
}

import { spawnSync } from 'node:child_process';
import type { Target } from './targets.ts';

/** What of a built file does not keep to its target's ABI, one line each. */
export function abiViolations(path: string, { abi, name }: Target): string[] {
  const violations: string[] = [];
  if (name.startsWith('mips')) {
    const float = /^FP ABI: (.*)$/m.exec(readelf('-A', path))?.[1] ?? 'unknown';
    if (float.includes('Soft float') !== (abi.float === 'soft')) violations.push(`${path}: ${float}; expected ${abi.float} float`);
  }
  const needed = glibcNeeded(path);
  if (abi.libc === 'musl') {
    if (readelf('-d', path).includes('(NEEDED)')) violations.push(`${path} needs shared libraries`);
  } else {
    const floor = abi.libc.slice('glibc '.length);
    if (compareVersions(needed, floor) > 0) violations.push(`${path} needs glibc ${needed}; expected at most ${floor}`);
  }
  return violations;
}

/** The newest version of glibc whose symbols a file asks for. */
function glibcNeeded(path: string): string {
  const versions = [...readelf('-V', path).matchAll(/\bGLIBC_(\d+(?:\.\d+)+)/g)].map((match) => match[1] ?? '0');
  return versions.sort(compareVersions).at(-1) ?? '0';
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function readelf(option: string, path: string): string {
  const { status, stdout, stderr, error } = spawnSync('readelf', ['--wide', option, path], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`readelf ${option} ${path}: ${stderr}`);
  return stdout;
}

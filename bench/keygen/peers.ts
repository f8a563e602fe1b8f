import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findTool, onPath, root } from '../../scripts/tools.ts';
import { cargoProgram, goProgram } from './programs.ts';
import { type Cpu, jsonLines } from './run-lines.ts';
import type { Size } from './sizes.ts';
import { average } from './statistics.ts';

/** Another program that makes keys. Costs are CPU seconds. */
export interface Peer {
  readonly name: string;
  /** One each of so many new keys; of fewer where they are not made within `limit` seconds by the clock. */
  readonly keys: (size: Size, count: number, limit: number) => readonly number[];
  /** One modular exponentiation in each prime's length, as its test of primes has it; absent where the program has no door to it. */
  readonly modexp?: (size: Size) => number;
}

/** Why a peer is not here. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** The peers of this machine, built where they have to be. OpenSSL 3.5 is the one that the bar is about. */
export function findPeers(): (Peer | Missing)[] {
  return [
    inProcess(opensslName, [join(root, 'node_modules/.bin/node'), nodeKeys, 'openssl']),
    ofCommand('OpenSSL CLI', findTool('openssl'), ['version'], (size) => ['genrsa', '-out', '/dev/null', String(size)]),
    built('Go crypto/rsa', goProgram),
    ofCommand('GnuTLS certtool', findTool('certtool'), ['--version'], (size) => [
      '--generate-privkey',
      '--key-type=rsa',
      `--bits=${size}`,
      '--outfile=/dev/null',
    ]),
    inProcess('node-forge', [join(root, 'node_modules/.bin/node'), nodeKeys, 'forge']),
    built('RustCrypto rsa', () => cargoProgram('peer-rsa')),
  ];
}

const opensslVersion = spawnSync(join(root, 'node_modules/.bin/node'), ['-p', 'process.versions.openssl'], {
  encoding: 'utf8',
}).stdout.trim();

/** In Node: its crypto hands key generation to the library as it is. */
export const opensslName = `OpenSSL ${opensslVersion} (Node)`;

const nodeKeys = fileURLToPath(new URL('node-keys.ts', import.meta.url));

function built(name: string, make: () => string): Peer | Missing {
  try {
    return inProcess(name, [make()]);
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A program that takes `keys|modexp BITS COUNT` and measures itself. */
function inProcess(name: string, command: readonly string[]): Peer {
  const seconds = (what: string, bits: number, count: number, limit?: number): number[] =>
    jsonLines<Cpu>([...command, what, String(bits), String(count)], limit).map(({ cpu }) => cpu);
  return {
    name,
    keys: (size, count, limit) => seconds('keys', size, count, limit),
    // The best of three, each long beside a tick of the kernel's clock.
    modexp: (size) => Math.min(...[1, 2, 3].flatMap(() => seconds('modexp', size / 2, { 2048: 32, 4096: 8, 8192: 2 }[size]))),
  };
}

/** A program that makes one key a run; what it needs to start is taken off. */
function ofCommand(
  name: string,
  path: string | undefined,
  idle: readonly string[],
  make: (size: Size) => readonly string[],
): Peer | Missing {
  if (path === undefined) return { name, reason: 'not installed' };
  if (onPath('bash') === undefined) return { name, reason: 'no bash, whose clock it is measured by' };
  const start = average(timed([path, ...idle], 20));
  return { name, keys: (size, count) => timed([path, ...make(size)], count).map((seconds) => Math.max(0, seconds - start)) };
}

/** CPU seconds of each run by bash's `time`, which has three digits where GNU time has two. */
function timed(command: readonly string[], count: number): number[] {
  const loop =
    'TIMEFORMAT="%3U %3S"; n=$1; shift; for ((i = 0; i < n; i++)); do { time "$@" >/dev/null 2>&3; } 3>/dev/null || exit 1; done';
  const run = spawnSync('bash', ['-c', loop, 'bash', String(count), ...command], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`${command.join(' ')} failed`);
  return run.stderr
    .trim()
    .split('\n')
    .map((line) => line.split(' ').reduce((sum, seconds) => sum + Number(seconds), 0));
}

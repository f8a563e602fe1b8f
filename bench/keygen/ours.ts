import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../scripts/tools.ts';
import { buildAddon } from './programs.ts';
import { type Cpu, jsonLines } from './run-lines.ts';
import { paidTests, type Size } from './sizes.ts';
import { median } from './statistics.ts';

/** `signet-keygen`, perhaps with an emulator in front of it. */
export type Run = readonly string[];

/** What its subcommand `measure` says. */
export function ask<Line>(run: Run, ...words: readonly (string | number)[]): Line[] {
  return jsonLines<Line>([...run, 'measure', ...words.map(String)]);
}

export interface Kernels {
  /** Of this architecture. */
  readonly known: readonly string[];
  /** By this CPU, the fastest first. */
  readonly runnable: readonly string[];
}

export function kernels(run: Run): Kernels {
  return only(ask<Kernels>(run, 'kernels'));
}

export interface Expected {
  /** Candidates that are tested on average until one prime is found. */
  readonly tests: number;
  /** Candidates that the kernel tests at once. */
  readonly lanes: number;
}

export function expected(run: Run, kernel: string, size: Size): Expected {
  return only(ask<Expected>(run, 'expected', kernel, size / 2));
}

/** Tests that a key is charged with on average: full batches. */
export function expectedTests(run: Run, kernel: string, size: Size): number {
  const { tests, lanes } = expected(run, kernel, size);
  return paidTests(tests, lanes);
}

/** CPU seconds of one key's parts. The expected cost of a key is their sum, each as often as it comes. */
export interface Parts {
  /** One base-2 test of a candidate. */
  readonly test: number;
  readonly sieve: number;
  /** The rounds of Miller-Rabin of both primes. */
  readonly rounds: number;
  /** What is done when both primes are known: private values, pairwise check, encoding. */
  readonly finish: number;
}

/** How often a part is measured in one process, and tests in a row. */
const repeats: Readonly<Record<Size, { readonly part: number; readonly tests: number }>> = {
  2048: { part: 16, tests: 256 },
  4096: { part: 8, tests: 64 },
  8192: { part: 3, tests: 16 },
};

/** The median of some in one process, since keys that are made one after another find tables and caches filled; of tests the mean. */
export function parts(run: Run, kernel: string, size: Size): Parts {
  const prime = size / 2;
  const typical = (part: string): number => median(ask<Cpu>(run, part, kernel, prime, repeats[size].part).map(({ cpu }) => cpu));
  const tests = only(ask<Cpu & { tests: number }>(run, 'filter', kernel, prime, repeats[size].tests));
  return { test: tests.cpu / tests.tests, sieve: typical('sieve'), rounds: typical('rounds'), finish: typical('finish') };
}

/** What a key costs by its parts. */
export function modelled(tests: number, { test, sieve, rounds, finish }: Parts): number {
  return tests * test + sieve + rounds + finish;
}

/** CPU seconds of the keys of consecutive seeds. */
export function keys(run: Run, kernel: string, size: Size, threads: number, seeds: Seeds): readonly (Cpu & { elapsed: number })[] {
  return ask<Cpu & { elapsed: number }>(run, 'keys', kernel, size, threads, seeds.first, seeds.count);
}

export interface Seeds {
  readonly first: number;
  readonly count: number;
}

/** Tests by thread of the keys of seeds 1, 2, …, were the threads equally fast. */
export function steps(run: Run, kernel: string, size: Size, threads: number, count: number): readonly (readonly number[])[] {
  return ask<{ tests: readonly number[] }>(run, 'steps', kernel, size, threads, 1, count).map(({ tests }) => tests);
}

/** Mean CPU seconds of a key on a curve by the addon, or why there is none. */
export type AddonKeys = { readonly mean: (curve: string) => number } | { readonly reason: string };

/** Builds the addon, which is the one that the program of this clone uses, and has a Node of its own call it. */
export function addonKeys(): AddonKeys {
  try {
    buildAddon();
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
  const script = fileURLToPath(new URL('addon-keys.ts', import.meta.url));
  return { mean: (curve) => only(jsonLines<Cpu>([join(root, 'node_modules/.bin/node'), script, curve, '100'])).cpu };
}

export function only<T>(lines: readonly T[]): T {
  const [line] = lines;
  if (line === undefined || lines.length > 1) throw new Error(`expected one line, not ${lines.length}`);
  return line;
}

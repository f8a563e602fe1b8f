import { type Cpu, jsonLines } from './run-lines.ts';
import type { Size } from './sizes.ts';

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

/** Candidates of both primes that are tested on average. */
export function expectedTests(run: Run, size: Size): number {
  return 2 * only(ask<{ tests: number }>(run, 'expected', size / 2)).tests;
}

/** CPU seconds of one key's parts. The expected cost of a key is their sum, each as often as it comes. */
export interface Parts {
  /** One base-2 test of a candidate. */
  readonly test: number;
  readonly sieve: number;
  /** The rounds of Miller-Rabin of both primes. */
  readonly rounds: number;
}

/** The best of `repeats` for each part: what another program's share of the machine can't make better. */
export function parts(run: Run, kernel: string, size: Size, repeats: number): Parts {
  const prime = size / 2;
  const best = (lines: readonly Cpu[]): number => Math.min(...lines.map(({ cpu }) => cpu));
  const tests = Array.from({ length: repeats }, () =>
    only(ask<Cpu & { tests: number }>(run, 'filter', kernel, prime, size === 2048 ? 64 : 16)),
  );
  return {
    test: Math.min(...tests.map((line) => line.cpu / line.tests)),
    sieve: best(ask<Cpu>(run, 'sieve', prime, repeats)),
    rounds: best(ask<Cpu>(run, 'rounds', kernel, prime, repeats)),
  };
}

/** What a key costs by its parts. */
export function modelled(tests: number, { test, sieve, rounds: final }: Parts): number {
  return tests * test + sieve + final;
}

/** CPU seconds of the keys of seeds 1, 2, … */
export function keys(run: Run, kernel: string, size: Size, threads: number, count: number): readonly (Cpu & { elapsed: number })[] {
  return ask<Cpu & { elapsed: number }>(run, 'keys', kernel, size, threads, 1, count);
}

/** Tests by thread of the keys of seeds 1, 2, …, were the threads equally fast. */
export function steps(run: Run, kernel: string, size: Size, threads: number, count: number): readonly (readonly number[])[] {
  return ask<{ tests: readonly number[] }>(run, 'steps', kernel, size, threads, 1, count).map(({ tests }) => tests);
}

export function only<T>(lines: readonly T[]): T {
  const [line] = lines;
  if (line === undefined || lines.length > 1) throw new Error(`expected one line, not ${lines.length}`);
  return line;
}

import { readTargets, type Target } from '../../scripts/cross-build/targets.ts';
import { findTool } from '../../scripts/tools.ts';
import { instructionsOf } from '../instructions.ts';
import { timesCheaper } from './bars.ts';
import type { Figure } from './figures.ts';
import { opensslProgram } from './openssl-for-targets.ts';
import { expected, kernels } from './ours.ts';
import { crossProgram } from './programs.ts';
import { opensslRounds, paidTests, type Size, sizes } from './sizes.ts';
import { combined, type Instructions, type Range, seconds, total, weights } from './weights.ts';

/** A CPU that QEMU emulates. */
export interface SmallCpu {
  readonly name: 'aarch64' | 'mipsel 24Kc';
  readonly weights: keyof typeof weights;
  readonly target: string;
  /** Options of OpenSSL's Configure. */
  readonly openssl: readonly string[];
}

export const smallCpus: readonly SmallCpu[] = [
  { name: 'mipsel 24Kc', weights: 'mipsel', target: 'mipsel-unknown-linux-musl', openssl: ['linux-mips32', '-mips32r2', '-EL'] },
  { name: 'aarch64', weights: 'aarch64', target: 'aarch64-unknown-linux-musl', openssl: ['linux-aarch64'] },
];

/** What runs a program for a small CPU. */
export interface Emulator {
  /** The command in front of a program. */
  readonly command: readonly string[];
  /** Instructions of one run of a program. */
  readonly count: (program: readonly string[]) => Instructions;
  /** Our generator with its measuring subcommand. */
  readonly ours: string;
}

/** Builds what it takes; throws where something can't be had. */
export function emulator(cpu: SmallCpu): Emulator {
  const target = targetOf(cpu);
  if (target.qemu === undefined) throw new Error(`targets/${target.name}.json names no qemu`);
  const qemu = findTool(target.qemu.command);
  if (qemu === undefined) throw new Error(`${target.qemu.command} is not installed`);
  const command = [qemu, '-cpu', target.qemu.cpu];
  return {
    command,
    ours: crossProgram(target),
    count: (program) => instructionsOf(command, program),
  };
}

function targetOf(cpu: SmallCpu): Target {
  const [target] = readTargets([cpu.target]);
  if (target === undefined) throw new Error(`no target ${cpu.target}`);
  return target;
}

/** Instructions of one unit of work: what a run of twice as much has more. */
function each(count: (units: number) => Instructions, units: number): Instructions {
  return combined([
    [1 / units, count(2 * units)],
    [-1 / units, count(units)],
  ]);
}

/** What is measured of a small CPU. */
export interface SmallExtent {
  readonly sizes: readonly Size[];
  /** Whole keys of OpenSSL. */
  readonly wholeKeys: number;
}

/** Instructions of a key, ours and OpenSSL's, both by the number of tests expected; whole keys of OpenSSL beside it. */
export function smallCpu(cpu: SmallCpu, { command, ours, count }: Emulator, extent: SmallExtent): Figure[] {
  const table = `${cpu.name}, guest instructions (millions)`;
  const clocks = `${cpu.name}, estimated seconds a key`;
  const openssl = opensslProgram(targetOf(cpu), cpu.openssl);
  const run = [...command, ours];
  // The portable kernel, which is the last, is of use where it is the only one.
  const { runnable } = kernels(run);
  const used = runnable.slice(0, Math.max(1, runnable.length - 1));
  const left = sizes.filter((size) => !extent.sizes.includes(size));
  const measured = extent.sizes.flatMap((size) => {
    const column = String(size);
    const prime = size / 2;
    const units = size === 2048 ? 4 : 1;
    const work = (what: string, bits: number) => (n: number) => count([openssl, what, String(bits), String(n)]);
    const test = each(work('test', prime), units);
    const modexp = each(work('modexp', prime), units);
    const theirs = combined([[opensslRounds(size), test]]);
    const part =
      (what: string, ...words: readonly (string | number)[]) =>
      (n: number) =>
        count([ours, 'measure', what, ...words.map(String), String(n)]);
    const own = used.map((kernel) => {
      const { tests, lanes } = expected(run, kernel, size);
      // The filter makes full batches.
      const ownTest = combined([[1 / lanes, each((n) => part('filter', kernel, prime)(n * lanes), 1)]]);
      const sieve = each(part('sieve', kernel, prime), 1);
      const rounds = each(part('rounds', kernel, prime), 1);
      const finish = each(part('finish', kernel, prime), 1);
      return {
        kernel,
        test: ownTest,
        sieve,
        rounds,
        finish,
        key: combined([
          [paidTests(tests, lanes), ownTest],
          [1, sieve],
          [1, rounds],
          [1, finish],
        ]),
      };
    });
    const best = own.reduce((a, b) => (total(b.key) < total(a.key) ? b : a));
    const row = (name: string, instructions: Instructions): Figure => ({ table, row: name, column, value: total(instructions) / 1e6 });
    return [
      row('OpenSSL 3.5: one test', test),
      row('OpenSSL 3.5: its modexp alone', modexp),
      row('OpenSSL 3.5: key (tests expected x test)', theirs),
      ...(size === 2048 && extent.wholeKeys > 0
        ? [
            {
              ...row('OpenSSL 3.5: whole keys, mean', combined([[1 / extent.wholeKeys, work('key', size)(extent.wholeKeys)]])),
              note: `${extent.wholeKeys} keys, with the start of the program`,
            },
          ]
        : []),
      ...own.flatMap(({ kernel, test: ownTest, sieve, rounds, finish, key }) => [
        row(`ours, ${kernel}: one test`, ownTest),
        row(`ours, ${kernel}: sieve`, sieve),
        row(`ours, ${kernel}: rounds`, rounds),
        row(`ours, ${kernel}: finish`, finish),
        row(`ours, ${kernel}: key`, key),
      ]),
      {
        table,
        row: 'OpenSSL / ours (x)',
        column,
        value: total(theirs) / total(best.key),
        bar: timesCheaper[cpu.name]?.[size],
        note: `by ${best.kernel}`,
      },
      ...weights[cpu.weights].megahertz.flatMap((megahertz) => [
        ...range(clocks, `OpenSSL 3.5 at ${megahertz} MHz`, column, seconds(theirs, weights[cpu.weights], megahertz)),
        ...range(clocks, `ours at ${megahertz} MHz`, column, seconds(best.key, weights[cpu.weights], megahertz)),
      ]),
    ] as Figure[];
  });
  return [...measured, ...notMeasured(cpu, left, 'left to the full form')];
}

function range(table: string, row: string, column: string, [low, high]: Range): Figure[] {
  return [
    { table, row: `${row}, from`, column, value: low },
    { table, row: `${row}, to`, column, value: high },
  ];
}

/** For a CPU that can't be tried here: its bars, not measured. */
export function notMeasured(cpu: SmallCpu, of: readonly Size[], reason: string): Figure[] {
  const table = `${cpu.name}, guest instructions (millions)`;
  return of.map(
    (size: Size) =>
      ({ table, row: 'OpenSSL / ours (x)', column: String(size), note: reason, bar: timesCheaper[cpu.name]?.[size] }) as Figure,
  );
}

import { noSlower, timesCheaper } from './bars.ts';
import type { Figure } from './figures.ts';
import { expected, expectedTests, type Kernels, modelled, type Parts, parts, type Run } from './ours.ts';
import { type Missing, opensslName, type Peer } from './peers.ts';
import { opensslTests, type Size, sizes } from './sizes.ts';
import { median, precision, type Summary } from './statistics.ts';

const table = 'Model, one thread: expected tests x time of a test + sieve + rounds of Miller-Rabin + finish (CPU ms)';
const ratios = "Peers' mean CPU seconds / ours by the model, one thread";

/** A key's parts, and its expected cost in CPU seconds. */
export interface Cost {
  readonly parts: Parts;
  /** Tests that a key is expected to be charged with. */
  readonly tests: number;
  readonly key: number;
}

/**
 * What a key costs by its parts, for each kernel of this architecture. The parts are measured a few times between the keys that they are
 * compared with, and the median counts: what other programs do to the machine weighs on both sides alike.
 */
export class Model {
  readonly #run: Run;
  readonly #kernels: Kernels;
  /** By kernel and size: tests that a key is expected to be charged with, and its parts each time they were measured. */
  readonly #samples = new Map<string, { readonly tests: number; readonly parts: Parts[] }>();

  constructor(run: Run, kernels: Kernels) {
    this.#run = run;
    this.#kernels = kernels;
  }

  /** Measures the parts once more, by each kernel. */
  measure(size: Size): void {
    for (const kernel of this.#kernels.runnable) {
      const key = `${kernel} ${size}`;
      const samples = this.#samples.get(key) ?? { tests: expectedTests(this.#run, kernel, size), parts: [] };
      this.#samples.set(key, samples);
      samples.parts.push(parts(this.#run, kernel, size));
    }
  }

  /** By what was measured so far; nothing for a kernel that does not run here. */
  cost(kernel: string, size: Size): Cost | undefined {
    const samples = this.#samples.get(`${kernel} ${size}`);
    if (samples === undefined) return undefined;
    const typical = (part: keyof Parts): number => median(samples.parts.map((sample) => sample[part]));
    const measured = { test: typical('test'), sieve: typical('sieve'), rounds: typical('rounds'), finish: typical('finish') };
    return { parts: measured, tests: samples.tests, key: modelled(samples.tests, measured) };
  }

  figures(): Figure[] {
    const [first = ''] = this.#kernels.runnable;
    const counts = sizes.flatMap((size) => [
      { table, row: 'expected tests (number)', column: String(size), value: 2 * expected(this.#run, first, size).tests },
      { table, row: 'expected tests of OpenSSL (number)', column: String(size), value: opensslTests(size) },
    ]);
    return [...counts, ...this.#kernels.known.flatMap((kernel) => sizes.flatMap((size) => this.#figuresOf(kernel, size)))];
  }

  #figuresOf(kernel: string, size: Size): Figure[] {
    const column = String(size);
    const cost = this.cost(kernel, size);
    if (cost === undefined) return [{ table, row: `${kernel}: key`, column, note: 'this CPU lacks what the kernel needs' }];
    const { test, sieve, rounds, finish } = cost.parts;
    const row = (name: string, value: number): Figure => ({ table, row: `${kernel}: ${name}`, column, value });
    return [
      row('expected tests, full batches (number)', cost.tests),
      ...Object.entries({ 'one test': test, sieve, rounds, finish, key: cost.key }).map(([name, seconds]) => row(name, seconds * 1000)),
    ];
  }
}

/** What one modular exponentiation costs the peers. */
export function modexps(peers: readonly (Peer | Missing)[]): Figure[] {
  return peers.flatMap((peer) =>
    sizes.map((size) => ({ table, row: `${peer.name}: one modexp`, column: String(size), ...modexp(peer, size) })),
  );
}

function modexp(peer: Peer | Missing, size: Size): Pick<Figure, 'value' | 'note'> {
  if ('reason' in peer) return { note: peer.reason };
  return peer.modexp === undefined ? { note: 'the program has no door to one' } : { value: peer.modexp(size) * 1000 };
}

/** Fewer keys of a peer than these say next to nothing: their ratio is printed and not judged. */
const enough = 30;

/** How many times cheaper a key is than the peers': judged by kernel against OpenSSL, and by the best kernel against all. */
export function judged(model: Model, kernels: Kernels, peerKeys: ReadonlyMap<string, ReadonlyMap<Size, Summary>>): Figure[] {
  const best = kernels.runnable[0] ?? 'none';
  const rows = [
    ...Object.entries(timesCheaper)
      .filter(([kernel]) => isOfThisMachine(kernel))
      .map(([kernel, bars]) => ({ peer: opensslName, kernel, row: `${opensslName} / ${kernel}`, bars })),
    ...[...peerKeys.keys()].map((peer) => ({ peer, kernel: best, row: `${peer} / best kernel (${best})`, bars: undefined })),
  ];
  return rows.flatMap(({ peer, kernel, row, bars }) =>
    sizes.map((size) => ({
      table: ratios,
      row,
      column: String(size),
      bar: bars?.[size] ?? noSlower,
      ...ratio(peerKeys.get(peer)?.get(size), model.cost(kernel, size)?.key),
    })),
  );
}

function ratio(theirs: Summary | undefined, ours: number | undefined): Pick<Figure, 'value' | 'note'> {
  if (ours === undefined) return { note: 'this CPU lacks what the kernel needs' };
  if (theirs === undefined) return { note: 'no key of the peer in this form' };
  const value = theirs.mean / ours;
  if (theirs.count < enough) return { note: `${value.toPrecision(2)} by a mean of ${theirs.count}: too few keys to judge` };
  return { value, note: `mean of ${precision(theirs)}` };
}

function isOfThisMachine(kernel: string): boolean {
  return process.arch === 'x64' && ['ifma', 'avx2', 'mulx'].includes(kernel);
}

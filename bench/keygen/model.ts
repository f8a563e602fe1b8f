import { noSlower, timesCheaper } from './bars.ts';
import type { Figure } from './figures.ts';
import { expectedTests, type Kernels, modelled, parts, type Run } from './ours.ts';
import { type Missing, opensslName, type Peer } from './peers.ts';
import { opensslTests, type Size, sizes } from './sizes.ts';
import type { Summary } from './statistics.ts';

const table = 'Model, one thread: expected tests x time of a test + sieve + rounds of Miller-Rabin (CPU ms)';
const ratios = "Peers' mean CPU seconds / ours by the model, one thread";

/** Expected CPU seconds of a key by kernel and size. */
export type Model = ReadonlyMap<string, ReadonlyMap<Size, number>>;

/** What a key costs by its parts, for each kernel of this architecture; beside it what one modular exponentiation costs the peers. */
export function model(run: Run, { known, runnable }: Kernels, peers: readonly (Peer | Missing)[], quick: boolean): [Model, Figure[]] {
  const costs = new Map<string, Map<Size, number>>();
  const figures: Figure[] = sizes.flatMap((size) => [
    { table, row: 'expected tests (number)', column: String(size), value: expectedTests(run, size) },
    { table, row: 'expected tests of OpenSSL (number)', column: String(size), value: opensslTests(size) },
  ]);
  for (const kernel of known) {
    const ofKernel = new Map<Size, number>();
    costs.set(kernel, ofKernel);
    for (const size of sizes) {
      const column = String(size);
      if (!runnable.includes(kernel)) {
        figures.push({ table, row: `${kernel}: key`, column, note: 'this CPU lacks what the kernel needs' });
        continue;
      }
      const measured = parts(run, kernel, size, quick ? 3 : 15);
      const cost = modelled(expectedTests(run, size), measured);
      ofKernel.set(size, cost);
      for (const [name, seconds] of Object.entries({
        'one test': measured.test,
        sieve: measured.sieve,
        rounds: measured.rounds,
        key: cost,
      })) {
        figures.push({ table, row: `${kernel}: ${name}`, column, value: seconds * 1000 });
      }
    }
  }
  for (const peer of peers) {
    for (const size of sizes) figures.push({ table, row: `${peer.name}: one modexp`, column: String(size), ...modexp(peer, size) });
  }
  return [costs, figures];
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
      ...ratio(peerKeys.get(peer)?.get(size), model.get(kernel)?.get(size)),
    })),
  );
}

function ratio(theirs: Summary | undefined, ours: number | undefined): Pick<Figure, 'value' | 'note'> {
  if (ours === undefined) return { note: 'this CPU lacks what the kernel needs' };
  if (theirs === undefined) return { note: 'no key of the peer in this form' };
  const { count, mean, interval } = theirs;
  const value = mean / ours;
  if (count < enough) return { note: `${value.toPrecision(2)} by a mean of ${count}: too few keys to judge` };
  return { value, note: `mean of ${count} keys, +-${((interval / mean) * 100).toFixed(0)} %` };
}

function isOfThisMachine(kernel: string): boolean {
  return process.arch === 'x64' && ['ifma', 'avx2', 'mulx'].includes(kernel);
}

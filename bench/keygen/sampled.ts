import { secondThread } from './bars.ts';
import type { Figure } from './figures.ts';
import type { Model } from './model.ts';
import { keys, type Run, steps } from './ours.ts';
import { type Missing, opensslName, type Peer } from './peers.ts';
import { sample } from './run-lines.ts';
import { type Size, sizes } from './sizes.ts';
import { average, type Summary, summary } from './statistics.ts';

const table = 'Sampled keys, CPU ms (ours from a fixed list of seeds)';
const threadsTable = 'Two threads, by tests, were both equally fast';

export interface Extent {
  /** Keys of each peer. */
  readonly peerKeys: Readonly<Record<Size, number>>;
  /** Keys of ours: the model is held against their mean. */
  readonly ownKeys: Readonly<Record<Size, number>>;
  /** Seeds of the figures for threads. */
  readonly seeds: Readonly<Record<Size, number>>;
  /** CPU seconds that one program may need for a size; the first key is made in any case. */
  readonly budget: number;
  /** Sizes at which peers other than OpenSSL 3.5 make keys. */
  readonly peerSizes: readonly Size[];
}

/** Our keys by the best kernel, on one thread and on two. */
export function ownSamples(run: Run, kernel: string, model: Model, extent: Extent): Figure[] {
  return sizes.flatMap((size) => {
    const column = String(size);
    const one = summary(keys(run, kernel, size, 1, extent.ownKeys[size]).map(({ cpu }) => cpu));
    const two = keys(run, kernel, size, 2, Math.max(2, Math.ceil(extent.ownKeys[size] / 4)));
    const expected = model.get(kernel)?.get(size);
    const share = expected === undefined ? undefined : one.mean / expected;
    const near = share !== undefined && Math.abs(share - 1) <= 0.1 ? 'yes' : 'no';
    const elapsed = two.map((key) => key.elapsed * 1000);
    return [
      ...summaryRows(`ours, ${kernel}`, column, one),
      {
        table,
        row: `ours, ${kernel}: mean / model`,
        column,
        value: share,
        note: `within 10 % of the model: ${near} (${one.count} keys, +-${percent(one)} %)`,
      },
      {
        table,
        row: `ours, ${kernel}, 2 threads: mean`,
        column,
        value: average(two.map(({ cpu }) => cpu * 1000)),
        note: `${two.length} keys`,
      },
      { table, row: `ours, ${kernel}, 2 threads: mean by the clock`, column, value: average(elapsed), note: `${two.length} keys` },
    ];
  });
}

/** Keys of the peers; those that were made. */
export function peerSamples(peers: readonly (Peer | Missing)[], extent: Extent): [Map<string, Map<Size, Summary>>, Figure[]] {
  const summaries = new Map<string, Map<Size, Summary>>();
  const figures: Figure[] = [];
  for (const peer of peers) {
    const ofPeer = new Map<Size, Summary>();
    summaries.set(peer.name, ofPeer);
    for (const size of sizes) {
      const column = String(size);
      if ('reason' in peer) {
        figures.push({ table, row: `${peer.name}: mean`, column, note: peer.reason });
      } else if (peer.name !== opensslName && !extent.peerSizes.includes(size)) {
        figures.push({ table, row: `${peer.name}: mean`, column, note: 'left to the full form' });
      } else {
        const made = summary(sample(extent.peerKeys[size], extent.budget, (count) => peer.keys(size, count)));
        ofPeer.set(size, made);
        figures.push(...summaryRows(peer.name, column, made));
      }
    }
  }
  return [summaries, figures];
}

function summaryRows(name: string, column: string, { count, mean, median, p95, interval }: Summary): Figure[] {
  const rows = { mean, median, p95, '95 % interval of the mean, +-': interval };
  return [
    { table, row: `${name}: keys (number)`, column, value: count },
    ...Object.entries(rows)
      .filter(([, value]) => !Number.isNaN(value))
      .map(([row, value]) => ({ table, row: `${name}: ${row}`, column, value: value * 1000 })),
  ];
}

function percent({ count, interval, mean }: Summary): string {
  return count < 2 ? '?' : ((interval / mean) * 100).toFixed(0);
}

/** What a second thread brings, free of the machine's noise: tests are counted, not timed. */
export function threads(run: Run, kernel: string, extent: Extent): Figure[] {
  return sizes.flatMap((size) => {
    const column = String(size);
    const count = extent.seeds[size];
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const alone = sum(steps(run, kernel, size, 1, count).map(sum));
    const pairs = steps(run, kernel, size, 2, count);
    const busiest = sum(pairs.map((tests) => Math.max(...tests)));
    return [
      {
        table: threadsTable,
        row: "busiest thread's tests / all tests",
        column,
        value: busiest / sum(pairs.map(sum)),
        note: `${count} seeds`,
      },
      {
        table: threadsTable,
        row: 'tests on one thread / on the busiest of two',
        column,
        value: alone / busiest,
        bar: secondThread[size],
        note: `${count} seeds`,
      },
    ];
  });
}

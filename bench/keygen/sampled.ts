import { nearModel, secondThread } from './bars.ts';
import type { Figure } from './figures.ts';
import type { Model } from './model.ts';
import { keys, modelled, type Run, type Seeds, steps } from './ours.ts';
import { type Missing, opensslName, type Peer } from './peers.ts';
import { sample } from './run-lines.ts';
import { type Size, sizes } from './sizes.ts';
import { average, precision, type Summary, sum, summary } from './statistics.ts';

const table = 'Sampled keys, CPU ms (ours from a fixed list of seeds)';
const threadsTable = 'Two threads, by tests, were both equally fast';

export interface Extent {
  /** Keys of each peer. */
  readonly peerKeys: Readonly<Record<Size, number>>;
  /** Keys of ours: the model is held against their mean. */
  readonly ownKeys: Readonly<Record<Size, number>>;
  /** Seeds of the figures for threads. */
  readonly seeds: Readonly<Record<Size, number>>;
  /** CPU seconds that one program may need for a size; OpenSSL 3.5, which the bar is about, may need five times as many. */
  readonly budget: number;
  /** Sizes at which peers other than OpenSSL 3.5 make keys. */
  readonly peerSizes: readonly Size[];
}

/** Our keys by the best kernel, on one thread and on two, and what the model says of them. */
export function ownSamples(run: Run, kernel: string, model: Model, extent: Extent): Figure[] {
  return sizes.flatMap((size) => {
    const column = String(size);
    const count = affordable(extent.ownKeys[size], model.cost(kernel, size)?.key, extent.budget);
    const one = summary(
      turns(count).flatMap((seeds) => {
        model.measure(size);
        return keys(run, kernel, size, 1, seeds).map(({ cpu }) => cpu);
      }),
    );
    const two = keys(run, kernel, size, 2, { first: 1, count: Math.ceil(count / 4) });
    const cost = model.cost(kernel, size);
    if (cost === undefined) throw new Error(`no model of ${kernel}`);
    const tests = steps(run, kernel, size, 1, count).map(sum);
    const row = (name: string, value: number): Figure => ({ table, row: `ours, ${kernel}${name}`, column, value });
    return [
      ...summaryRows(`ours, ${kernel}`, column, one),
      { ...row(': mean / model', one.mean / cost.key), ...judgedByInterval(one, one.mean / cost.key) },
      { ...row(': mean / model of keys with as many tests', one.mean / modelled(average(tests), cost.parts)), bar: nearModel },
      { ...row(': tests / expected tests', average(tests) / cost.tests), note: precision(summary(tests)) },
      { ...row(', 2 threads: mean', average(two.map(({ cpu }) => cpu * 1000))), note: `${two.length} keys` },
      { ...row(', 2 threads: mean by the clock', average(two.map(({ elapsed }) => elapsed * 1000))), note: `${two.length} keys` },
    ];
  });
}

/** So many keys, or as many as the budget holds by the model, but not fewer than five. */
function affordable(count: number, seconds: number | undefined, budget: number): number {
  return seconds === undefined ? count : Math.min(count, Math.max(5, Math.floor(budget / seconds)));
}

/** The seeds from 1 to `count` in five parts. */
function turns(count: number): Seeds[] {
  const length = Math.ceil(count / 5);
  return Array.from({ length: Math.ceil(count / length) }, (_, turn) => ({
    first: 1 + turn * length,
    count: Math.min(length, count - turn * length),
  }));
}

/** A mean that may be wrong by more than the bar allows says nothing about it. */
function judgedByInterval(samples: Summary, value: number): Pick<Figure, 'value' | 'bar' | 'note'> {
  const note = precision(samples);
  return samples.interval / samples.mean <= nearModel.bound
    ? { value, bar: nearModel, note }
    : { value: undefined, bar: nearModel, note: `${value.toPrecision(2)} by ${note}: too few keys to judge` };
}

/** Keys of the peers; those that were made. The model is measured between those of OpenSSL, which it is judged by. */
export function peerSamples(peers: readonly (Peer | Missing)[], model: Model, extent: Extent): [Map<string, Map<Size, Summary>>, Figure[]] {
  const summaries = new Map<string, Map<Size, Summary>>();
  const figures: Figure[] = [];
  for (const peer of peers) {
    const ofPeer = new Map<Size, Summary>();
    summaries.set(peer.name, ofPeer);
    const isOpenssl = peer.name === opensslName;
    for (const size of sizes) {
      const column = String(size);
      if ('reason' in peer) {
        figures.push({ table, row: `${peer.name}: mean`, column, note: peer.reason });
      } else if (!isOpenssl && !extent.peerSizes.includes(size)) {
        figures.push({ table, row: `${peer.name}: mean`, column, note: 'left to the full form' });
      } else {
        const made = summary(
          sample(extent.peerKeys[size], extent.budget * (isOpenssl ? 5 : 1), (count, limit) => {
            if (isOpenssl) model.measure(size);
            return peer.keys(size, count, limit);
          }),
        );
        if (made.count === 0) {
          figures.push({ table, row: `${peer.name}: mean`, column, note: 'no key within the time that was allowed' });
          continue;
        }
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

/** What a second thread brings, free of the machine's noise: tests are counted, not timed. */
export function threads(run: Run, kernel: string, model: Model, extent: Extent): Figure[] {
  return sizes.flatMap((size) => {
    const column = String(size);
    const count = affordable(extent.seeds[size], model.cost(kernel, size)?.key, extent.budget);
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

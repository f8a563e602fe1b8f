import { type LogEntry, sectorBytes } from './write-log.ts';

/** A disk as it may be when the power goes, and how long the log of writes was by then. */
export interface CutDisk {
  readonly bytes: Uint8Array;
  readonly logged: number;
  readonly description: string;
}

/** Numbers from 0 to below 1 that follow from the seed alone (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Disks that a power cut may leave behind: each flush of the log after `from` is a moment to cut at, and so are others, up to `count` in all.
 * What was written before the last flush is there; of what came after it nothing, everything, or a part that follows from the seed, some of
 * it torn between sectors. The bytes of a disk are good until the next one is asked for.
 */
export function* cutDisks(
  initial: Uint8Array,
  log: readonly LogEntry[],
  { from, count, seed }: { from: number; count: number; seed: number },
): Generator<CutDisk> {
  const random = randomNumbers(seed);
  const durable = Uint8Array.from(initial);
  let done = 0;
  for (const moment of momentsOf(log, from, count, random)) {
    const flush = log.findLastIndex(({ flush }, index) => index <= moment && flush);
    for (; done <= flush; done++) write(durable, log[done]);
    const bytes = Uint8Array.from(durable);
    const share = [0, 0.5, 0.5, 1][Math.floor(random() * 4)] ?? 0;
    let kept = 0;
    const pending = log.slice(flush + 1, moment + 1);
    for (const entry of pending) {
      if (!entry.durable && random() >= share) continue;
      const sectors = entry.data.length / sectorBytes;
      const whole = entry.durable || share === 1 || random() < 0.75;
      write(bytes, entry, whole ? sectors : Math.floor(random() * sectors));
      kept++;
    }
    yield {
      bytes,
      logged: log[moment]?.end ?? 0,
      description: `after request ${moment} of ${log.length}, ${kept} of ${pending.length} unflushed ones kept`,
    };
  }
}

/** Indices of the log in order: every flush, then others by chance. */
function momentsOf(log: readonly LogEntry[], from: number, count: number, random: () => number): number[] {
  const first = log.findIndex(({ end }) => end > from);
  if (first < 0) throw new Error('nothing was written');
  const flushes = [...log.keys()].filter((index) => index >= first && log[index]?.flush === true);
  const others = [...log.keys()].filter((index) => index >= first && log[index]?.flush === false);
  while (others.length > Math.max(0, count - flushes.length)) others.splice(Math.floor(random() * others.length), 1);
  return [...flushes, ...others].sort((a, b) => a - b);
}

function write(disk: Uint8Array, entry: LogEntry | undefined, sectors = Number.POSITIVE_INFINITY): void {
  if (entry !== undefined) disk.set(entry.data.subarray(0, Math.min(entry.data.length, sectors * sectorBytes)), entry.at);
}

import { type Cancel, Cancelled, CancelSource } from '../platform/cancel.ts';
import type { Clock, Instant } from '../platform/clock.ts';
import type { Severity } from '../platform/log.ts';
import type { Random } from '../platform/random.ts';

/**
 * A kind of thing that is done later. When, follows from what is stored, and nothing is written to remember it: a router that was off does
 * what has come due when it is on again.
 */
export interface Work {
  /** In the log: "CRL". */
  readonly name: string;
  readonly topics: readonly string[];
  /** May it be done while the clock can't be right? */
  readonly atAnyTime: boolean;
  /** What is to be done, by a key of its own, and when; at 0: now. */
  due(): ReadonlyMap<string, Instant>;
  /** Does it; afterwards `due` has another time for the key, or none. What it throws is logged, and it is tried again later. */
  run(key: string, cancel: Cancel): Promise<void>;
}

export interface SchedulerPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** Can the time be right? */
  readonly isBelievable: () => boolean;
  readonly log: (severity: Severity, topics: readonly string[], message: string) => void;
}

/** Milliseconds after which the clock is looked at, for whoever sets it does not say so. */
const longestSleep = 60_000;
/** Seconds that the clock may run off in that time without being called set. */
const tolerance = 2;
/** Seconds until what failed is tried again: twice as long after each failure, up to the most. */
const firstRetry = 60;
const lastRetry = 3600;
/** Seconds between two runs of the same: what is due again and again must not be all that a router does. */
const breath = 1;
/** Things that are done at the same time. */
const mostAtOnce = 4;

/** What was done, and is not done again before a time of the stopwatch. */
interface Outcome {
  /** Failures, one after another. */
  readonly failures: number;
  /** What the last one said. */
  readonly message?: string;
  readonly until: number;
}

/** Does what is to be done later, when its time has come. */
export class Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #works: Work[];
  readonly #outcomes = new Map<string, Outcome>();
  readonly #running = new Set<string>();
  readonly #end = new CancelSource();
  #wake = new CancelSource();
  /** Are there changes that nobody has looked at? */
  #isStale = true;

  constructor(ports: SchedulerPorts, works: readonly Work[]) {
    this.#ports = ports;
    this.#works = [...works];
  }

  add(work: Work): void {
    this.#works.push(work);
    this.changed();
  }

  /** Something has changed that times may follow from. */
  changed(): void {
    this.#isStale = true;
    this.#wake.cancel();
  }

  /** Works until it is stopped. */
  async run(): Promise<void> {
    const { clock } = this.#ports;
    let next = 0;
    let looked = { wall: clock.now(), stopwatch: clock.monotonic() };
    while (!this.#end.cancelled) {
      // Before the works are asked: what changes meanwhile is heard of.
      this.#wake = new CancelSource();
      const now = { wall: clock.now(), stopwatch: clock.monotonic() };
      const drift = now.wall - looked.wall - (now.stopwatch - looked.stopwatch) / 1000;
      looked = now;
      if (this.#isStale || Math.abs(drift) > tolerance || now.stopwatch >= next) {
        this.#isStale = false;
        next = now.stopwatch + this.#start(now.wall, now.stopwatch) * 1000;
      }
      try {
        await clock.sleep(Math.min(Math.max(next - clock.monotonic(), 0), longestSleep), this.#wake);
      } catch (error) {
        if (!(error instanceof Cancelled)) throw error;
      }
    }
  }

  /** Ends `run`, and cancels what is under way. */
  stop(): void {
    this.#end.cancel();
    this.#wake.cancel();
  }

  /** Starts what is due, and returns the seconds until something else will be. */
  #start(now: Instant, stopwatch: number): number {
    let soonest = Number.POSITIVE_INFINITY;
    const known = new Set<string>();
    for (const work of this.#works) {
      const due = this.#dueOf(work);
      if (due === undefined) {
        known.add(work.name);
        soonest = Math.min(soonest, firstRetry);
        continue;
      }
      for (const [key, at] of due) {
        const name = `${work.name} ${key}`;
        known.add(name);
        if (this.#running.has(name)) continue;
        const barred = ((this.#outcomes.get(name)?.until ?? 0) - stopwatch) / 1000;
        const left = Math.max(at - now, barred);
        // When one of them ends, all are looked at again.
        if (left > 0) {
          soonest = Math.min(soonest, left);
          continue;
        }
        if (this.#running.size >= mostAtOnce) continue;
        // Whether the time can be right is asked last: it takes a look at the store. It may be soon, by the clock's own ticking.
        if (work.atAnyTime || this.#isBelievable()) void this.#do(work, key, name);
        else soonest = Math.min(soonest, longestSleep / 1000);
      }
    }
    for (const name of this.#outcomes.keys()) if (!known.has(name)) this.#outcomes.delete(name);
    return soonest;
  }

  #isBelievable(): boolean {
    try {
      return this.#ports.isBelievable();
    } catch (error) {
      this.#ports.log(
        'error',
        ['system'],
        `whether the clock is right can not be told: ${error instanceof Error ? error.message : String(error)}`,
      );
      return false;
    }
  }

  /** A store that can't be read for once stops nothing else. */
  #dueOf(work: Work): ReadonlyMap<string, Instant> | undefined {
    try {
      return work.due();
    } catch (error) {
      this.#failed(work, work.name, error);
      return undefined;
    }
  }

  async #do(work: Work, key: string, name: string): Promise<void> {
    this.#running.add(name);
    try {
      await work.run(key, this.#end);
      this.#outcomes.set(name, { failures: 0, until: this.#ports.clock.monotonic() + breath * 1000 });
    } catch (error) {
      if (this.#end.cancelled) return;
      this.#failed(work, name, error);
    } finally {
      this.#running.delete(name);
      this.changed();
    }
  }

  #failed({ topics, name: kind }: Work, name: string, error: unknown): void {
    const { clock, log } = this.#ports;
    const message = error instanceof Error ? error.message : String(error);
    const before = this.#outcomes.get(name);
    const failures = (before?.failures ?? 0) + 1;
    const delay = Math.min(firstRetry * 2 ** (failures - 1), lastRetry) * this.#jitter();
    this.#outcomes.set(name, { failures, message, until: clock.monotonic() + delay * 1000 });
    // Said once, and not at each trial.
    if (before?.message !== message) log('error', topics, `${kind}: ${message}`);
  }

  /** From 0.75 to 1.25: routers that failed together do not come again together. */
  #jitter(): number {
    return 0.75 + (this.#ports.random.bytes(1)[0] ?? 0) / 510;
  }
}

/**
 * A process of its own that makes keys with the addon, for tests of what happens to it and of what it leaves behind.
 * Its argument says what to do; what it prints is JSON, a line each.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parentPort, Worker } from 'node:worker_threads';
import { Cancelled, CancelSource, neverCancelled } from '../../../src/platform/cancel.ts';
import { NativeKeyGenerator } from '../../../src/platform/node/keygen/native.ts';
import { builtAddon } from './native-addon.ts';

declare const gc: () => void;

const exports = builtAddon();
const generator = new NativeKeyGenerator(exports);

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

interface KeygenThread {
  readonly id: string;
  readonly nice: number;
}

/** This process' threads that make keys. */
function keygenThreads(): KeygenThread[] {
  return readdirSync('/proc/self/task').flatMap((id) => {
    let stat = '';
    try {
      stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    } catch {
      return [];
    }
    // proc(5): the name is the second field, in parentheses; the nice value is the 19th.
    const end = stat.lastIndexOf(')');
    return stat.slice(stat.indexOf('(') + 1, end) === 'keygen' ? [{ id, nice: Number(stat.slice(end + 2).split(' ')[16]) }] : [];
  });
}

/** A thread ends a moment after its promise is settled. */
async function untilThreadsEnded(): Promise<void> {
  await untilEnded(() => true);
}

async function untilEnded(isMeant: (thread: KeygenThread) => boolean): Promise<void> {
  while (keygenThreads().some(isMeant)) await setTimeout(5);
}

const long = { type: 'rsa', bits: 8192 } as const;

/** What is in use by this process: kB of memory, and how many of everything else. */
function inUse(): Record<string, number | readonly string[]> {
  gc();
  return {
    memory: Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]),
    threads: readdirSync('/proc/self/task').length,
    files: readdirSync('/proc/self/fd').length,
    // Those of the turn that is running are no handles.
    resources: process
      .getActiveResourcesInfo()
      .filter((name) => name !== 'Immediate')
      .toSorted(),
  };
}

async function outcome(bits: number): Promise<object> {
  try {
    const { publicKey } = await generator.generate({ type: 'rsa', bits, threads: 1 }, neverCancelled);
    return { bytes: publicKey.length };
  } catch (error) {
    return error instanceof Error && 'code' in error ? { code: error.code, message: error.message } : { error: String(error) };
  }
}

const scenarios: Record<string, () => Promise<void>> = {
  /** Searches until it is killed. */
  search: async () => {
    let shown = false;
    const show = (): void => {
      if (!shown) print({ nice: keygenThreads().map(({ nice }) => nice) });
      shown = true;
    };
    for (;;) await generator.generate({ type: 'rsa', bits: 3072 }, neverCancelled, show);
  },

  /** Ends in the middle of a search. */
  exit: async () => {
    await generator.generate(long, neverCancelled, () => process.exit(7));
  },

  /** Cancels in the middle of a search. */
  cancel: async () => {
    const before = inUse();
    const source = new CancelSource();
    const token = new exports.CancelToken();
    let during: Record<string, unknown> = {};
    let late = 0;
    const ended = await exports.generate(long, token, () => {
      if (source.cancelled) late++;
      else during = inUse();
      source.cancel();
      token.cancel();
    });
    await untilThreadsEnded();
    print({ before, during, late, ended, after: inUse() });
  },

  /** Makes and cancels very many keys. */
  many: async () => {
    const some = async (jobs: number): Promise<void> => {
      for (let job = 0; job < jobs; job++) {
        if (job % 10 !== 0) {
          await generator.generate({ type: 'ec', curve: 'prime256v1' }, neverCancelled);
          continue;
        }
        const source = new CancelSource();
        const key = generator.generate(long, source);
        setImmediate(() => source.cancel());
        await key.catch((error: unknown) => {
          if (!(error instanceof Cancelled)) throw error;
        });
      }
      await untilThreadsEnded();
    };
    await some(200);
    const before = inUse();
    // What is left by each job is left by every thousand; caches, pools and compiled code grow in some of them.
    const growths: number[] = [];
    let after = before;
    do {
      const { memory } = after;
      await some(1000);
      after = inUse();
      growths.push(Number(after['memory']) - Number(memory));
    } while (growths.length < 6 && Math.min(...growths) >= 500);
    print({ before, after, growths });
  },

  /** Terminates a worker in the middle of its jobs, while this thread has one of its own. */
  terminate: async () => {
    const worker = new Worker(new URL(import.meta.url), { argv: ['work'] });
    await once(worker, 'message');
    const theirs = keygenThreads().map(({ id }) => id);
    let goesOn = true;
    // However lucky its search is, its sieve, rounds and finish alone take longer than terminating a worker.
    const own = outcome(6144).finally(() => {
      goesOn = false;
    });
    const begun = process.cpuUsage();
    await worker.terminate();
    const ownGoesOn = goesOn;
    await untilEnded(({ id }) => theirs.includes(id));
    const { user, system } = process.cpuUsage(begun);
    const seconds = (user + system) / 1e6;
    print({ threads: theirs.length, jobsDone: seconds / (await generator.expectedSeconds(long)), ownGoesOn, own: await own });
  },

  /** In a worker: eight jobs, which the main thread hears of when all of them are at work. */
  work: async () => {
    const jobs = Array.from({ length: 8 }, async () => {
      await new Promise<void>((resolve) => {
        void exports.generate({ ...long, threads: 1 }, new exports.CancelToken(), () => resolve());
      });
    });
    await Promise.all(jobs);
    parentPort?.postMessage('at work', []);
    await once(new EventTarget(), 'what never happens');
  },

  /** Asks for a key by an object that can't be read, and has nothing else to do. */
  unreadable: async () => {
    const unreadable = {
      type: 'ed25519',
      get threads(): number {
        throw new RangeError('unreadable');
      },
    } as const;
    process.once('beforeExit', () => {
      print({ idle: true });
      process.exit(0);
    });
    try {
      await exports.generate(unreadable, new exports.CancelToken(), () => undefined);
    } catch {
      await once(new EventTarget(), 'what never happens');
    }
  },

  /** Has one job now and one whenever it is told to go on. As root it becomes somebody whom limits hold. */
  limited: async () => {
    print({ ready: true });
    await line();
    if (process.getuid?.() === 0) process.setuid?.(65_534);
    print(await outcome(1024));
    await line();
    print(await outcome(1024));
  },
};

async function line(): Promise<void> {
  await new Promise((resolve) => {
    process.stdin.once('data', resolve);
  });
}

await scenarios[process.argv[2] ?? '']?.();
process.exit(0);

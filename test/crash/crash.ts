import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findTool, root } from '../../scripts/tools.ts';
import type { Durability } from '../../src/platform/common/sqlite.ts';
import { Disk } from './disk.ts';
import { readTrace, tracedCalls } from './trace.ts';
import type { Workload } from './workload.ts';

/** A workload's module by its path, and how the store under it is written. */
export interface Subject {
  readonly module: string;
  readonly durability: Durability;
}

/** By night (`npm run test:all`) no system call is passed over. */
export const byNight = process.env['EVERY_CRASH'] !== undefined;

/** What the child ends with when a call of the store failed. */
const failedStatus = 3;

const child = join(import.meta.dirname, 'child.ts');

/** Runs the workload again and again on one store, each time killed (SIGKILL) right after an acknowledgement; checks after each. */
export async function killLoop(subject: Subject, rounds: number): Promise<void> {
  await inFolder(async (folder) => {
    await prepare(subject, folder);
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      acknowledged.push(...(await run(subject, folder, { killAfter: 1 + (round % 3) })).acknowledged);
      await check(subject, folder, acknowledged, `after kill ${round + 1}`);
    }
  });
}

/**
 * Runs the workload on copies of one store, killed as it is about to make the n-th of a system call: n is 1, 1 + `step`, … until it ends
 * before that. Checks each. Returns how many such calls there are, or a few less.
 */
export async function killAtEach(subject: Subject, call: 'pwrite64' | 'fsync' | 'rename', step = 1): Promise<number> {
  return inFolder(async (folder) => {
    const prepared = join(folder, 'prepared');
    await prepare(subject, prepared);
    for (let n = 1; ; n += step) {
      const copy = join(folder, 'copy');
      cpSync(prepared, copy, { recursive: true });
      const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${n}`, '-o', '/dev/null'];
      const { acknowledged, killed } = await run(subject, copy, { strace: inject });
      await check(subject, copy, acknowledged, `killed at ${call} ${n}`);
      if (!killed) return Math.max(0, n - step);
      rmSync(copy, { recursive: true });
    }
  });
}

/**
 * Runs the workload on copies of one store, in which the n-th of a system call fails with `error`: n is 1, 1 + `step`, … until there are
 * no more such calls. Checks each. Returns the errors that the workload ended with, each once.
 */
export async function failAtEach(
  subject: Subject,
  call: 'pwrite64' | 'fsync',
  error: 'ENOSPC' | 'EIO',
  step: number,
): Promise<readonly string[]> {
  return inFolder(async (folder) => {
    const prepared = join(folder, 'prepared');
    await prepare(subject, prepared);
    const failures = new Set<string>();
    for (let n = 1; ; n += step) {
      const copy = join(folder, 'copy');
      cpSync(prepared, copy, { recursive: true });
      const trace = join(folder, 'trace');
      const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${n}`, '-o', trace];
      const { acknowledged, failure } = await run(subject, copy, { strace: inject });
      await check(subject, copy, acknowledged, `${error} at ${call} ${n}`);
      if (!readFileSync(trace, 'utf8').includes('(INJECTED)')) return [...failures];
      if (failure !== undefined) failures.add(failure);
      rmSync(copy, { recursive: true });
    }
  });
}

/**
 * Runs the workload once under strace and replays what it wrote: after every system call the power goes, and of what was not synced
 * nothing, everything, or some is on the disk. Checks each disk that can so come about; returns how many. From an `empty` folder the
 * making of the store is cut as well.
 */
export async function powerCuts(subject: Subject, from: 'prepared' | 'empty' = 'prepared'): Promise<number> {
  return inFolder(async (folder) => {
    const store = join(folder, 'store');
    mkdirSync(store, { mode: 0o700 });
    if (from === 'prepared') await prepare(subject, store);
    const disk = Disk.holding(store);
    const trace = join(folder, 'trace');
    await run(subject, store, { strace: ['--seccomp-bpf', '-y', '-x', '-s', '1048576', '-e', `trace=${tracedCalls.join()}`, '-o', trace] });
    const cut = join(folder, 'cut');
    const seen = new Set<string>();
    const acknowledged: string[] = [];
    for await (const call of readTrace(trace, store)) {
      if (call.name === 'acknowledge') acknowledged.push(...call.lines);
      else disk.apply(call);
      for (const state of disk.afterPowerCut()) {
        const key = `${acknowledged.length} ${state.digest()}`;
        if (seen.has(key)) continue;
        seen.add(key);
        state.writeTo(cut);
        await check(subject, cut, acknowledged, `power cut after ${call.name}, ${acknowledged.length} acknowledged, ${state.kept} kept`);
        rmSync(cut, { recursive: true });
      }
    }
    if (acknowledged.length === 0) throw new Error('the trace holds no acknowledgement');
    return seen.size;
  });
}

async function prepare(subject: Subject, folder: string): Promise<void> {
  const { killed, failure } = await run(subject, folder, { step: 'prepare' });
  if (killed || failure !== undefined) throw new Error('the workload could not prepare its store');
}

interface Run {
  readonly step?: 'prepare' | 'run';
  /** Arguments of strace to run under. */
  readonly strace?: readonly string[];
  /** Kill the child as soon as it acknowledged so often. */
  readonly killAfter?: number;
}

interface Ended {
  readonly acknowledged: readonly string[];
  /** It did not come to its end. */
  readonly killed: boolean;
  /** Name and code of the error that the workload ended with. */
  readonly failure: string | undefined;
}

/** One run of the child. */
async function run(subject: Subject, folder: string, { step = 'run', strace, killAfter }: Run): Promise<Ended> {
  const { journal, synchronous } = subject.durability;
  const program = [process.execPath, child, step, subject.module, folder, journal, synchronous];
  // No --seccomp-bpf here: strace 6.1 injects nothing with it.
  const [command = '', ...args] = strace === undefined ? program : [findTool('strace') ?? 'strace', '-f', ...strace, ...program];
  // One thread for files: strace counts the calls of each thread by themselves. Most of a run would be the compiling.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_COMPILE_CACHE: join(root, '.cache', 'compiled') };
  const running = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const ended = new Promise<number | null>((resolve, reject) => {
    running.on('error', reject);
    running.on('close', resolve);
  });
  let complaint = '';
  running.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: running.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === killAfter) running.kill('SIGKILL');
  }
  const status = await ended;
  if (status === failedStatus) return { acknowledged, killed: false, failure: complaint.trim() };
  // A killed child has no status, or, by way of strace, that of its signal; anything else is a fault of the workload.
  if (status !== 0 && status !== null && status !== 137) throw new Error(`the workload failed: ${complaint}`);
  return { acknowledged, killed: status !== 0, failure: undefined };
}

async function check(subject: Subject, folder: string, acknowledged: readonly string[], when: string): Promise<void> {
  const { workload } = (await import(subject.module)) as { workload: Workload };
  try {
    await workload.check(folder, acknowledged);
  } catch (error) {
    throw new Error(`${when}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A folder in memory where there is one: what is durable is decided by the replay, not by this machine's disk. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'signet-crash-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

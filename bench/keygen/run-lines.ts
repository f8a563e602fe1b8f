import { spawnSync } from 'node:child_process';
import { sum } from './statistics.ts';

export interface Cpu {
  /** Seconds. */
  readonly cpu: number;
}

/**
 * Runs a program to its end, or for so many seconds by the clock; its standard output is one value of JSON a line. A program that fails ends
 * the benchmark.
 */
export function jsonLines<Line>([program = '', ...args]: readonly string[], limit = Number.POSITIVE_INFINITY): Line[] {
  const timeout = Number.isFinite(limit) ? { timeout: limit * 1000 } : {};
  const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...timeout });
  if (run.error !== undefined && 'code' in run.error && run.error.code === 'ETIMEDOUT') return lines(run.stdout);
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(run.status)}: ${run.stderr.slice(0, 2000)}`);
  return lines(run.stdout);
}

/** The whole lines. */
function lines<Line>(text: string): Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/**
 * Makes keys a few at a time until there are `count` or their CPU seconds reach `budget`. `some` makes as many as it is told, or fewer where it
 * takes longer by the clock than it may: then no more are made.
 */
export function sample(count: number, budget: number, some: (count: number, limit: number) => readonly number[]): number[] {
  const samples: number[] = [];
  let spent = 0;
  while (samples.length < count && spent < budget) {
    const left = samples.length === 0 ? 1 : Math.ceil(((budget - spent) / spent) * samples.length);
    const wanted = Math.min(count - samples.length, left, 50);
    const more = some(wanted, 5 * budget);
    samples.push(...more);
    if (more.length < wanted) break;
    spent += sum(more);
  }
  return samples;
}

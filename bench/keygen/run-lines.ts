import { spawnSync } from 'node:child_process';

export interface Cpu {
  /** Seconds. */
  readonly cpu: number;
}

/** Runs a program to its end; its standard output is one value of JSON a line. A program that fails ends the benchmark. */
export function jsonLines<Line>([program = '', ...args]: readonly string[]): Line[] {
  const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(run.status)}: ${run.stderr.slice(0, 2000)}`);
  return run.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

/** Makes keys (or else) a few at a time until there are `count` or their CPU seconds reach `budget`. */
export function sample(count: number, budget: number, some: (count: number) => readonly number[]): number[] {
  const samples: number[] = [];
  let spent = 0;
  while (samples.length < count && spent < budget) {
    const left = samples.length === 0 ? 1 : Math.ceil(((budget - spent) / spent) * samples.length);
    const more = some(Math.min(count - samples.length, left, 50));
    samples.push(...more);
    spent += more.reduce((sum, seconds) => sum + seconds, 0);
  }
  return samples;
}

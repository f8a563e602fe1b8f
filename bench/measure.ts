import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What one run of a program cost. */
export interface Cost {
  /** User and system CPU time of the program and its children, seconds. */
  readonly cpu: number;
  /** Wall clock, seconds. */
  readonly elapsed: number;
  /** Largest resident set, MB. */
  readonly memory: number;
  readonly output: string;
}

/** Runs `fn` with the path of an empty folder that is gone afterwards. */
export function withFolder<T>(fn: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'signet-bench-'));
  try {
    return fn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end under GNU time; a failing one ends the benchmark. */
export function measure(command: readonly string[], options: { readonly input?: string; readonly cwd?: string } = {}): Cost {
  return withFolder((folder) => {
    const figures = join(folder, 'time');
    const run = spawnSync('/usr/bin/time', ['-o', figures, '-f', '%U %S %e %M', ...command], {
      input: options.input ?? '',
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (run.error !== undefined) throw run.error;
    if (run.status !== 0) throw new Error(`${command.join(' ')} ended with ${String(run.status)}: ${run.stderr.slice(0, 2000)}`);
    const [user = 0, system = 0, elapsed = 0, kilobytes = 0] = readFileSync(figures, 'utf8').trim().split(/\s+/).map(Number);
    return { cpu: user + system, elapsed, memory: kilobytes / 1024, output: run.stdout };
  });
}

/** Seconds of wall clock that a program spends in fsync and fdatasync, by strace (which slows the program, not the calls). */
export function secondsInSync(command: readonly string[]): { readonly seconds: number; readonly calls: number } {
  return withFolder((folder) => {
    const summary = join(folder, 'strace');
    const run = spawnSync('strace', ['-f', '-w', '-c', '-o', summary, '-e', 'trace=fsync,fdatasync', ...command], { encoding: 'utf8' });
    if (run.error !== undefined) throw run.error;
    if (run.status !== 0) throw new Error(`strace ended with ${String(run.status)}: ${run.stderr.slice(0, 2000)}`);
    // % time, seconds, usecs/call, calls, [errors,] syscall
    const rows = readFileSync(summary, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((row) => /^f(data)?sync$/.test(row.at(-1) ?? ''));
    const sum = (column: number): number => rows.reduce((total, row) => total + Number(row[column]), 0);
    return { seconds: sum(1), calls: sum(3) };
  });
}

/** A file with this text below `folder`. */
export function textFile(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

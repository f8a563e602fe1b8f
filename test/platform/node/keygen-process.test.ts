import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { defaultAddonPath, loadAddon } from '../../../src/platform/node/keygen/addon.ts';

const folder = mkdtempSync(join(tmpdir(), 'signet-keygen-'));
afterAll(() => rmSync(folder, { recursive: true }));

const program = fileURLToPath(new URL('./keygen-program.ts', import.meta.url));

interface Program {
  readonly child: ChildProcessWithoutNullStreams;
  /** The next line of its output. */
  readonly next: () => Promise<Record<string, unknown>>;
  /** How it ends. */
  readonly ended: Promise<readonly unknown[]>;
}

function run(scenario: string): Program {
  const child = spawn(process.execPath, ['--expose-gc', program, scenario], { cwd: folder });
  child.stderr.pipe(process.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    ended: once(child, 'exit'),
    next: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error(`the program ended: ${scenario}`);
      return JSON.parse(line.value) as Record<string, unknown>;
    },
  };
}

const slow = 120_000;
const loaded = loadAddon(defaultAddonPath).loaded;

describe.runIf(loaded || process.env['CI'] === 'true')('a process that makes keys', () => {
  it('searches at the lowest priority, on all cores but one', { timeout: slow }, async () => {
    const { child, next, ended } = run('search');
    const { nice } = await next();
    expect(nice).toEqual(Array.from({ length: Math.max(1, availableParallelism() - 1) }, () => 19));
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  });

  it('can be ended in the middle of a search', { timeout: slow }, async () => {
    expect(await run('exit').ended).toEqual([7, null]);
  });

  it('has no thread and no handle left of a search that was cancelled, which hardly went on', { timeout: slow }, async () => {
    const { before, during, late, ended, after } = await run('cancel').next();
    expect(ended).toEqual({ code: 'cancelled', message: 'cancelled' });
    // What was on its way already.
    expect(late).toBeLessThanOrEqual(2);
    const { memory: _, ...rest } = before as Record<string, unknown>;
    expect(Number((during as Record<string, unknown>)['threads'])).toBeGreaterThan(Number(rest['threads']));
    expect(after).toMatchObject(rest);
  });

  it('has nothing more in use after a thousand jobs', { timeout: slow }, async () => {
    const { before, after, growths } = await run('many').next();
    const { memory: _, ...rest } = before as Record<string, unknown>;
    expect(after).toMatchObject(rest);
    // A clean run has a thousand with less than 150; one whose jobs leave 2 kB each has none below 1,100.
    expect(Math.min(...(growths as number[])), `kB by each thousand: ${String(growths)}`).toBeLessThan(500);
  });

  it('ends the jobs of a worker that is terminated, and no others', { timeout: slow }, async () => {
    const { threads, jobsDone, ownGoesOn, own } = await run('terminate').next();
    expect(threads).toBe(8);
    // What was done after the end, in the work of one of the worker's eight jobs.
    expect(jobsDone).toBeLessThan(1);
    expect(own).toEqual({ bytes: 806 });
    expect(ownGoesOn).toBe(true);
  });

  it('is not kept alive by a job whose spec could not be read', { timeout: slow }, async () => {
    const { next, ended } = run('unreadable');
    expect(await next()).toEqual({ idle: true });
    expect(await ended).toEqual([0, null]);
  });

  it('says so when there is no thread to be had, and makes keys again when there is', { timeout: slow }, async () => {
    const { child, next, ended } = run('limited');
    // A process' limits belong to its user, whom the program is after the first line.
    const limit = (nproc: string, who: object): unknown => execFileSync('prlimit', ['--pid', String(child.pid), `--nproc=${nproc}:`], who);
    await next();
    limit('0', {});
    child.stdin.write('go on\n');
    expect(await next()).toEqual({ code: 'threads', message: expect.stringMatching(/^no thread for the key generator: /) });
    const most = /^Max processes +\S+ +(\S+)/m.exec(readFileSync(`/proc/${child.pid}/limits`, 'utf8'))?.[1] ?? '';
    limit(most, process.getuid?.() === 0 ? { uid: 65_534 } : {});
    child.stdin.write('go on\n');
    expect(await next()).toEqual({ bytes: 162 });
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
  });

  it.each(['SIGSEGV', 'SIGABRT'] as const)('leaves no core when it ends by %s', { timeout: slow }, async (signal) => {
    const { child, next, ended } = run('search');
    await next();
    expect(readFileSync(`/proc/${child.pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /m);
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

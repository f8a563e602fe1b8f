import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { findTool, root, whence } from './tools.ts';

const targets = join(root, 'test/fuzz/targets');

/** Names of the targets: the files of test/fuzz/targets. */
export function fuzzTargets(): string[] {
  return readdirSync(targets)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
}

export interface FuzzResult {
  target: string;
  /** True when an input made the target fail. */
  found: boolean;
  output: string;
}

export interface FuzzOptions {
  seconds: number;
  /** Changes the source on its way into the target: a test plants bugs with it. */
  plugins?: Plugin[];
  /** Where the bundle, new inputs and findings go. */
  folder?: string;
}

/**
 * Fuzzes one target, starting from the committed inputs of test/fuzz/corpus; a finding is left in `folder`. The result is an error only when it could not be fuzzed at all.
 */
export async function fuzz(
  target: string,
  { seconds, plugins = [], folder = join(root, '.cache/fuzz', target) }: FuzzOptions,
): Promise<FuzzResult> {
  const bundle = join(folder, 'target.cjs');
  const inputs = join(folder, 'inputs');
  mkdirSync(inputs, { recursive: true });
  // The engine instruments CommonJS, in one file, so that the whole of the target's code is counted.
  await build({
    entryPoints: [join(targets, `${target}.ts`)],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    plugins,
    logLevel: 'warning',
  });
  const glibc = findTool('glibc');
  if (glibc === undefined) throw new Error(`missing: glibc (${whence('glibc')})`);
  const loader = readdirSync(glibc).find((name) => /^ld-linux-.*\.so/.test(name)) ?? '';
  const node = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin/node');
  const seeds = join(root, 'test/fuzz/corpus', target);
  // Without promises in between it is several times faster.
  const mode = readFileSync(join(targets, `${target}.ts`), 'utf8').includes('async function fuzz') ? [] : ['--sync'];
  const engine = [join(root, 'node_modules/@jazzer.js/core/dist/cli.js'), ...mode, bundle, inputs, ...(existsSync(seeds) ? [seeds] : [])];
  const limits = [
    `-max_total_time=${seconds}`,
    '-max_len=8192',
    '-rss_limit_mb=4096',
    `-artifact_prefix=${folder}/`,
    '-print_final_stats=1',
  ];
  const { status, output } = await run(join(glibc, loader), ['--library-path', glibc, node, ...engine, '--', ...limits]);
  if (status === 0) return { target, found: false, output };
  if (output.includes('Test unit written to')) return { target, found: true, output };
  throw new Error(`${target} could not be fuzzed:\n${output}`);
}

async function run(program: string, args: readonly string[]): Promise<{ status: number; output: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: string[] = [];
  const keep = (text: string): void => void parts.push(text);
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { status, output: parts.join('') };
}

/** Fuzzes all the targets named, two at a time. */
export async function fuzzAll(names: readonly string[], seconds: number): Promise<FuzzResult[]> {
  const waiting = [...names];
  const results: FuzzResult[] = [];
  async function work(): Promise<void> {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const result = await fuzz(name, { seconds });
      process.stdout.write(`${name}: ${result.found ? 'FOUND' : 'nothing found'}; ${summary(result.output)}\n`);
      if (result.found) process.stdout.write(`${result.output.slice(-4000)}\n`);
      results.push(result);
    }
  }
  await Promise.all([work(), work()]);
  return results;
}

/** The engine's last word on coverage and speed. */
function summary(output: string): string {
  const last = [...output.matchAll(/^#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)/gm)].at(-1);
  return last === undefined ? 'no inputs' : `${last[1]} inputs, ${last[2]} points covered, ${last[4]} kept`;
}

import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../scripts/tools.ts';

/** Stands in for npm: writes down how it was called, takes its time, and installs a `node`. */
const fakeNpm = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
const settings = Object.keys(process.env).filter((name) => name.startsWith('npm_config_'));
appendFileSync('calls.txt', JSON.stringify({ args: process.argv.slice(2), settings }) + '\\n');
await new Promise((resolve) => setTimeout(resolve, 300));
if (process.env.FAKE_FAILS) process.exit(1);
mkdirSync('node_modules/.bin', { recursive: true });
writeFileSync('node_modules/.bin/node', '');
`;

let clone = '';

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'signet-setup-'));
  mkdirSync(join(clone, 'scripts'));
  copyFileSync(join(root, 'scripts/setup.mjs'), join(clone, 'scripts/setup.mjs'));
  writeFileSync(join(clone, 'npm.mjs'), fakeNpm);
  lock({ a: '1.0.0' });
  writeFileSync(join(clone, 'package.json'), JSON.stringify({ dependencies: { a: '1.0.0' } }));
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function lock(dependencies: Record<string, string>): void {
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: { '': { dependencies } } }));
}

function setup(args: readonly string[] = [], env: Record<string, string> = {}): Promise<{ status: number; errors: string }> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_')));
  const child = spawn(process.execPath, [join(clone, 'scripts/setup.mjs'), ...args], {
    env: { ...inherited, npm_execpath: join(clone, 'npm.mjs'), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status: status ?? -1, errors: errors.join('') }));
  });
}

function calls(): { args: string[]; settings: string[] }[] {
  const file = join(clone, 'calls.txt');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { args: string[]; settings: string[] });
}

describe('setup', () => {
  test('installs once, and again when the lock file changes', async () => {
    expect((await setup()).status).toBe(0);
    expect((await setup()).status).toBe(0);
    expect(calls()).toHaveLength(1);
    writeFileSync(join(clone, 'package-lock.json'), `${readFileSync(join(clone, 'package-lock.json'), 'utf8')}\n`);
    await setup();
    expect(calls()).toHaveLength(2);
  });

  test('two at once install once', async () => {
    const results = await Promise.all([setup(), setup()]);
    expect(results.map(({ status }) => status)).toEqual([0, 0]);
    expect(calls()).toHaveLength(1);
  });

  test('the run-time alone is less, and what has everything has it too', async () => {
    await setup(['--run-time']);
    await setup();
    await setup(['--run-time']);
    expect(calls().map(({ args }) => args.filter((arg) => arg.endsWith('=dev')))).toEqual([['--omit=dev'], ['--include=dev']]);
  });

  test('hands down where the registry is, and no other setting of the npm that called it', async () => {
    await setup([], {
      npm_config_registry: 'http://localhost/',
      npm_config_omit: 'optional',
      npm_config_cache: 'c',
      npm_config_dry_run: 'true',
    });
    expect(calls().map(({ settings }) => settings.toSorted())).toEqual([['npm_config_cache', 'npm_config_registry']]);
  });

  test('fails with npm, and tries again the next time', async () => {
    const failure = await setup([], { FAKE_FAILS: '1' });
    expect(failure.status).toBe(1);
    expect(failure.errors).toContain('signet: npm could not install the packages');
    expect((await setup()).status).toBe(0);
    expect(calls()).toHaveLength(2);
  });

  test('does not wait for a process that died while it was installing', async () => {
    const gone = spawn(process.execPath, ['--eval', '']);
    await new Promise((resolve) => {
      gone.on('close', resolve);
    });
    mkdirSync(join(clone, '.cache'));
    writeFileSync(join(clone, '.cache/setup.lock'), String(gone.pid));
    expect((await setup()).status).toBe(0);
    expect(calls()).toHaveLength(1);
  });

  test('refuses a lock file that was made for other packages', async () => {
    lock({ a: '1.0.1' });
    const failure = await setup();
    expect(failure).toEqual({ status: 1, errors: 'signet: package.json and package-lock.json differ; run npm install\n' });
    expect(calls()).toEqual([]);
  });
});

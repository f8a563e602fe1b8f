// Installs what package-lock.json names, when it is not there yet. Runs before `npm start` and `npm test`, on any Node from 20 on and
// before anything is installed, so it is plain JavaScript with nothing but Node's own modules.
//
//   node scripts/setup.mjs            everything
//   node scripts/setup.mjs --run-time only what `npm start` needs
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.signet-stamp');
const lockFile = join(root, '.cache', 'setup.lock');
const runTimeOnly = process.argv.includes('--run-time');

/** What npm hands down to a script's children that must not change the nested install: all but how to reach the registry. */
const keptSettings = new Set([
  'registry',
  'cache',
  'userconfig',
  'globalconfig',
  'proxy',
  'https_proxy',
  'noproxy',
  'cafile',
  'ca',
  'strict_ssl',
]);

/** @param {'all' | 'run-time'} scope */
function wantedStamp(scope) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform} ${process.arch} ${scope}\n`;
}

function upToDate() {
  if (!existsSync(stampFile)) return false;
  const stamp = readFileSync(stampFile, 'utf8');
  return stamp === wantedStamp('all') || (runTimeOnly && stamp === wantedStamp('run-time'));
}

function environment() {
  const kept = Object.entries(process.env).filter(([name]) => {
    const setting = /^npm_config_(.*)$/i.exec(name)?.[1]?.toLowerCase();
    return setting === undefined || keptSettings.has(setting);
  });
  return Object.fromEntries(kept);
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** True when this process holds the lock; false when another live one does. A lock whose owner is gone is removed. */
function lock() {
  mkdirSync(dirname(lockFile), { recursive: true });
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  try {
    const owner = Number(readFileSync(lockFile, 'utf8'));
    // An empty file is a lock being written: give its owner a moment before calling it dead.
    const old = Date.now() - statSync(lockFile).mtimeMs > 5000;
    if (owner > 0 ? !alive(owner) : old) rmSync(lockFile, { force: true });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  return false;
}

/** What package.json asks for must be what the lock file was made from; npm itself would go and choose versions instead. */
function lockMatches() {
  /** @typedef {Partial<Record<'dependencies' | 'optionalDependencies' | 'devDependencies', Record<string, string>>>} Wanted */
  const wanted = /** @type {Wanted} */ (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const lock = /** @type {{ packages: { '': Wanted } }} */ (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  /** @param {Wanted} from */
  const list = (from) =>
    [from.dependencies, from.optionalDependencies, from.devDependencies]
      .flatMap((kind) => Object.entries(kind ?? {}).map((entry) => entry.join(' ')))
      .toSorted()
      .join('\n');
  return list(wanted) === list(lock.packages['']);
}

function fail(/** @type {string} */ reason) {
  process.stderr.write(`signet: ${reason}\n`);
  process.exitCode = 1;
}

function install() {
  if (!lockMatches()) {
    fail('package.json and package-lock.json differ; run npm install');
    return;
  }
  process.stderr.write(`signet: installing ${runTimeOnly ? 'what the program needs' : 'what the program and its tests need'} ...\n`);
  const npm = process.env['npm_execpath'];
  const [command, ...first] = npm === undefined ? ['npm'] : [process.execPath, npm];
  // Not `npm ci`: that insists on lock entries for the platform packages of every system, which a registry that carries Linux alone lacks.
  const args = ['install', '--no-save', '--include=optional', runTimeOnly ? '--omit=dev' : '--include=dev'];
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(command, [...first, ...args, ...quietly], {
    cwd: root,
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (result.error) throw result.error;
  if (result.status === 0) writeFileSync(stampFile, wantedStamp(runTimeOnly ? 'run-time' : 'all'));
  else fail('npm could not install the packages (see above)');
}

/** `npm start` runs the first `node` of the path: the installed one, or else this machine's own, which must then be new enough. */
function checkNode() {
  if (existsSync(join(root, 'node_modules', '.bin', 'node'))) return;
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  fail(`no Node 24 for ${process.platform} ${process.arch} among the packages; install Node 24 (this is ${process.version})`);
}

function main() {
  while (!upToDate()) {
    if (!lock()) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      continue;
    }
    try {
      if (!upToDate()) install();
    } finally {
      rmSync(lockFile, { force: true });
    }
    if (process.exitCode) return;
  }
  checkNode();
}

main();

import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runUnderBochs } from './bochs.ts';
import { buildCompact } from './cross-build/build.ts';
import { bundle } from './cross-build/bundle.ts';
import { emulator } from './cross-build/emulator.ts';
import { type Form, outputs, type PackageForm, readTargets, type Target } from './cross-build/targets.ts';
import { environmentFor, installToolChain } from './cross-build/tool-chain.ts';
import { fuzzAll, fuzzTargets } from './fuzzing.ts';
import { buildImage, neededFor } from './image/build.ts';
import { images, imagesOf } from './image/images.ts';
import { installTools } from './install-tools.ts';
import { layerViolations } from './layers.ts';
import { differences, isBuiltAlike } from './reproducible.ts';
import { sources } from './source.ts';
import { cache, crossCompiler, findTool, inCi, root } from './tools.ts';
import { treeViolations } from './tree.ts';

/** What came of a check: a check that has no tests of its own counts as one. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** Why something was not tried, a line each. */
  leftOut: string[];
}

export interface Check {
  name: string;
  when: 'always' | 'nightly';
  run: () => Promise<Outcome>;
}

const bin = join(root, 'node_modules', '.bin');
const native = join(root, 'native');

/** Clones share what cargo built, so that a fresh one need not build every dependency again. */
const cargoFolder = inCi ? join(cache, 'cargo-target') : join(native, 'target');
const cargoTarget = { CARGO_TARGET_DIR: cargoFolder };

export const checks: readonly Check[] = [
  { name: 'types', when: 'always', run: () => command(join(bin, 'tsc'), ['--build']) },
  { name: 'lint', when: 'always', run: () => command(join(bin, 'oxlint'), ['--deny-warnings']) },
  { name: 'format', when: 'always', run: () => command(join(bin, 'biome'), ['check', '--error-on-warnings', '.']) },
  { name: 'layers', when: 'always', run: layers },
  { name: 'rust format', when: 'always', run: () => cargo('fmt', '--check') },
  { name: 'rust lint', when: 'always', run: rustLint },
  { name: 'rust tests', when: 'always', run: rustTests },
  { name: 'rust dependencies', when: 'always', run: rustDependencies },
  { name: 'native build', when: 'always', run: nativeBuild },
  { name: 'tests', when: 'always', run: () => tests() },
  { name: 'fuzz', when: 'always', run: () => fuzz(Number(process.env['FUZZ_SECONDS'] ?? (inCi ? 10 : 5))) },
  { name: 'npm audit', when: 'always', run: audit },
  // Nothing else tries what is built for other CPUs, or their kernels. The builds for x86-64 are of code that the checks above run, and all
  // operands take minutes of CPU time more than a tenth of them: both are for the night.
  { name: 'qemu', when: 'always', run: qemu },
  { name: 'compact host', when: 'always', run: compactHost },
  { name: 'compact host on mipsel', when: 'always', run: () => compactHostFor('mipsel-unknown-linux-musl') },
  { name: 'router boots', when: 'always', run: routerBoots },
  { name: 'kernels under qemu', when: 'always', run: () => kernelsUnderQemu(10) },
  { name: 'keygen bench (quick)', when: 'always', run: keygenBench },
  { name: 'all operands under qemu', when: 'nightly', run: () => kernelsUnderQemu(1) },
  { name: 'cross-build', when: 'nightly', run: () => crossBuild([]) },
  { name: 'compact host on arm64', when: 'nightly', run: () => compactHostFor('aarch64-unknown-linux-musl') },
  { name: 'compact host on x86-64', when: 'nightly', run: () => compactHostFor('x86_64-unknown-linux-musl') },
  { name: 'reproducible build', when: 'nightly', run: () => reproducibleBuild('x86_64-unknown-linux-musl') },
  { name: 'routers', when: 'nightly', run: routers },
  { name: 'debian package', when: 'nightly', run: debianPackage },
  { name: 'every crash', when: 'nightly', run: () => tests(['/crash.test.ts'], { EVERY_CRASH: '1' }) },
  { name: '10,000 keys', when: 'nightly', run: () => tests(['/generated-keys.test.ts'], { MANY_KEYS: '1' }) },
  { name: 'ifma under bochs', when: 'nightly', run: ifmaUnderBochs },
  { name: 'long fuzz', when: 'nightly', run: () => fuzz(1200) },
];

const done: Outcome = { passed: 1, failed: 0, skipped: 0, leftOut: [] };
const failed: Outcome = { passed: 0, failed: 1, skipped: 0, leftOut: [] };

function leftOut(...reasons: string[]): Outcome {
  return { passed: 0, failed: 0, skipped: 0, leftOut: reasons };
}

interface Run {
  status: number;
  output: string;
}

/** Runs a program, showing what it prints as it comes. */
async function run(program: string, args: readonly string[], options: { cwd?: string; env?: object; quiet?: boolean } = {}): Promise<Run> {
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const parts: string[] = [];
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.setEncoding('utf8').on('data', (text: string) => {
      parts.push(text);
      if (options.quiet !== true) to.write(text);
    });
  }
  const status = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      parts.push(error.message);
      process.stderr.write(`${error.message}\n`);
      resolve(-1);
    });
    child.on('close', (code) => resolve(code ?? -1));
  });
  return { status, output: parts.join('') };
}

async function command(program: string, args: readonly string[]): Promise<Outcome> {
  const { status } = await run(program, args);
  return status === 0 ? done : failed;
}

function layers(): Promise<Outcome> {
  const files = sources();
  const violations = [...layerViolations(files), ...treeViolations(files)];
  for (const violation of violations) process.stdout.write(`${violation}\n`);
  return Promise.resolve(violations.length === 0 ? done : { ...failed, failed: violations.length });
}

async function cargo(...args: readonly string[]): Promise<Outcome> {
  if (findTool('cargo') === undefined) return leftOut('cargo is missing');
  const { status, output } = await run('cargo', args, { cwd: native, env: cargoTarget });
  if (status === 0) return done;
  return output.includes('no such command') || output.includes('is not installed') ? leftOut(`cargo ${args[0]} is missing`) : failed;
}

/** What is there for tests alone hides what a program does not use, so programs are read without it first. */
async function rustLint(): Promise<Outcome> {
  const programs = await cargo('clippy', '--locked', '--', '--deny', 'warnings');
  return programs === done ? cargo('clippy', '--locked', '--all-targets', '--all-features', '--', '--deny', 'warnings') : programs;
}

async function rustTests(): Promise<Outcome> {
  if (findTool('cargo') === undefined) return leftOut('cargo is missing');
  const { status, output } = await run('cargo', ['test', '--locked', '--no-fail-fast'], { cwd: native, env: cargoTarget });
  return ofCargo(status, output);
}

/** What `cargo test` has counted. */
function ofCargo(status: number, output: string): Outcome {
  const outcome = { passed: 0, failed: 0, skipped: 0, leftOut: [] };
  for (const line of output.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
    outcome.passed += Number(line[1]);
    outcome.failed += Number(line[2]);
    outcome.skipped += Number(line[3]);
  }
  return status !== 0 && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
}

/** The tests of the arithmetic kernels on an emulated CPU with AVX-512 IFMA, whatever this machine has: as they are shipped, optimised. */
async function ifmaUnderBochs(): Promise<Outcome> {
  if (process.arch !== 'x64') return leftOut('the tests are built for the CPU they are built on');
  for (const tool of ['cargo', 'bochs', 'linux-x64'] as const) if (findTool(tool) === undefined) return leftOut(`${tool} is missing`);
  const target = ['--target', 'x86_64-unknown-linux-gnu'];
  const build = ['test', '--locked', '--release', ...target, '--package', 'signet-keygen', '--lib', '--no-run', '--message-format=json'];
  const env = { ...cargoTarget, RUSTFLAGS: '-C target-feature=+crt-static', CARGO_PROFILE_RELEASE_LTO: 'off' };
  const built = await run('cargo', build, { cwd: native, env, quiet: true });
  const program = /"executable":"([^"]+)"/.exec(built.output)?.[1];
  if (built.status !== 0 || program === undefined) {
    process.stdout.write(built.output);
    return failed;
  }
  const named = ['arith::ifma', 'arith::kernel_tests', 'arith::residues', '--test-threads=1', '--nocapture'];
  const { status, output } = await runUnderBochs(program, named, 3600);
  process.stdout.write(output);
  // The last lines are not there: Linux stops without waiting for its console. On a CPU without the instructions all would pass.
  const tests = /^running (\d+) tests$/m.exec(output)?.[1];
  // (The first line of a test stands behind its name.)
  const tried = ['ifma, 16 tiles', 'ifma, 4096 bits', 'residues of ifma'].every((line) => output.includes(`${line}\n`));
  return status === 0 && tried ? { ...done, passed: Number(tests) } : failed;
}

/** Licences, sources and duplicates by native/deny.toml. Advisories need a database that registries do not carry. */
async function rustDependencies(): Promise<Outcome> {
  const deny = findTool('cargo-deny');
  if (deny === undefined) return leftOut('cargo-deny is missing');
  const { status } = await run(deny, ['--locked', 'check', 'licenses', 'sources', 'bans'], { cwd: native });
  return status === 0 ? done : failed;
}

async function nativeBuild(): Promise<Outcome> {
  if (findTool('cargo') === undefined) return leftOut('cargo is missing, so that the tests run on the fallback alone');
  const { status } = await run('npm', ['run', '--silent', 'build:native'], { env: cargoTarget });
  return status === 0 ? done : failed;
}

function crossBuild(targets: readonly string[], ...forms: readonly (Form | PackageForm)[]): Promise<Outcome> {
  return command(join(bin, 'tsx'), ['scripts/cross-build/run.ts', ...targets, ...(forms.length > 0 ? ['--forms', forms.join(',')] : [])]);
}

/** Targets whose files name an emulator. */
function emulated(): (Target & Required<Pick<Target, 'qemu'>>)[] {
  return readTargets().flatMap((target) => (target.qemu === undefined ? [] : [{ ...target, qemu: target.qemu }]));
}

/** Installs what building for emulated CPUs and running on them needs; answers what is missing, one line each. */
function installEmulators(): string[] {
  return [...installToolChain(), ...installTools(['qemu-aarch64', 'qemu-mipsel', 'libraries-arm64', 'node-arm64', 'node-mipsel'])];
}

/** Builds for the emulated targets, and tries what came of it. */
async function qemu(): Promise<Outcome> {
  const missing = installEmulators();
  if (missing.length > 0) return leftOut(...missing);
  const built = await crossBuild(
    emulated().map(({ name }) => name),
    'addon',
    'keygen',
    'node',
  );
  return built.failed > 0 ? built : tests(['--config', 'test/qemu/vitest.config.ts']);
}

/** Every file of a target, built twice from one commit, is the same. */
async function reproducibleBuild(target: string): Promise<Outcome> {
  const missing = installToolChain();
  if (missing.length > 0) return leftOut(...missing);
  const different = await differences(target, run);
  if (different === undefined) return failed;
  for (const line of different) process.stdout.write(`built otherwise the second time: ${line}\n`);
  return different.length === 0 ? done : { ...failed, failed: different.length };
}

/** What is tried of the compact host: the program, and the guest of the contract tests, by the host's features. */
const compactPrograms = [
  { name: 'signet', entry: 'src/compact.ts', features: [] },
  { name: 'guest', entry: 'test/compact/host/guest.ts', features: ['testing'] },
] as const;

/** The compact host as cargo builds it for tests of this machine. */
async function compactHost(): Promise<Outcome> {
  if (findTool('cargo') === undefined) return leftOut('cargo is missing');
  const folder = join(root, '.cache', 'compact');
  for (const { name, entry, features } of compactPrograms) {
    const program = join(folder, name);
    await bundle(entry, `${program}.parts`);
    const what = ['--locked', '--package', 'signet-compact-host', ...features.flatMap((feature) => ['--features', feature])];
    const { status } = await run('cargo', ['build', ...what], { cwd: native, env: { ...cargoTarget, SIGNET_PROGRAM: `${program}.parts` } });
    if (status !== 0) return failed;
    copyFileSync(join(cargoFolder, 'debug', outputs.compact), program);
  }
  return tryCompactHost(folder);
}

/** The compact host as it is shipped for a target, on the CPU that the target's file names. */
async function compactHostFor(name: string): Promise<Outcome> {
  const missing = installEmulators();
  if (missing.length > 0) return leftOut(...missing);
  const [target] = readTargets([name]);
  if (target === undefined) return failed;
  const folder = join(root, '.cache', 'compact', name);
  mkdirSync(folder, { recursive: true });
  for (const { name: program, entry, features } of compactPrograms) await buildCompact(target, entry, join(folder, program), features);
  return tryCompactHost(folder, emulator(target));
}

const imageTests = ['--config', 'test/qemu/images/vitest.config.ts'] as const;

/** A whole machine, with the program that the check of the compact host on its CPU has made, or else the shipped one. */
async function routerBoots(): Promise<Outcome> {
  const [image] = imagesOf(['mipsel-malta']);
  if (image === undefined) return failed;
  const missing = [...installToolChain(), ...installTools([...neededFor(image), image.qemu.command])];
  if (missing.length > 0) return leftOut(...missing);
  const program = join(root, '.cache', 'compact', image.target, 'signet');
  if (!existsSync(program)) await buildShipped(image.target, program);
  buildImage(image, program);
  return tests([...imageTests, 'boot.test.ts']);
}

/** Every image, with what is shipped in it: the life of a router, power cuts, and ten minutes in which nothing happens. */
async function routers(): Promise<Outcome> {
  const missing = [
    ...installToolChain(),
    ...installTools([
      ...images.flatMap((image) => [...neededFor(image), image.qemu.command]),
      'ssh',
      'sftp',
      'e2fsck',
      'debugfs',
      'openssl',
      'tar',
    ]),
  ];
  if (missing.length > 0) return leftOut(...missing);
  for (const image of images) {
    const built = await crossBuild([image.target], 'compact');
    if (built.failed > 0) return built;
    if (!(await isBuiltAlike(image))) return failed;
    await buildShipped(image.target, join(root, '.cache', 'durability', image.target, 'signet'), 'test/compact/host/durability.ts');
  }
  return tests([...imageTests], { LONG_IDLE: 'yes' });
}

/** Debian's package on a Debian that systemd runs. */
async function debianPackage(): Promise<Outcome> {
  const missing = [...installToolChain(), ...installTools(['debian-x64', 'qemu-system-x86_64', 'mksquashfs', 'mkfs.ext4', 'cpio'])];
  if (missing.length > 0) return leftOut(...missing);
  const built = await crossBuild(['x86_64-unknown-linux-musl'], 'compact', 'deb');
  return built.failed > 0 ? built : tests(['--config', 'test/qemu/debian/vitest.config.ts']);
}

/** The compact host as it is shipped for a target, with the program that `entry` exports. */
async function buildShipped(name: string, output: string, entry = 'src/compact.ts'): Promise<void> {
  mkdirSync(dirname(output), { recursive: true });
  for (const target of readTargets([name])) await buildCompact(target, entry, output);
}

/** The contracts of the ports over its guest, and what a person sees of its program. */
function tryCompactHost(folder: string, runner: readonly string[] = []): Promise<Outcome> {
  const command = (name: string): string => JSON.stringify([...runner, join(folder, name)]);
  return tests(['--config', 'test/compact/vitest.config.ts'], { SIGNET_PROGRAM: command('signet'), SIGNET_GUEST: command('guest') });
}

/** How lines begin that must come of an emulated CPU: where it has not what a test is about, or nothing is of its name, all tests pass. */
const emulatedTests = {
  'qemu-aarch64': ['neon, 4096 bits', 'umulh, 4096 bits', 'residues of neon', 'test registers::'],
  'qemu-mipsel': ['mips32r2, 4096 bits', 'residues of mips32r2'],
} as const;

/**
 * The tests of the arithmetic and of wiping registers on emulated CPUs, with one in `oneIn` of the operations that kernels are compared
 * on. They are built for the addon's targets, where programs unwind as tests must: cargo has the standard library for that already.
 */
async function kernelsUnderQemu(oneIn: number): Promise<Outcome> {
  const missing = installEmulators();
  if (missing.length > 0) return leftOut(...missing);
  const total = { passed: 0, failed: 0, skipped: 0, leftOut: [] };
  for (const target of emulated().filter(({ forms }) => forms.includes('addon'))) {
    process.stdout.write(`${target.name} on ${target.qemu.cpu}\n`);
    const packages = ['--package', 'signet-keygen', '--package', 'signet-secret-memory', '--lib'];
    const build = ['test', '--locked', '--release', '--target', target.name, ...packages];
    const env = { ...environmentFor(target), COMPARE_ONE_IN: String(oneIn) };
    const named = ['--', 'arith::', 'registers::', '--show-output'];
    const { status, output } = await run(crossCompiler.cargo, [...build, ...named], { cwd: native, env });
    const outcome = ofCargo(status, output);
    const absent = emulatedTests[target.qemu.command].filter((line) => !output.includes(`\n${line}`));
    if (absent.length > 0) process.stdout.write(`not tried: ${absent.join(', ')}\n`);
    total.passed += outcome.passed;
    total.failed += outcome.failed + absent.length;
    total.skipped += outcome.skipped;
  }
  return total;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

/** All tests but those of test/qemu and test/compact; `args` are vitest's: paths that those to run hold, another configuration. */
async function tests(args: readonly string[] = [], env: object = {}): Promise<Outcome> {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const file = join(root, '.cache', 'vitest.json');
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = await run(join(bin, 'vitest'), ['run', ...reporters, ...args], { env });
  if (!existsSync(file)) return failed;
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  const failures = status === 0 ? report.numFailedTests : Math.max(report.numFailedTests, 1);
  return { passed: report.numPassedTests, failed: failures, skipped: report.numPendingTests + report.numTodoTests, leftOut: [] };
}

/** Each target counts as one test. */
async function fuzz(seconds: number): Promise<Outcome> {
  if (findTool('glibc') === undefined) return leftOut('no C library that the engine runs on');
  const results = await fuzzAll(fuzzTargets(), seconds);
  const found = results.filter((result) => result.found).length;
  return { passed: results.length - found, failed: found, skipped: 0, leftOut: [] };
}

/** For its output: figures of a shared machine are no test, and a bar that is not met fails nothing. One that can't be run does. */
async function keygenBench(): Promise<Outcome> {
  if (findTool('cargo') === undefined) return leftOut('cargo is missing');
  return command(join(bin, 'tsx'), ['bench/keygen/run.ts', '--quick']);
}

/** Known faults of the packages. A registry may have no such service, which is no fault of the packages and no choice of ours. */
async function audit(): Promise<Outcome> {
  const { status, output } = await run('npm', ['audit', '--audit-level=low'], { quiet: true });
  if (status === 0) return done;
  if (/audit endpoint returned an error|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.test(output)) {
    process.stdout.write('not answered: the package registry of this machine has no audit service\n');
    return leftOut();
  }
  process.stdout.write(output);
  return failed;
}

import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../scripts/cross-build/targets.ts';
import { cargoTarget, environmentFor, installToolChain } from '../../scripts/cross-build/tool-chain.ts';
import { findGo } from '../../scripts/install-tools.ts';
import { execute } from '../../scripts/steps.ts';
import { cache, inCi, root } from '../../scripts/tools.ts';

const here = import.meta.dirname;
const native = join(root, 'native');

/** A step that fails: what it says is the message. */
export function must(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}

/** Programs that this run of the benchmark compiled. */
mkdirSync(join(root, '.cache'), { recursive: true });
const compiled = mkdtempSync(join(root, '.cache', 'bench-'));
process.on('exit', () => rmSync(compiled, { recursive: true, force: true }));

export function goProgram(): string {
  const program = join(compiled, 'go-keygen');
  const [go, problem] = findGo();
  if (go === undefined) throw new Error(problem);
  must(execute([go, 'build', '-trimpath', '-buildvcs=false', '-o', program, '.'], { cwd: join(here, 'go') }));
  return program;
}

/** A workspace of the benchmark's own. */
export function cargoProgram(name: string): string {
  const target = inCi ? join(cache, `cargo-target-${name}`) : join(here, name, 'target');
  const environment = { env: { ...process.env, CARGO_TARGET_DIR: target } };
  must(execute(['cargo', 'build', '--release', '--locked'], { cwd: join(here, name), ...environment }));
  return join(target, 'release', name);
}

/** Where cargo keeps what it builds of ours for this machine. */
const target = inCi ? join(cache, 'cargo-target') : join(native, 'target');
const forThisMachine = { env: { ...process.env, CARGO_TARGET_DIR: target } };

/** Our key generator with its measuring subcommand for this machine. */
export function ownProgram(): string {
  must(execute(['cargo', 'build', '--release', '--locked', ...ownFeatures], { cwd: native, ...forThisMachine }));
  return kept(join(target, 'release', 'signet-keygen'), 'signet-keygen');
}

/** The addon for this machine, in its place in this clone. */
export function buildAddon(): void {
  must(execute(['npm', 'run', '--silent', 'build:native'], { cwd: root, ...forThisMachine }));
}

const ownFeatures = ['--package', 'signet-keygen-cli', '--features', 'measure'];

/** The same, static, for a small CPU, with its symbols. */
export function crossProgram(target: Target): string {
  must(installToolChain()[0]);
  const environment: NodeJS.ProcessEnv = { ...environmentFor(target), CARGO_PROFILE_RELEASE_STRIP: 'none' };
  const what = ['build', '--profile', target.toolChain.profile, '--locked', ...ownFeatures, '--target', target.name];
  must(execute([environment['CARGO'] ?? 'cargo', ...what], { cwd: native, env: environment }));
  return kept(join(cargoTarget, target.name, target.toolChain.profile, 'signet-keygen'), `signet-keygen-${target.name}`);
}

/** A copy that no later build replaces. */
function kept(path: string, name: string): string {
  const copy = join(compiled, name);
  copyFileSync(path, copy);
  return copy;
}

/** The plugin that counts instructions. */
export function plugin(): string {
  const library = join(compiled, 'instructions.so');
  must(execute(['cc', '-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-o', library, join(here, 'small', 'instructions.c')]));
  return library;
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { crossCompiler, root } from '../tools.ts';
import { bundle } from './bundle.ts';
import { abiViolations } from './elf.ts';
import type { Form, Target } from './targets.ts';
import { cargoTarget, environmentFor } from './tool-chain.ts';

/** The file in `dist/<target>/` that a form consists of. */
export const outputs: Readonly<Record<Form, string>> = {
  addon: 'rsa-keygen.node',
  compact: 'signet',
  keygen: 'signet-keygen',
};

/** Where a target's files end up. */
export function distFolder(target: string): string {
  return join(root, 'dist', target);
}

/** A form of a target could not be built, or is not what the target's file says. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** Builds these forms of a target into its folder, which holds nothing but forms of it afterwards. */
export async function build(target: Target, forms: readonly Form[] = target.forms): Promise<void> {
  const folder = distFolder(target.name);
  mkdirSync(folder, { recursive: true });
  for (const form of forms) {
    await builders[form](target, folder);
    const violations = abiViolations(join(folder, outputs[form]), target);
    if (violations.length > 0) throw new BuildError(violations.join('\n'));
  }
  const known = target.forms.map((form) => outputs[form]);
  for (const stale of readdirSync(folder).filter((name) => !known.includes(name))) rmSync(join(folder, stale), { recursive: true });
  const files = known.filter((name) => existsSync(join(folder, name)));
  const sums = files.map(
    (name) =>
      `${createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex')}  ${name}\n`,
  );
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
}

function whatFor({ name, toolChain }: Target): string[] {
  return ['--profile', toolChain.profile, '--target', name];
}

const builders: Readonly<Record<Form, (target: Target, folder: string) => Promise<void>>> = {
  addon: async (target, folder) => {
    const where = ['--manifest-path', 'native/rsa-keygen/Cargo.toml', '--config-path', 'native/rsa-keygen/napi.json'];
    const what = ['--no-js', ...where, '--output-dir', relative(root, folder)];
    await run(join(root, 'node_modules/.bin/napi'), ['build', ...whatFor(target), ...what, '--', '--locked'], target);
  },
  compact: async (target, folder) => {
    await buildCompact(target, 'src/compact.ts', join(folder, outputs.compact));
  },
  keygen: async (target, folder) => {
    await cargoBuild(target, 'signet-keygen-cli', []);
    copy(join(cargoTarget, target.name, target.toolChain.profile, outputs.keygen), join(folder, outputs.keygen));
  },
};

/** The compact host with the program that `entry` exports, as a file `output`; `features` are the host's. */
export async function buildCompact(target: Target, entry: string, output: string, features: readonly string[] = []): Promise<void> {
  const program = join(cargoTarget, 'programs', basename(output));
  await bundle(entry, program);
  await cargoBuild(target, 'signet-compact-host', features.length > 0 ? ['--features', features.join(',')] : [], {
    SIGNET_PROGRAM: program,
  });
  copy(join(cargoTarget, target.name, target.toolChain.profile, outputs.compact), output);
}

async function cargoBuild(target: Target, name: string, more: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const what = ['--locked', '--manifest-path', 'native/Cargo.toml', '--package', name];
  await run(crossCompiler.cargo, ['build', ...whatFor(target), ...what, ...more], target, env);
}

/** The old file is removed first: a program that is running can't be written to. */
function copy(from: string, to: string): void {
  rmSync(to, { force: true });
  copyFileSync(from, to);
}

async function run(program: string, args: readonly string[], target: Target, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn(program, args, { cwd: root, env: { ...environmentFor(target), ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  const end = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'a signal'));
  });
  if (end !== 0) throw new BuildError(`${target.name}: ${program} ${args.join(' ')} ended with ${end}`);
}

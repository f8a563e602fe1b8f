import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { contentsOf } from '../package/contents.ts';
import { thirdPartyLicences } from '../package/licences.ts';
import { makePackage, packageFile } from '../package/package.ts';
import { type Release, readRelease } from '../package/release.ts';
import { sbom } from '../package/sbom.ts';
import { sizesTable, writeSums } from '../package/sums.ts';
import { crossCompiler, root } from '../tools.ts';
import { bundle } from './bundle.ts';
import { abiViolations } from './elf.ts';
import { buildNodeBinary } from './node-binary.ts';
import { type Form, outputs, type PackageForm, packageForms, type Target } from './targets.ts';
import { cargoTarget, environmentFor } from './tool-chain.ts';

/** Where a target's files end up. */
export function distFolder(target: string): string {
  return join(root, 'dist', target);
}

/** A form of a target could not be built, or is not what the target's file says. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

/** Builds these forms and packages of a target into its folder, which holds nothing but forms of it afterwards. */
export async function build(target: Target, wanted: readonly (Form | PackageForm)[] = formsOf(target)): Promise<void> {
  const folder = distFolder(target.name);
  mkdirSync(folder, { recursive: true });
  for (const form of target.forms.filter((each) => wanted.includes(each))) {
    await builders[form](target, folder);
    const violations = abiViolations(join(folder, outputs[form]), target);
    if (violations.length > 0) throw new BuildError(violations.join('\n'));
  }
  const release = readRelease();
  const built = target.forms.filter((form) => existsSync(join(folder, outputs[form])));
  const contents = contentsOf(target, built);
  const licences = thirdPartyLicences(contents.components);
  writeFileSync(join(folder, licencesFile), licences);
  writeFileSync(join(folder, sbomFile), sbom(target.name, contents, release));
  for (const [form, architecture] of packagesOf(target).filter(([each]) => wanted.includes(each))) {
    const made = makePackage(form, programOf(target), licences, release, architecture);
    writeFileSync(join(folder, packageFile(form, release, architecture)), made);
  }
  const known = filesOf(target, release);
  for (const stale of readdirSync(folder).filter((name) => !known.includes(name))) rmSync(join(folder, stale), { recursive: true });
  writeSums(folder, known);
}

const sbomFile = 'sbom.cdx.json';
const licencesFile = 'THIRD-PARTY-LICENCES.txt';

/** The names of all that a target's folder may hold besides their sums. */
function filesOf(target: Target, release: Release): string[] {
  const packages = packagesOf(target).map(([form, architecture]) => packageFile(form, release, architecture));
  return [...target.forms.map((form) => outputs[form]), ...packages, sbomFile, licencesFile];
}

/** How big the files of a target are; `compressed`: also by xz, which takes a minute for Node. */
export function sizesOf(target: Target, compressed: boolean): string {
  return sizesTable(target.name, distFolder(target.name), filesOf(target, readRelease()), compressed);
}

/** All forms and packages of a target, in the order in which they are made. */
export function formsOf(target: Target): (Form | PackageForm)[] {
  return [...target.forms, ...packagesOf(target).map(([form]) => form)];
}

function packagesOf({ packages = {} }: Target): [PackageForm, string][] {
  return packageForms.flatMap((form) => {
    const architecture = packages[form];
    return architecture === undefined ? [] : [[form, architecture]];
  });
}

function programOf({ name }: Target): Uint8Array {
  const path = join(distFolder(name), outputs.compact);
  if (!existsSync(path))
    throw new BuildError(`dist/${name}/${outputs.compact} is missing, which packages hold: build the form compact too`);
  return readFileSync(path);
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
  node: async ({ name }, folder) => {
    const work = join(cargoTarget, 'programs', `node-${name}`);
    const problem = await buildNodeBinary(name, join(folder, outputs.addon), work, join(folder, outputs.node));
    if (problem !== undefined) throw new BuildError(`${name}: ${problem}`);
  },
};

/** The compact host with the program that `entry` exports, as a file `output`; `features` are the host's. */
export async function buildCompact(target: Target, entry: string, output: string, features: readonly string[] = []): Promise<void> {
  // Not beside what cargo keeps, which clones and programs share: one that is built meanwhile would get the other's text.
  const program = join(root, '.cache', 'programs', target.name, basename(entry, '.ts'));
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

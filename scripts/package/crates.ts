import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Target } from '../cross-build/targets.ts';
import { environmentFor } from '../cross-build/tool-chain.ts';
import { crossCompiler, root } from '../tools.ts';
import { bundledIn } from './bundled.ts';
import { type Component, licenceTexts, spdx } from './component.ts';

/** What is used of the answer of `cargo metadata`, format 1. */
interface Metadata {
  readonly packages: readonly Package[];
  readonly resolve: { readonly nodes: readonly Node[] };
}

interface Package {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly authors: readonly string[];
  readonly repository: string | null;
  /** Null for what is in the workspace. */
  readonly source: string | null;
  readonly manifest_path: string;
  readonly targets: readonly { readonly kind: readonly string[] }[];
}

interface Node {
  readonly id: string;
  readonly deps: readonly { readonly pkg: string; readonly dep_kinds: readonly { readonly kind: string | null }[] }[];
}

/** The crates of others that are linked in, and which of them the crates of the workspace name themselves. */
export interface Linked {
  readonly components: readonly Component[];
  readonly direct: readonly string[];
}

/** What of others is linked into a crate of native/ for a target. */
export function linkedInto(target: Target, crate: string): Linked {
  const folder = join(root, 'native');
  return linked(metadata(target, join(folder, 'Cargo.toml')), crate, join(folder, 'Cargo.lock'));
}

/** Rust's standard library, as one component, and the crates of others that are in it. */
export function standardLibrary(target: Target): Linked {
  const folder = dirname(crossCompiler.library);
  const answer = metadata(target, join(folder, 'sysroot', 'Cargo.toml'), ['--features', 'backtrace']);
  const { components, direct } = linked(answer, 'std', crossCompiler.library);
  const version = /^rustc (\S+)/.exec(output(crossCompiler.rustc, ['--version'], target))?.[1] ?? '';
  const library: Component = {
    name: 'rust-std',
    version,
    purl: `pkg:generic/rust-std@${version}`,
    licence: 'MIT OR Apache-2.0',
    texts: licenceTexts(dirname(folder)),
    dependsOn: direct,
  };
  return { components: [library, ...components], direct: [library.purl] };
}

function metadata(target: Target, manifest: string, more: readonly string[] = []): Metadata {
  const what = ['metadata', '--locked', '--format-version', '1', '--filter-platform', target.name, '--manifest-path', manifest];
  return JSON.parse(output(crossCompiler.cargo, [...what, ...more], target)) as Metadata;
}

function output(program: string, args: readonly string[], target: Target): string {
  // Debian's sources of the standard library are for a compiler that may use what is unstable.
  const env = { ...environmentFor(target), RUSTC_BOOTSTRAP: '1' };
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function linked({ packages, resolve }: Metadata, crate: string, lockFile: string): Linked {
  const byId = new Map(packages.map((each) => [each.id, each]));
  const needs = new Map(resolve.nodes.map(({ id, deps }) => [id, deps.filter(isLinked).map(({ pkg }) => pkg)]));
  const first = packages.find(({ name, source }) => name === crate && source === null);
  if (first === undefined) throw new Error(`cargo metadata knows no crate ${crate}`);
  const reached = new Map<string, Package>();
  const open = [first];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next.id)) continue;
    reached.set(next.id, next);
    open.push(...(needs.get(next.id) ?? []).flatMap((id) => byId.get(id) ?? []).filter((each) => !isMacro(each)));
  }
  const others = [...reached.values()].filter(({ source }) => source !== null);
  const neededBy = (ids: readonly string[]): string[] => {
    const wanted = new Set(ids.flatMap((id) => needs.get(id) ?? []));
    return others
      .filter(({ id }) => wanted.has(id))
      .map(purlOf)
      .sort();
  };
  const checksums = readFileSync(lockFile, 'utf8');
  const components = others.flatMap((each) => {
    const folder = dirname(each.manifest_path);
    const bundled = bundledIn(each.name, folder);
    const component: Component = {
      name: each.name,
      version: each.version,
      purl: purlOf(each),
      licence: spdx(each.license),
      hash: { algorithm: 'SHA-256', content: checksumOf(each, checksums) },
      texts: textsOf(each, others),
      dependsOn: [...neededBy([each.id]), ...bundled.map(({ purl }) => purl)],
    };
    return [component, ...bundled];
  });
  return { components, direct: neededBy([...reached.values()].filter(({ source }) => source === null).map(({ id }) => id)) };
}

/** Neither what only its tests need, nor what its build script does. */
function isLinked({ dep_kinds: kinds }: Node['deps'][number]): boolean {
  return kinds.some(({ kind }) => kind === null);
}

/** Macros run in the compiler. */
function isMacro({ targets }: Package): boolean {
  return targets.some(({ kind }) => kind.includes('proc-macro'));
}

function purlOf({ name, version }: Package): string {
  return `pkg:cargo/${name}@${version}`;
}

function checksumOf({ name, version }: Package, lockFile: string): string {
  const [, after = ''] = lockFile.split(`name = "${name}"\nversion = "${version}"\n`);
  const checksum = /^checksum = "([0-9a-f]{64})"$/m.exec(after.split('[[package]]', 1)[0] ?? '')?.[1];
  if (checksum === undefined) throw new Error(`the lock file has no checksum of ${name} ${version}`);
  return checksum;
}

/** A crate without a text of its own has that of another crate of its repository, or that of the licence that its manifest names. */
function textsOf(crate: Package, all: readonly Package[]): string[] {
  const family = [crate, ...all.filter(({ repository }) => repository !== null && repository === crate.repository)];
  const texts = family.map(({ manifest_path: path }) => licenceTexts(dirname(path))).find((found) => found.length > 0);
  if (texts !== undefined) return texts;
  if (!crate.license.split(/ OR |\//).includes('MIT')) throw new Error(`${crate.name} ${crate.version} has no text of its licence`);
  const holders = crate.authors.length > 0 ? crate.authors.join(', ') : `the authors of ${crate.name}`;
  // MIT's text is everywhere the same, but for who gives it.
  return [
    licenceTexts(root)
      .join('')
      .replace(/^Copyright .*$/m, `Copyright (c) ${holders}`),
  ];
}

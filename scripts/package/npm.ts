import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeFor, versionsInNode } from '../cross-build/node-binary.ts';
import { root } from '../tools.ts';
import { type Component, licenceTexts } from './component.ts';

/** What is used of package-lock.json, version 3. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly license?: string; readonly integrity?: string }>>;
}

/** The packages of npm that the Node program imports: all that are not for development, which Node itself is not one of. */
export function npmPackages(): Component[] {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  return Object.keys(dependencies).map((name) => packageOf(name, join(root, 'node_modules', name)));
}

/** Node, and what it is made of: its licence holds theirs. */
export function nodeItself(target: string): Component[] {
  const node = nodeFor(target);
  const folder = dirname(dirname(node.path));
  const versions = versionsInNode();
  const parts = Object.entries(inNode).map(([name, licence]): Component => {
    const version = versions[name];
    if (version === undefined) throw new Error(`Node does not tell the version of its ${name}`);
    return { name, version, purl: `pkg:generic/${name}@${version}`, licence, texts: licenceTexts(folder), dependsOn: [] };
  });
  const whole = { ...packageOf(node.package, folder), name: 'node', licence: 'MIT', dependsOn: parts.map(({ purl }) => purl) };
  return [whole, ...parts];
}

/** What Node is made of, as its LICENSE says. */
const inNode: Readonly<Record<string, string>> = {
  acorn: 'MIT',
  ada: 'MIT OR Apache-2.0',
  ares: 'MIT',
  brotli: 'MIT',
  icu: 'Unicode-3.0',
  llhttp: 'MIT',
  nghttp2: 'MIT',
  openssl: 'Apache-2.0',
  simdjson: 'Apache-2.0 OR MIT',
  simdutf: 'Apache-2.0 OR MIT',
  sqlite: 'blessing',
  undici: 'MIT',
  uv: 'MIT',
  v8: 'BSD-3-Clause',
  zlib: 'Zlib',
  zstd: 'BSD-3-Clause OR GPL-2.0-only',
};

function packageOf(name: string, folder: string): Component {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const entry = packages[`node_modules/${name}`];
  const [algorithm, digest = ''] = entry?.integrity?.split('-') ?? [];
  if (entry === undefined || algorithm !== 'sha512') throw new Error(`package-lock.json has no ${name} with its SHA-512`);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { license: string };
  return {
    name,
    version: entry.version,
    purl: `pkg:npm/${name}@${entry.version}`,
    licence: manifest.license.replaceAll(/[()]/g, ''),
    hash: { algorithm: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') },
    texts: licenceTexts(folder),
    dependsOn: [],
  };
}

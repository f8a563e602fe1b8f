import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../cross-build/targets.ts';
import { versions, zigHome } from '../tools.ts';
import { type Component, licenceTexts } from './component.ts';

/** The sources in C that a crate brings with it. */
export function bundledIn(crate: string, folder: string): Component[] {
  switch (crate) {
    case 'rquickjs-sys':
      return [quickJs(join(folder, 'quickjs'))];
    case 'libsqlite3-sys':
      return [sqlite(join(folder, 'sqlite3', 'sqlite3.h'))];
    default:
      return [];
  }
}

function quickJs(folder: string): Component {
  const header = readFileSync(join(folder, 'quickjs.h'), 'utf8');
  const version = ['MAJOR', 'MINOR', 'PATCH'].map((part) => found(header, new RegExp(`QJS_VERSION_${part} (\\d+)`))).join('.');
  const purl = `pkg:github/quickjs-ng/quickjs@v${version}`;
  return { name: 'quickjs-ng', version, purl, licence: 'MIT', texts: licenceTexts(folder), dependsOn: [] };
}

function sqlite(path: string): Component {
  const header = readFileSync(path, 'utf8');
  const version = found(header, /#define SQLITE_VERSION\s+"([\d.]+)"/);
  // It is in the public domain, which the first lines of its header say.
  const text = header.split('*****', 1)[0] ?? '';
  const purl = `pkg:generic/sqlite@${version}`;
  return { name: 'sqlite', version, purl, licence: 'blessing', texts: [text.replaceAll(/^\/?\*\*? ?/gm, '').trim()], dependsOn: [] };
}

/** What zig links in of its own: the C library where it is linked in, what stands in for missing instructions, and the unwinder. */
export function ofZig({ abi, toolChain }: Target): Component[] {
  const folder = join(zigHome, 'ziglang');
  const library = join(folder, 'lib');
  const zig: Component = {
    name: 'zig-compiler-rt',
    version: versions.zig,
    purl: `pkg:pypi/ziglang@${versions.zig}`,
    licence: 'MIT',
    texts: licenceTexts(folder),
    dependsOn: [],
  };
  const musl = (): Component => {
    const version = found(readFileSync(join(library, 'libc/musl/src/internal/version.h'), 'utf8'), /"([\d.]+)"/);
    const texts = licenceTexts(join(library, 'libc/musl'));
    return { name: 'musl', version, purl: `pkg:generic/musl@${version}`, licence: 'MIT', texts, dependsOn: [] };
  };
  const unwinder = (): Component => ({
    name: 'llvm-libunwind',
    version: `zig-${versions.zig}`,
    purl: `pkg:generic/llvm-libunwind@zig-${versions.zig}`,
    licence: 'Apache-2.0 WITH LLVM-exception',
    texts: licenceTexts(join(library, 'libunwind')),
    dependsOn: [],
  });
  return [zig, ...(abi.libc === 'musl' ? [musl()] : []), ...(toolChain.panic === 'unwind' ? [unwinder()] : [])];
}

function found(text: string, pattern: RegExp): string {
  const version = pattern.exec(text)?.[1];
  if (version === undefined) throw new Error(`no version by ${String(pattern)}`);
  return version;
}

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTargets } from '../../scripts/cross-build/targets.ts';
import { root } from '../../scripts/tools.ts';

const name = 'mipsel-unknown-linux-musl';
const file = join(root, 'targets', `${name}.json`);

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-targets-'));
  copyFileSync(file, join(folder, `${name}.json`));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The good file with some of its text replaced. */
function changed(from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${name}.json holds no ${from}`);
  writeFileSync(join(folder, `${name}.json`), text.replace(from, to));
}

describe('targets', () => {
  test('of this tree all keep to the schema, and an emulated one says how', () => {
    const targets = readTargets();
    expect(targets.map((target) => target.name)).toEqual([
      'aarch64-unknown-linux-gnu',
      'aarch64-unknown-linux-musl',
      'mipsel-unknown-linux-gnu',
      'mipsel-unknown-linux-musl',
      'x86_64-unknown-linux-gnu',
      'x86_64-unknown-linux-musl',
    ]);
    const mipsel = targets.find((target) => target.name === name);
    expect(mipsel?.qemu).toEqual({ command: 'qemu-mipsel', cpu: '24Kc' });
    expect(mipsel?.packages).toEqual({ ipk: 'mipsel_24kc' });
  });

  test('that are not there are named next to those that are', () => {
    expect(() => readTargets([name, 'mips-unknown-linux-musl', 'z80'], folder)).toThrow(
      `no such target: mips-unknown-linux-musl, z80; there are: ${name}`,
    );
  });

  test.each([
    ['a value that is none', '"musl"', '"uclibc"', 'abi.libc must be one of: musl, glibc 2.28'],
    ['a form that is none', '"keygen"', '"image"', 'forms.1 must be one of: addon, compact, keygen, node'],
    ['a package that is none', '"ipk"', '"rpm"', 'packages.rpm is not a field'],
    ['a field too many', '"panic":', '"linker": "ld", "panic":', 'toolChain.linker is not a field'],
    ['a field too few', '"float": "soft"', '"libc": "musl"', 'abi.float is missing'],
    ['another type', '"cpu": "mips32r2"', '"cpu": 32', 'cpu must be string'],
    ['nothing to build', '["compact", "keygen"]', '[]', 'forms must NOT have fewer than 1 items'],
  ])('with %s are refused by file and field', (_, from, to, message) => {
    changed(from, to);
    expect(() => readTargets([], folder)).toThrow(`targets/${name}.json: ${message}`);
  });

  test('that are no JSON are refused by file', () => {
    changed('{', '');
    expect(() => readTargets([], folder)).toThrow(`targets/${name}.json is no JSON: `);
  });

  test('with several faults name each', () => {
    changed('"musl", "float": "soft"', '"none", "float": "none"');
    expect(() => readTargets([], folder)).toThrow(/abi\.libc .*\n.*abi\.float /);
  });
});

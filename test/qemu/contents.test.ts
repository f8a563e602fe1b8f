import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { distFolder } from '../../scripts/cross-build/build.ts';
import { outputs, readTargets } from '../../scripts/cross-build/targets.ts';
import { testWith } from '../judges/run.ts';

interface Bom {
  metadata: { component: { 'bom-ref': string; components: { name: string; 'bom-ref': string }[] } };
  components: { name: string; version: string; 'bom-ref': string; licenses: object[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const emulated = readTargets().filter(({ qemu }) => qemu !== undefined);

// Written by cross-build next to what it made.
describe.each(emulated)('what is said of the files for $name', ({ name, forms: all, abi }) => {
  const forms = all.filter((form) => existsSync(join(distFolder(name), outputs[form])));
  const read = (file: string) => readFileSync(join(distFolder(name), file), 'utf8');
  const tried = testWith('zig');

  tried('names every file, and each is made with everything that is named', () => {
    const { metadata, components, dependencies } = JSON.parse(read('sbom.cdx.json')) as Bom;
    expect(metadata.component.components).toHaveLength(forms.length);
    const needs = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set<string>();
    const reach = (ref: string): void => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of needs.get(ref) ?? []) reach(next);
    };
    reach(metadata.component['bom-ref']);
    const files = metadata.component.components.map((file) => file['bom-ref']);
    const named = components.map((component) => component['bom-ref']);
    expect([...reached].toSorted()).toEqual([metadata.component['bom-ref'], ...files, ...named].toSorted());
  });

  tried('names what comes with no package: the libraries and the engines', () => {
    const { components } = JSON.parse(read('sbom.cdx.json')) as Bom;
    const names = new Set(components.map((component) => component.name));
    expect(['rust-std', 'zig-compiler-rt', 'musl', 'quickjs-ng', 'napi', 'node', 'node-forge'].filter((each) => names.has(each))).toEqual([
      'rust-std',
      'zig-compiler-rt',
      ...(abi.libc === 'musl' ? ['musl'] : []),
      ...(forms.includes('compact') ? ['quickjs-ng'] : []),
      ...(forms.includes('addon') ? ['napi'] : []),
      ...(forms.includes('node') ? ['node', 'node-forge'] : []),
    ]);
  });

  tried('has the licence of each', () => {
    const { components } = JSON.parse(read('sbom.cdx.json')) as Bom;
    const licences = read('THIRD-PARTY-LICENCES.txt');
    const without = components.filter(({ name: component, version }) => !licences.includes(`\n${component} ${version} (`));
    expect(without.map((component) => component.name)).toEqual([]);
  });
});

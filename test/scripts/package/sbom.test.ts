import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Component, type Contents, licenceTexts } from '../../../scripts/package/component.ts';
import { thirdPartyLicences } from '../../../scripts/package/licences.ts';
import { sbom } from '../../../scripts/package/sbom.ts';
import { fileOf, newPath, run, testWith } from '../../judges/run.ts';
import { release } from './program.ts';

const library: Component = {
  name: 'library',
  version: '2.0.0',
  purl: 'pkg:generic/library@2.0.0',
  licence: 'blessing',
  texts: ['May you do good and not evil.'],
  dependsOn: [],
};

const crate: Component = {
  name: 'crate',
  version: '0.1.0',
  purl: 'pkg:cargo/crate@0.1.0',
  licence: 'MIT OR Apache-2.0',
  hash: { algorithm: 'SHA-256', content: '0f'.repeat(32) },
  texts: ['Permission is hereby granted'],
  dependsOn: [library.purl],
};

const contents: Contents = { artifacts: [{ name: 'signet', dependsOn: [crate.purl] }], components: [crate, library] };

describe('a bill of materials', () => {
  testWith('pyca')("keeps to CycloneDX's schema", () => {
    const script = `import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
print(JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read()))`;
    const judged = (text: string) => run('pyca', ['-c', script, fileOf(text, '.json')]).text;
    expect(judged(sbom('a-target', contents, release))).toBe('None\n');
    expect(judged(sbom('a-target', { ...contents, components: [{ ...crate, licence: 'none' }] }, release))).not.toBe('None\n');
  });

  test('says what each file is made with, and how others name it', () => {
    const bom = JSON.parse(sbom('a-target', contents, release)) as { components: object[]; dependencies: object[]; serialNumber: string };
    expect(bom.components).toEqual([
      {
        type: 'library',
        'bom-ref': crate.purl,
        name: 'crate',
        version: '0.1.0',
        purl: crate.purl,
        hashes: [{ alg: 'SHA-256', content: '0f'.repeat(32) }],
        licenses: [{ expression: 'MIT OR Apache-2.0' }],
      },
      {
        type: 'library',
        'bom-ref': library.purl,
        name: 'library',
        version: '2.0.0',
        purl: library.purl,
        licenses: [{ license: { id: 'blessing' } }],
      },
    ]);
    expect(bom.dependencies).toEqual([
      { ref: 'signet', dependsOn: ['file:signet'] },
      { ref: 'file:signet', dependsOn: [crate.purl] },
      { ref: crate.purl, dependsOn: [library.purl] },
      { ref: library.purl, dependsOn: [] },
    ]);
  });

  test('has a number that follows from what it says', () => {
    const numberOf = (target: string) => (JSON.parse(sbom(target, contents, release)) as { serialNumber: string }).serialNumber;
    expect(numberOf('a')).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([numberOf('a'), numberOf('b') === numberOf('a')]).toEqual([numberOf('a'), false]);
  });
});

describe('the licences of others', () => {
  test('stand there once, under the names of all that have them', () => {
    const other = { ...crate, name: 'other', version: '3.0.0' };
    const rule = '='.repeat(78);
    expect(thirdPartyLicences([crate, library, other])).toBe(`signet contains software by others, which is named here with its licences.

${rule}
crate 0.1.0 (MIT OR Apache-2.0)
other 3.0.0 (MIT OR Apache-2.0)

Permission is hereby granted

${rule}
library 2.0.0 (blessing)

May you do good and not evil.
`);
  });

  test.each([
    { files: ['LICENSE-APACHE', 'LICENSE-MIT', 'README.md'], taken: ['LICENSE-MIT'] },
    { files: ['LICENSE-APACHE', 'LICENSE-GPLv2'], taken: ['LICENSE-APACHE'] },
    { files: ['LICENSE', 'NOTICE.txt', 'COPYING.LESSER-GPL'], taken: ['LICENSE', 'NOTICE.txt'] },
    { files: ['Cargo.toml'], taken: [] },
  ])('are taken from $files as $taken', ({ files, taken }) => {
    const folder = newPath();
    mkdirSync(folder);
    for (const name of files) writeFileSync(join(folder, name), `text of ${name}\r\n`);
    expect(licenceTexts(folder)).toEqual(taken.map((name) => `text of ${name}`));
  });
});

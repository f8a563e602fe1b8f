import { createHash } from 'node:crypto';
import { type Component, type Contents, referenceOf } from './component.ts';
import type { Release } from './release.ts';

/** A bill of materials (CycloneDX 1.6, JSON) of what is shipped for a target. */
export function sbom(target: string, { artifacts, components }: Contents, { version, time }: Release): string {
  const own = { type: 'application', 'bom-ref': 'signet', name: 'signet', version, licenses: [{ license: { id: 'MIT' } }] };
  const files = artifacts.map(({ name }) => ({ ...own, type: 'file', 'bom-ref': referenceOf(name), name }));
  const document = {
    metadata: {
      timestamp: new Date(time * 1000).toISOString(),
      component: { ...own, components: files, properties: [{ name: 'signet:target', value: target }] },
    },
    components: components.map(describe),
    dependencies: [
      { ref: own['bom-ref'], dependsOn: files.map((file) => file['bom-ref']) },
      ...artifacts.map(({ name, dependsOn }) => ({ ref: referenceOf(name), dependsOn })),
      ...components.map(({ purl, dependsOn }) => ({ ref: purl, dependsOn })),
    ],
  };
  const head = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(document))}`,
    version: 1,
  };
  return `${JSON.stringify({ ...head, ...document }, undefined, 2)}\n`;
}

function describe({ name, version, purl, licence, hash }: Component): object {
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(hash === undefined ? {} : { hashes: [{ alg: hash.algorithm, content: hash.content }] }),
    licenses: [licence.includes(' ') ? { expression: licence } : { license: { id: licence } }],
  };
}

/** RFC 9562, version 8: the same for the same contents. */
function uuidOf(contents: string): string {
  const hex = createHash('sha256').update(contents).digest('hex');
  const variant = (8 + (Number.parseInt(hex.slice(16, 17), 16) & 3)).toString(16);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-');
}

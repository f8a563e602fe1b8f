import type { Component } from './component.ts';

/** The licences of what others have written, each text once, under the names of all that have it. */
export function thirdPartyLicences(components: readonly Component[]): string {
  const holders = new Map<string, string[]>();
  for (const { name, version, licence, texts } of components) {
    for (const text of texts) {
      const known = holders.get(text) ?? [];
      holders.set(text, [...known, `${name} ${version} (${licence})`]);
    }
  }
  const parts = [...holders].map(([text, names]) => `${'='.repeat(78)}\n${[...new Set(names)].sort().join('\n')}\n\n${text}\n`);
  return `signet contains software by others, which is named here with its licences.\n\n${parts.sort().join('\n')}`;
}

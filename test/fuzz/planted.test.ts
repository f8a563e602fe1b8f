import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { afterAll, expect } from 'vitest';
import { fuzz } from '../../scripts/fuzzing.ts';
import { testWith } from '../judges/run.ts';

// A fuzzer that finds nothing proves nothing unless it finds what is there.

const folder = mkdtempSync(join(tmpdir(), 'signet-planted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Replaces a piece of one source file on its way into the fuzzed copy; the tree is not touched. */
function plant(path: string, good: string, bad: string): Plugin {
  return {
    name: 'plant',
    setup: (build) => {
      build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        if (!file.endsWith(path)) return undefined;
        const source = readFileSync(file, 'utf8');
        if (!source.includes(good)) throw new Error(`${path} no longer holds the piece to replace: ${good}`);
        return { contents: source.replace(good, bad), loader: 'ts' };
      });
    },
  };
}

const judged = testWith('glibc');

judged.each([
  {
    bug: 'a BOOLEAN that is neither 00 nor FF and passes',
    target: 'der',
    plugin: plant('src/der/reader.ts', '(octet !== 0 && octet !== 0xff)', 'octet === undefined'),
  },
  {
    bug: 'a crash on one challengePassword deep inside a request',
    target: 'request',
    plugin: plant('src/x509/request.ts', '(v) => v.string()', "(v) => (v.string() === 'chellange' ? undefined.length : 'other')"),
  },
])('$bug is found', { timeout: 240_000 }, async ({ target, plugin }) => {
  const result = await fuzz(target, { seconds: 200, folder: join(folder, target), plugins: [plugin] });
  expect(result.found, result.output).toBe(true);
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/tools.ts';

// The core's own compiler options are put to a file with one host name each; all are compiled at once.
const foreign = [
  "Buffer.from('a')",
  'process.exit()',
  "console.log('a')",
  'setTimeout(() => undefined, 1)',
  'new TextEncoder()',
  "new URL('http://a')",
  'crypto.subtle',
  'new AbortController()',
  "fetch('http://a')",
  'structuredClone({})',
  "require('node:fs')",
  "import('node:fs')",
  'globalThis.process',
  'import.meta.dirname',
];

let folder = '';
let complaints = '';

beforeAll(() => {
  // Below the tree, where the compiler would find packages if it were to look for them.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'neutrality-'));
  for (const [number, code] of foreign.entries())
    writeFileSync(join(folder, `file${number}.ts`), `export const planted: unknown = ${code};\n`);
  writeFileSync(join(folder, 'good.ts'), 'export const planted: unknown = new Uint8Array(3).toSorted();\n');
  const config = { extends: join(root, 'src/tsconfig.json'), compilerOptions: { rootDir: '.', outDir: 'out' }, include: ['*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const result = spawnSync(join(root, 'node_modules/.bin/tsc'), ['--project', folder, '--pretty', 'false'], { encoding: 'utf8' });
  complaints = result.stdout;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(foreign.map((code, number) => ({ code, file: `file${number}.ts` })))('the core can not say $code', ({ file }) => {
  expect(complaints).toContain(`${file}(1,`);
});

test('the core can say what ES2023 has', () => {
  expect(complaints).not.toContain('good.ts');
});

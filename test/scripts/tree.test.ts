import { describe, expect, test } from 'vitest';
import { treeViolations } from '../../scripts/tree.ts';

// Put together here, so that this file does not hold what it forbids.
const key = [['-----BEGIN EC', 'PRIVATE', 'KEY-----'].join(' '), 'MHcCAQEEIB'.repeat(6), '-----END EC PRIVATE KEY-----', ''].join('\n');
const home = ['', 'home', 'ann', 'signet'].join('/');

describe('the tree', () => {
  test('may hold a file of 400 lines but not of 401', () => {
    const lines = (count: number): string => 'a;\n'.repeat(count);
    expect(treeViolations([{ path: 'src/a.ts', text: lines(400) }])).toEqual([]);
    expect(treeViolations([{ path: 'src/a.ts', text: lines(401) }])).toEqual(['src/a.ts: 401 lines; more than 400 are two subjects']);
    expect(treeViolations([{ path: 'test/fixtures/a.txt', text: lines(401) }])).toEqual([]);
  });

  test('names no folder of one machine', () => {
    expect(treeViolations([{ path: 'scripts/a.ts', text: `one;\nconst a = '${home}';\n` }])).toEqual([
      'scripts/a.ts:2: names a folder of one machine',
    ]);
    expect(treeViolations([{ path: 'README.md', text: 'See `src/home/x.ts` and http://router.example/work/a.' }])).toEqual([]);
  });

  test('names no host of a package registry', () => {
    const host = ['registry', 'npmjs', 'org'].join('.');
    expect(treeViolations([{ path: '.npmrc', text: `registry=https://${host}/\n` }])).toEqual([
      '.npmrc:1: names the host of a package registry',
    ]);
  });

  test('holds private keys only in a fixture folder that is marked', () => {
    const readme = { path: 'test/fixtures/keys/README.md', text: 'These keys are for tests only.' };
    const fixture = { path: 'test/fixtures/keys/rsa/a.pem', text: key };
    const complaint = [`${fixture.path}: holds a private key outside a marked fixture`];
    expect(treeViolations([fixture, readme])).toEqual([]);
    expect(treeViolations([fixture])).toEqual(complaint);
    expect(treeViolations([fixture, { ...readme, text: 'Keys.' }])).toEqual(complaint);
    expect(
      treeViolations([
        { path: 'src/a.pem', text: key },
        { path: 'README.md', text: 'for tests only' },
      ]),
    ).toEqual(['src/a.pem: holds a private key outside a marked fixture']);
  });

  test('finds a private key inside a string, but not a label alone', () => {
    const inProgram = `const key = '${key.replaceAll('\n', '\\n')}';`;
    expect(treeViolations([{ path: 'test/a.test.ts', text: inProgram }])).toHaveLength(1);
    expect(treeViolations([{ path: 'test/a.test.ts', text: `expect(text).toContain('${key.split('\n')[0]}');` }])).toEqual([]);
  });
});

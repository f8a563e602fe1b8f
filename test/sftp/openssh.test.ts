import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect } from 'vitest';
import { JudgeRefused, run, testWith } from '../judges/run.ts';

const judged = testWith('sftp');
const folder = mkdtempSync(join(tmpdir(), 'signet-openssh-'));
const root = join(folder, 'root');
const server = join(folder, 'server.sh');
const program = fileURLToPath(new URL('stdio-server.ts', import.meta.url));
writeFileSync(server, `#!/bin/sh\nSFTP_ROOT='${root}' exec '${process.execPath}' '${program}'\n`);
chmodSync(server, 0o755);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
});

/** What OpenSSH's client says to these commands; one that begins with `-` may fail. */
function sftp(...commands: readonly string[]): { text: string; errors: string } {
  return run('sftp', ['-q', '-b', '-', '-D', server], `${commands.join('\n')}\n`);
}

/** A file of this machine with so many bytes, none like the next. */
function local(name: string, length: number): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) * 13) & 0xff),
  );
  return path;
}

describe("OpenSSH's client", () => {
  judged('brings a large file and takes it back', () => {
    const path = local('large', 5_000_001);
    sftp(`put ${path} large`, `get large ${path}.back`);
    expect(readFileSync(`${path}.back`).equals(readFileSync(path))).toBe(true);
  });

  judged('uses names of every kind, and does not leave the folder', () => {
    const path = local('small', 100);
    const { text } = sftp(
      'mkdir "sub dir"',
      `put ${path} "sub dir/Schlüssel für ann'.key"`,
      `put ${path} ../../../../escaped`,
      'cd "sub dir"',
      'rename "Schlüssel für ann\'.key" "b.key"',
      'pwd',
      'ls -l',
    );
    expect(readdirSync(root).toSorted()).toEqual(['escaped', 'sub dir']);
    expect(readdirSync(join(root, 'sub dir'))).toEqual(['b.key']);
    expect(statSync(join(root, 'sub dir', 'b.key')).mode & 0o777).toBe(0o600);
    expect(text).toMatch(/Remote working directory: \/sub dir\n/);
    expect(text).toMatch(/-rw------- +1 signet +signet +100 [A-Z][a-z]{2} [ \d]\d {2}\d{4} b\.key\n/);
  });

  judged('renames onto a file, goes on with half an upload, removes', () => {
    const path = local('whole', 70_000);
    writeFileSync(join(root, 'half'), readFileSync(path).subarray(0, 40_000));
    writeFileSync(join(root, 'other'), 'old');
    sftp(`reput ${path} half`, 'rename half other', 'mkdir d', 'rmdir d');
    expect(readdirSync(root)).toEqual(['other']);
    expect(readFileSync(join(root, 'other')).equals(readFileSync(path))).toBe(true);
    sftp('rm other');
    expect(readdirSync(root)).toEqual([]);
  });

  judged('keeps times and modes for itself without a complaint', () => {
    expect(sftp(`put -p ${local('kept', 10)} kept`, 'chmod 600 kept').errors).toBe('');
  });

  judged('brings a whole folder', () => {
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'a', 'b'), { recursive: true });
    for (let i = 0; i < 120; i++) writeFileSync(join(tree, 'a', 'b', `f${i}`), String(i));
    sftp(`put -r ${tree}`, `get -r tree ${tree}-back`);
    expect(readdirSync(join(`${tree}-back`, 'a', 'b'))).toHaveLength(120);
    expect(readFileSync(join(`${tree}-back`, 'a', 'b', 'f119'), 'utf8')).toBe('119');
  });

  judged.each([
    ['a file that is too long', () => `put ${local('long', 9_000_000)} long`, 'Failure'],
    ['a folder that is not there', () => `put ${local('some', 1)} none/some`, 'No such file'],
    ['a link', () => 'symlink a b', 'Operation unsupported'],
    ['the folder of all', () => 'rename / x', 'Permission denied'],
  ])('is refused %s, and leaves nothing', (_what, command, why) => {
    let message = '';
    try {
      sftp(command());
    } catch (error) {
      if (!(error instanceof JudgeRefused)) throw error;
      ({ message } = error);
    }
    expect(message).toContain(why);
    expect(readdirSync(root)).toEqual([]);
  });
});

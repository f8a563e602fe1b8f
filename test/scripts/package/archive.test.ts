import { describe, expect, test } from 'vitest';
import { ar, gzip, tar, tree, xz } from '../../../scripts/package/archive.ts';
import { run, testWith } from '../../judges/run.ts';

const time = 1_800_000_000;
const entries = [
  { path: 'usr/bin/program', mode: 0o755, contents: 'text of a program' },
  { path: 'etc/empty', mode: 0o644, contents: '' },
  { path: 'var/store', mode: 0o700, owner: 900 },
];

function listed(archive: Uint8Array): string[] {
  const lines = run('tar', ['--list', '--verbose', '--full-time', '--file=-'], archive).text.trim().split('\n');
  return lines.map((line) => line.replaceAll(/ +/g, ' '));
}

describe('an archive', () => {
  testWith('tar')('holds a tree with its folders, modes, owners and one time, as tar reads it', () => {
    const at = '2027-01-15 08:00:00';
    expect(listed(tar(tree(entries), time))).toEqual([
      `drwxr-xr-x 0/0 0 ${at} ./`,
      `drwxr-xr-x 0/0 0 ${at} ./etc/`,
      `-rw-r--r-- 0/0 0 ${at} ./etc/empty`,
      `drwxr-xr-x 0/0 0 ${at} ./usr/`,
      `drwxr-xr-x 0/0 0 ${at} ./usr/bin/`,
      `-rwxr-xr-x 0/0 17 ${at} ./usr/bin/program`,
      `drwxr-xr-x 0/0 0 ${at} ./var/`,
      `drwx------ 900/900 0 ${at} ./var/store/`,
    ]);
    expect(run('tar', ['--extract', '--to-stdout', '--file=-', './usr/bin/program'], tar(tree(entries), time)).text).toBe(
      'text of a program',
    );
  });

  test('does not depend on the order in which its entries are named', () => {
    expect(tar(tree(entries.toReversed()), time)).toEqual(tar(tree(entries), time));
  });

  test('refuses a path that does not fit its header', () => {
    const path = `${'folder/'.repeat(15)}file`;
    expect(() => tar([{ path, mode: 0o644, contents: '' }], time)).toThrow(`${path} is too long for a header of ustar`);
  });

  testWith('python3')('compressed by gzip has neither a name nor a time', () => {
    const compressed = gzip('contents');
    expect([...compressed.subarray(0, 8)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    const script = 'import gzip, sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))';
    expect(run('python3', ['-c', script], compressed).text).toBe('contents');
  });

  testWith('xz')('compressed by xz is read by it', () => {
    expect(run('xz', ['--decompress', '--stdout'], xz(Buffer.from('contents'))).text).toBe('contents');
  });

  test('of ar has a header before each member, and all begin at even places', () => {
    const archive = ar(
      [
        ['odd', Buffer.from('123')],
        ['even', Buffer.from('1234')],
      ],
      time,
    );
    expect(Buffer.from(archive).toString()).toBe(`!<arch>
odd             1800000000  0     0     100644  3         \`
123
even            1800000000  0     0     100644  4         \`
1234`);
  });
});

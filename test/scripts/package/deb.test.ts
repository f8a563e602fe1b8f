import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deb } from '../../../scripts/package/deb.ts';
import { root } from '../../../scripts/tools.ts';
import { run, testWith } from '../../judges/run.ts';
import { release, standIn } from './program.ts';

const program = standIn();
const contents = deb(program, 'licences of others\n', release, 'amd64');
let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-deb-'));
  file = join(folder, 'signet_1.2.3_amd64.deb');
  writeFileSync(file, contents);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("Debian's package", () => {
  testWith('lintian')('has no fault that lintian knows', () => {
    expect(run('lintian', ['--allow-root', '--fail-on', 'error,warning', file]).text).toBe('');
  });

  testWith('dpkg-deb')('holds the program, its service, its user and its papers, all of root', () => {
    const files = run('dpkg-deb', ['--contents', file])
      .text.split('\n')
      .filter((line) => line.startsWith('-'));
    expect(files.map((line) => line.replace(/ +\d+ \S+ \S+ /, ' '))).toEqual([
      '-rwxr-xr-x 0/0 ./usr/bin/signet',
      '-rw-r--r-- 0/0 ./usr/lib/systemd/system/signet-accounts.service',
      '-rw-r--r-- 0/0 ./usr/lib/systemd/system/signet.service',
      '-rw-r--r-- 0/0 ./usr/lib/sysusers.d/signet.conf',
      '-rw-r--r-- 0/0 ./usr/share/doc/signet/THIRD-PARTY-LICENCES.txt.gz',
      '-rw-r--r-- 0/0 ./usr/share/doc/signet/changelog.gz',
      '-rw-r--r-- 0/0 ./usr/share/doc/signet/copyright',
      '-rw-r--r-- 0/0 ./usr/share/lintian/overrides/signet',
      '-rw-r--r-- 0/0 ./usr/share/man/man1/signet.1.gz',
    ]);
    expect(run('dpkg-deb', ['--field', file, 'Package', 'Version', 'Architecture']).text).toBe(
      'Package: signet\nVersion: 1.2.3\nArchitecture: amd64\n',
    );
  });

  test('follows from its contents and its release alone', () => {
    expect(deb(program, 'licences of others\n', release, 'amd64')).toEqual(contents);
  });

  testWith('systemd-analyze').each(['signet', 'signet-accounts'])(
    'has a service that systemd understands and calls well confined: %s',
    (name) => {
      const unit = readFileSync(join(root, `packaging/debian/${name}.service`), 'utf8');
      const path = join(folder, `${name}.service`);
      // Here is neither the program nor its manual.
      writeFileSync(path, unit.replace('/usr/bin/signet', '/bin/true').replace(/^Documentation=.*\n/m, ''));
      expect(run('systemd-analyze', ['verify', path]).errors).toBe('');
      expect(run('systemd-analyze', ['security', '--offline=yes', '--threshold=20', path]).text).toContain('OK');
    },
  );

  testWith('dpkg', 'systemd-analyze')('makes its user, starts at boot, and forgets the store and the user only when it is purged', () => {
    const system = join(folder, 'system');
    for (const made of ['etc', 'var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/lib/signet'])
      mkdirSync(join(system, made), { recursive: true });
    for (const empty of ['status', 'available']) writeFileSync(join(system, 'var/lib/dpkg', empty), '');
    const shells = join(system, 'etc/shells');
    writeFileSync(shells, '/bin/sh\n');
    const key = join(system, 'var/lib/signet/device.key');
    writeFileSync(key, 'key');
    const dpkg = (...args: readonly string[]) =>
      run('dpkg', ['--force-script-chrootless', '--force-depends', '--force-not-root', '--log=/dev/null', `--root=${system}`, ...args]);
    dpkg('--install', file);
    expect(readFileSync(join(system, 'etc/passwd'), 'utf8')).toMatch(/^signet:x:\d+:\d+:.*:\/var\/lib\/signet:\/usr\/sbin\/nologin$/m);
    const wanted = join(system, 'etc/systemd/system/multi-user.target.wants/signet.service');
    expect(readlinkSync(wanted)).toBe('/usr/lib/systemd/system/signet.service');
    expect(existsSync(join(dirname(wanted), 'signet-accounts.service'))).toBe(false);
    expect(readFileSync(shells, 'utf8')).toBe('/bin/sh\n/usr/bin/signet\n');
    dpkg('--remove', 'signet');
    expect(readFileSync(shells, 'utf8')).toBe('/bin/sh\n');
    expect([existsSync(join(system, 'usr/bin/signet')), readFileSync(key, 'utf8')]).toEqual([false, 'key']);
    const ours = 'ann:x:20002:20000:user of signet:/run/signet-accounts/ann:/usr/bin/signet\n';
    const eve = 'eve:x:20003:100::/run/signet-accounts/eve:/bin/sh\n';
    appendFileSync(join(system, 'etc/passwd'), ours + eve);
    appendFileSync(join(system, 'etc/shadow'), 'ann:$7$x:::::::\neve:*:::::::\n');
    appendFileSync(join(system, 'etc/group'), 'signet-user:x:20000:\n');
    dpkg('--purge', 'signet');
    const left = ['passwd', 'shadow', 'group'].map((name) => readFileSync(join(system, 'etc', name), 'utf8'));
    for (const text of left) expect(text).not.toMatch(/ann|signet-user/);
    expect(left.slice(0, 2)).toEqual([expect.stringContaining(eve), expect.stringContaining('eve:*:::::::\n')]);
    expect([existsSync(wanted), existsSync(join(system, 'var/lib/signet'))]).toEqual([false, false]);
    for (const list of ['passwd', 'group']) expect(readFileSync(join(system, 'etc', list), 'utf8')).not.toMatch(/^signet/m);
  });
});

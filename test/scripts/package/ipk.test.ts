import { beforeAll, describe, expect, test } from 'vitest';
import { ipk } from '../../../scripts/package/ipk.ts';
import { run, testWith } from '../../judges/run.ts';
import { release, standIn } from './program.ts';

let made: Uint8Array = new Uint8Array();

beforeAll(() => {
  made = ipk(standIn(), 'licences of others\n', release, 'mipsel_24kc');
});

/** What tar says of a part of the package, which is an archive in it. */
function tarOf(part: 'control' | 'data', ...args: readonly string[]): string {
  const archive = run('tar', ['-xzO', `./${part}.tar.gz`], made).bytes;
  return run('tar', args, archive).text;
}

const opened = testWith('tar', 'cc');

describe("OpenWrt's package", () => {
  opened('is a compressed archive of three parts', () => {
    expect(run('tar', ['-tz'], made).text).toBe('./debian-binary\n./control.tar.gz\n./data.tar.gz\n');
    expect(run('tar', ['-xzO', './debian-binary'], made).text).toBe('2.0\n');
  });

  opened('says what it is, and whom its service runs as', () => {
    expect(tarOf('control', '-xzO', './control').replace(/^Installed-Size: \d+\n/m, '')).toBe(`Package: signet
Version: 1.2.3
Architecture: mipsel_24kc
Maintainer: The signet project <signet@packages.invalid>
License: MIT
Section: net
Priority: optional
Require-User: signet:signet
SourceDateEpoch: 1800000000
Description: certificate manager of a router: a private CA at a RouterOS console
 signet holds the private CA of a router, its keys and its certificates,
 and is operated from a console that speaks the /certificate language of
 MikroTik RouterOS.
`);
  });

  opened('holds the program, its service and what an upgrade of the system keeps', () => {
    const files = tarOf('data', '-tvz')
      .split('\n')
      .filter((line) => line.startsWith('-'));
    expect(files.map((line) => line.replace(/ +\d+ \S+ \S+ /, ' '))).toEqual([
      '-rw-r--r-- 0/0 ./etc/capabilities/signet.json',
      '-rw-r--r-- 0/0 ./etc/config/signet',
      '-rwxr-xr-x 0/0 ./etc/init.d/signet',
      '-rw-r--r-- 0/0 ./etc/profile.d/signet.sh',
      '-rw-r--r-- 0/0 ./lib/upgrade/keep.d/signet',
      '-rwxr-xr-x 0/0 ./usr/bin/signet',
      '-rw-r--r-- 0/0 ./usr/share/licenses/signet/THIRD-PARTY-LICENCES.txt.gz',
    ]);
    expect(tarOf('control', '-xzO', './conffiles')).toBe('/etc/config/signet\n');
    expect(tarOf('data', '-xzO', './lib/upgrade/keep.d/signet')).toBe('/etc/signet/store/\n');
  });

  opened('gives the service the ports below 1024 and no other privilege', () => {
    const sets = JSON.parse(tarOf('data', '-xzO', './etc/capabilities/signet.json')) as Record<string, string[]>;
    expect(Object.keys(sets).toSorted()).toEqual(['ambient', 'bounding', 'effective', 'inheritable', 'permitted']);
    expect(new Set(Object.values(sets).flat())).toEqual(new Set(['CAP_NET_BIND_SERVICE']));
  });

  test('follows from its contents and its release alone', () => {
    expect(ipk(standIn(), 'licences of others\n', release, 'mipsel_24kc')).toEqual(made);
  });

  /** What a script of the package does on a root that has OpenWrt's functions. */
  function play(script: string, after = ''): string {
    const text = tarOf('control', '-xzO', `./${script}`);
    const functions = `mkdir -p "$R/lib" "$R/etc"; echo 'default_${script}() { echo "$# $2"; }' >"$R/lib/functions.sh"`;
    const call = 'IPKG_INSTROOT="$R" sh -c "$0" "$0" argument';
    return run('busybox', ['sh', '-c', `R=$(mktemp -d); ${functions}; ${call}; ${after.replaceAll('CALL', call)} rm -r "$R"`, text]).text;
  }

  testWith('tar', 'cc', 'busybox').each(['postinst', 'prerm'])('leaves its %s to the functions of OpenWrt', (script) => {
    expect(play(script)).toBe('2 argument\n');
  });

  testWith(
    'tar',
    'cc',
    'busybox',
  )('takes the accounts that it made away when it is removed, but not when it is upgraded', () => {
    const ours = 'ann:x:20002:20000:user of signet:/run/signet-accounts/ann:/usr/bin/signet';
    const files = {
      passwd: `root:x:0:0:root:/root:/bin/ash\n${ours}\neve:x:20003:100::/run/signet-accounts/eve:/bin/ash\n`,
      shadow: 'root:*:0:0:99999:7:::\nann:$7$x:::::::\neve:*:::::::\n',
      group: 'root:x:0:\nsignet-user:x:20000:\n',
    };
    const write = Object.entries(files).map(([name, text]) => `printf '%s' '${text}' >"$R/etc/${name}";`);
    const show = 'cat "$R/etc/passwd" "$R/etc/shadow" "$R/etc/group"; ls "$R/etc";';
    const [, , removed, upgraded] = play(
      'prerm',
      `${write.join('')} export PKG_UPGRADE=0; CALL; ${show} ${write.join('')} export PKG_UPGRADE=1; CALL; ${show}`,
    ).split(/^2 argument\n/m);
    expect(removed).toBe(
      'root:x:0:0:root:/root:/bin/ash\neve:x:20003:100::/run/signet-accounts/eve:/bin/ash\nroot:*:0:0:99999:7:::\neve:*:::::::\nroot:x:0:\ngroup\npasswd\nshadow\n',
    );
    expect(upgraded).toBe(`${files.passwd}${files.shadow}${files.group}group\npasswd\nshadow\n`);
  });

  testWith(
    'tar',
    'cc',
    'busybox',
  )('may be a login shell, which is listed once', () => {
    expect(play('postinst', 'CALL; cat "$R/etc/shells";')).toBe('2 argument\n2 argument\n/usr/bin/signet\n');
  });

  testWith(
    'tar',
    'cc',
    'busybox',
  )('is no login shell any more when it is removed', () => {
    const removal = `printf '/bin/ash\\n/usr/bin/signet\\n' >"$R/etc/shells"; export PKG_UPGRADE=0; CALL; cat "$R/etc/shells";`;
    expect(play('prerm', removal)).toBe('2 argument\n2 argument\n/bin/ash\n');
  });
});

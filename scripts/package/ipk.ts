import { type Entry, gzip, tar, tree } from './archive.ts';
import { description, maintainer, type Release, shipped, summary } from './release.ts';

/**
 * A package for OpenWrt's opkg, with a service of procd; `architecture` is OpenWrt's name, such as `mipsel_24kc`; `licences` is the text on what
 * is linked in.
 */
export function ipk(program: Uint8Array, licences: string, { version, time }: Release, architecture: string): Uint8Array {
  const files: readonly Entry[] = [
    { path: 'usr/bin/signet', mode: 0o755, contents: program },
    { path: 'etc/init.d/signet', mode: 0o755, contents: shipped('openwrt/signet.init') },
    { path: 'etc/config/signet', mode: 0o644, contents: shipped('openwrt/signet.config') },
    { path: 'etc/capabilities/signet.json', mode: 0o644, contents: shipped('openwrt/capabilities.json') },
    { path: 'etc/profile.d/signet.sh', mode: 0o644, contents: shipped('openwrt/profile.sh') },
    // Flash is dear.
    { path: 'usr/share/licenses/signet/THIRD-PARTY-LICENCES.txt.gz', mode: 0o644, contents: gzip(licences) },
    { path: 'lib/upgrade/keep.d/signet', mode: 0o644, contents: shipped('openwrt/keep') },
  ];
  const size = files.reduce((total, { contents }) => total + (contents?.length ?? 0), 0);
  const fields = {
    Package: 'signet',
    Version: version,
    Architecture: architecture,
    Maintainer: maintainer,
    License: 'MIT',
    Section: 'net',
    Priority: 'optional',
    // OpenWrt's default_postinst makes this user and this group.
    'Require-User': 'signet:signet',
    SourceDateEpoch: time,
    'Installed-Size': size,
    Description: [summary, ...description].join('\n '),
  };
  const control = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  const about: readonly Entry[] = [
    { path: 'control', mode: 0o644, contents: control.join('') },
    { path: 'conffiles', mode: 0o644, contents: '/etc/config/signet\n' },
    { path: 'postinst', mode: 0o755, contents: shipped('openwrt/postinst') },
    { path: 'prerm', mode: 0o755, contents: shipped('openwrt/prerm') },
  ];
  const parts: readonly Entry[] = [
    { path: './debian-binary', mode: 0o644, contents: '2.0\n' },
    { path: './control.tar.gz', mode: 0o644, contents: gzip(tar(tree(about), time)) },
    { path: './data.tar.gz', mode: 0o644, contents: gzip(tar(tree(files), time)) },
  ];
  return gzip(tar(parts, time));
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools.ts';
import { ar, type Entry, gzip, tar, tree, xz } from './archive.ts';
import { description, maintainer, type Release, shipped, summary } from './release.ts';

/** A package for Debian with a service of systemd; `architecture` is Debian's name. `licences` is the text on what is linked in. */
export function deb(program: Uint8Array, licences: string, release: Release, architecture: string): Uint8Array {
  const { version, time } = release;
  const documentation = 'usr/share/doc/signet';
  const files: readonly Entry[] = [
    { path: 'usr/bin/signet', mode: 0o755, contents: program },
    { path: 'usr/lib/systemd/system/signet.service', mode: 0o644, contents: shipped('debian/signet.service') },
    { path: 'usr/lib/systemd/system/signet-accounts.service', mode: 0o644, contents: shipped('debian/signet-accounts.service') },
    { path: 'usr/lib/sysusers.d/signet.conf', mode: 0o644, contents: shipped('debian/signet.sysusers') },
    { path: 'usr/share/man/man1/signet.1.gz', mode: 0o644, contents: gzip(shipped('signet.1')) },
    { path: 'usr/share/lintian/overrides/signet', mode: 0o644, contents: shipped('debian/lintian-overrides') },
    { path: `${documentation}/copyright`, mode: 0o644, contents: copyright() },
    { path: `${documentation}/changelog.gz`, mode: 0o644, contents: gzip(changelog(release)) },
    { path: `${documentation}/THIRD-PARTY-LICENCES.txt.gz`, mode: 0o644, contents: gzip(licences) },
  ];
  const sums = files.map(({ path, contents = '' }) => `${createHash('md5').update(contents).digest('hex')}  ${path}\n`);
  const about: readonly Entry[] = [
    { path: 'control', mode: 0o644, contents: control(version, architecture, files) },
    { path: 'md5sums', mode: 0o644, contents: sums.join('') },
    ...['postinst', 'prerm', 'postrm'].map((name) => ({ path: name, mode: 0o755, contents: shipped(`debian/${name}`) })),
  ];
  return ar(
    [
      ['debian-binary', Buffer.from('2.0\n')],
      ['control.tar.xz', xz(tar(tree(about), time))],
      ['data.tar.xz', xz(tar(tree(files), time))],
    ],
    time,
  );
}

function control(version: string, architecture: string, files: readonly Entry[]): string {
  // deb-substvars(5): KiB, with one for each folder.
  const folders = tree(files).length - files.length;
  const size = files.reduce((total, { contents = '' }) => total + Math.ceil(contents.length / 1024), folders);
  const fields = {
    Package: 'signet',
    Version: version,
    Architecture: architecture,
    Maintainer: maintainer,
    'Installed-Size': size,
    // systemd-sysusers makes the user.
    Depends: 'systemd | systemd-standalone-sysusers | systemd-sysusers',
    Section: 'net',
    Priority: 'optional',
    Description: [summary, ...description].join('\n '),
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/** Machine-readable, version 1.0 of Debian's format. */
function copyright(): string {
  const [title = '', holder = '', ...text] = readFileSync(join(root, 'LICENSE'), 'utf8').trim().split(/\n\n/);
  const paragraphs = text.map((paragraph) => paragraph.replaceAll(/^/gm, ' ')).join('\n .\n');
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: signet
Comment: ${title}. What is linked into the program has licences of its own:
 THIRD-PARTY-LICENCES.txt.gz beside this file holds them.

Files: *
Copyright: ${holder.replace(/^Copyright \(c\) /, '')}
License: MIT
${paragraphs}
`;
}

/** The newest section of CHANGELOG.md in Debian's form. */
function changelog({ version, time }: Release): string {
  const [, newest = ''] = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m);
  const items = [...newest.matchAll(/^- (.+(?:\n {2}.+)*)/gm)].map(([, item = '']) => item.replaceAll(/\s+/g, ' '));
  const date = new Date(time * 1000).toUTCString().replace('GMT', '+0000');
  return `signet (${version}) unstable; urgency=medium

${items.map((item) => `  * ${wrap(item, 74).join('\n    ')}\n`).join('')}
 -- ${maintainer}  ${date}
`;
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

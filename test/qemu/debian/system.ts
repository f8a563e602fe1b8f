import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeInitrd, pack } from '../../../scripts/image/initrd.ts';
import { makeOverlay } from '../../../scripts/image/overlay.ts';
import { debianRoots } from '../../../scripts/tools.ts';
import { builtAt } from '../../../src/version.ts';
import { run } from '../../judges/run.ts';

const debian = debianRoots['debian-x64'].folder;

/** In the order in which they are loaded. */
const modules =
  'virtio virtio_ring virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk virtio_console squashfs overlay'.split(' ');

/** What this machine does without: the kernel is started from outside, its modules are in the first files, and nobody reads. */
const leftOut = ['boot', 'usr/lib/modules', 'usr/share/doc', 'usr/share/locale', 'usr/share/man'];

/** The files that a machine boots from, by path. */
export interface SystemFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly root: string;
  readonly disk: string;
}

/** Makes a Debian that systemd runs, with these files of the test in root's home, and a shell of root on two consoles. */
export function makeSystem(folder: string, home: Readonly<Record<string, Uint8Array>>): SystemFiles {
  const kernel = readdirSync(join(debian, 'boot')).find((name) => name.startsWith('vmlinuz-')) ?? '';
  const files = {
    kernel: join(debian, 'boot', kernel),
    initrd: join(folder, 'initrd'),
    root: join(folder, 'root.squashfs'),
    disk: join(folder, 'disk'),
  };
  const how = ['-all-root', '-no-xattrs', '-comp', 'lz4', '-quiet', '-no-progress'];
  run('mksquashfs', [debian, files.root, ...how, '-e', ...leftOut]);
  makeOverlay('ext4', files.disk);
  const work = mkdtempSync(join(tmpdir(), 'signet-debian-'));
  try {
    const parts = { initrd: join(work, 'initrd'), system: join(work, 'system') };
    for (const part of Object.values(parts)) mkdirSync(part);
    makeInitrd(parts.initrd, files.initrd, { debian, modules, init: join(import.meta.dirname, 'init'), time: builtAt });
    layOut(join(parts.system, 'system'), home);
    writeFileSync(files.initrd, Buffer.concat([readFileSync(files.initrd), pack(parts.system, builtAt)]));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return files;
}

/** What Debian's installer and its packages' scripts would have made. */
function layOut(folder: string, home: Readonly<Record<string, Uint8Array>>): void {
  const copies = {
    'etc/passwd': 'usr/share/base-passwd/passwd.master',
    'etc/group': 'usr/share/base-passwd/group.master',
    'etc/shells': 'usr/share/debianutils/shells',
  };
  const made = {
    'etc/hostname': 'debian\n',
    // One that is not there would make this the first boot of all, which asks questions.
    'etc/machine-id': '7d1f0c7d5c0b4d0f8a4e4f6f6a9b2c31\n',
  };
  const passwords = readFileSync(join(debian, copies['etc/passwd']), 'utf8').replaceAll(/:.*/g, ':*:19000:0:99999:7:::');
  const links = {
    'usr/bin/awk': 'mawk',
    'etc/systemd/system/serial-getty@.service': '/dev/null',
    'etc/systemd/system/multi-user.target.wants/root-shell@ttyS0.service': '/etc/systemd/system/root-shell@.service',
    'etc/systemd/system/multi-user.target.wants/root-shell@hvc0.service': '/etc/systemd/system/root-shell@.service',
  };
  const at = (path: string): string => {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    return place;
  };
  for (const [path, original] of Object.entries(copies)) copyFileSync(join(debian, original), at(path));
  for (const [path, contents] of Object.entries(made)) writeFileSync(at(path), contents);
  writeFileSync(at('etc/shadow'), passwords, { mode: 0o640 });
  for (const [path, target] of Object.entries(links)) symlinkSync(target, at(path));
  copyFileSync(join(import.meta.dirname, 'root-shell@.service'), at('etc/systemd/system/root-shell@.service'));
  for (const [name, contents] of Object.entries(home)) writeFileSync(at(join('root', name)), contents);
}

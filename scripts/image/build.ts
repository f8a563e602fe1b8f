import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { builtAt } from '../../src/version.ts';
import { distFolder } from '../cross-build/build.ts';
import { outputs } from '../cross-build/targets.ts';
import { execute } from '../steps.ts';
import { debianRoots, type Needed } from '../tools.ts';
import { ImageError } from './error.ts';
import { fileNames, type Image, imageFolder, launcher } from './images.ts';
import { makeInitrd } from './initrd.ts';
import { copyLibraries } from './libraries.ts';
import { makeOverlay } from './overlay.ts';

/** The first program, and the files of the root that are not programs of others. */
export const initProgram = join(import.meta.dirname, 'init');
export const rootFiles = join(import.meta.dirname, 'root');

/** Programs of busybox that are in the image. */
const programs =
  'cat chown date dd dmesg echo false hostname init ip klogd logger logread ls mkdir mount mv poweroff ps reboot rm sh sleep stat stty sync syslogd test umount'.split(
    ' ',
  );

/** Programs of Debian in the image, by path. Those that need libraries have them in /usr/lib. */
const others = ['usr/sbin/dropbear', 'usr/bin/dropbearkey', 'usr/bin/setpriv'];

/** What must be installed to build an image. */
export function neededFor(image: Image): readonly Needed[] {
  return [image.packages, 'mksquashfs', 'mkfs.ext4', 'cpio', 'readelf'];
}

/** Builds an image with a target's compact program into its folder. Throws `ImageError`. */
export function buildImage(image: Image, program: string = join(distFolder(image.target), outputs.compact)): void {
  const debian = debianRoots[image.packages];
  if (!existsSync(program)) throw new ImageError(`${program} is missing: npm run cross-build -- ${image.target} --forms compact`);
  const folder = imageFolder(image.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'signet-image-'));
  try {
    const parts = { root: join(work, 'root'), initrd: join(work, 'initrd') };
    for (const part of Object.values(parts)) mkdirSync(part);
    copyFileSync(kernelOf(debian.folder), join(folder, fileNames.kernel));
    makeInitrd(parts.initrd, join(folder, fileNames.initrd), {
      debian: debian.folder,
      modules: image.modules,
      init: initProgram,
      time: builtAt,
    });
    layOut(parts.root, image, program);
    squash(parts.root, join(folder, fileNames.root));
    makeOverlay(image.overlay, join(folder, fileNames.overlay));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  writeFileSync(join(folder, 'run'), launcher(image), { mode: 0o755 });
  writeFileSync(join(folder, 'SHA256SUMS'), sums(folder));
}

function kernelOf(debian: string): string {
  const kernels = readdirSync(join(debian, 'boot')).filter((name) => name.startsWith('vmlinuz-'));
  if (kernels.length !== 1) throw new ImageError(`${kernels.length} kernels in ${debian}; expected one`);
  return join(debian, 'boot', kernels[0] ?? '');
}

/** The read-only root of the router. */
function layOut(folder: string, image: Image, program: string): void {
  const debian = debianRoots[image.packages];
  for (const made of ['dev', 'etc/dropbear', 'proc', 'run', 'sys', 'tmp', 'usr/bin', 'usr/sbin', 'usr/lib', 'var/lib/signet', 'home']) {
    mkdirSync(join(folder, made), { recursive: true });
  }
  for (const each of ['bin', 'sbin', 'lib']) symlinkSync(`usr/${each}`, join(folder, each));
  // Where programs of x86-64 look for their loader.
  if (image.triplet.startsWith('x86_64')) symlinkSync('usr/lib', join(folder, 'lib64'));
  cpSync(rootFiles, folder, { recursive: true });
  const inittab = join(folder, 'etc/inittab');
  writeFileSync(inittab, readFileSync(inittab, 'utf8').replace('CONSOLE', image.console));
  const busybox = join(folder, 'usr/bin/busybox');
  copyFileSync(join(debian.folder, 'bin/busybox'), busybox);
  for (const name of programs) symlinkSync('busybox', join(folder, 'usr/bin', name));
  for (const name of ['init', 'reboot', 'poweroff']) symlinkSync('../bin/busybox', join(folder, 'usr/sbin', name));
  for (const path of others) copyFileSync(join(debian.folder, path), join(folder, 'usr/bin', basename(path)));
  copyFileSync(program, join(folder, 'usr/bin/signet'));
  for (const name of ['busybox', 'signet', ...others.map((path) => basename(path))]) chmodSync(join(folder, 'usr/bin', name), 0o755);
  copyLibraries(
    others.map((path) => join(debian.folder, path)),
    debian.folder,
    image.triplet,
    join(folder, 'usr/lib'),
  );
}

/** Packs a folder so that the same contents are the same bytes, all of it root's. */
function squash(folder: string, output: string): void {
  const time = String(builtAt);
  const same = ['-noappend', '-all-root', '-no-xattrs', '-no-exports', '-all-time', time, '-mkfs-time', time];
  const owners = ['var/lib/signet m 700 0 0', 'etc/shadow m 600 0 0', 'etc/dropbear m 700 0 0', 'tmp m 1777 0 0'];
  const how = ['-comp', 'xz', '-b', '131072', '-processors', '1', '-quiet', '-no-progress'];
  const problem = execute(['mksquashfs', folder, output, ...same, ...owners.flatMap((owner) => ['-p', owner]), ...how]);
  if (problem !== undefined) throw new ImageError(problem);
}

function sums(folder: string): string {
  return Object.values(fileNames)
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    )
    .join('');
}

import { join } from 'node:path';
import { root } from '../tools.ts';
import { ImageError } from './error.ts';

export type ImageName = 'mipsel-malta' | 'arm64-virt' | 'x64-q35';

/** A router that QEMU emulates, and what its image is made of. */
export interface Image {
  readonly name: ImageName;
  /** The target whose compact program runs on it. */
  readonly target: string;
  /** Where Debian's packages for its CPU are unpacked: a name of `debianRoots`. */
  readonly packages: 'image-mipsel' | 'image-arm64' | 'image-x64';
  /** Debian's name of its CPU and C library. */
  readonly triplet: string;
  /** Modules of the kernel, in the order in which they are loaded. What is not among them the kernel has built in. */
  readonly modules: readonly string[];
  /** The device of the serial line. */
  readonly console: 'ttyS0' | 'ttyAMA0';
  /** File system of what the router writes: JFFS2 on NOR flash (emulated by block2mtd on a disk), or ext4. */
  readonly overlay: Overlay;
  readonly qemu: {
    readonly command: 'qemu-system-mipsel' | 'qemu-system-aarch64' | 'qemu-system-x86_64';
    readonly machine: readonly string[];
  };
}

export type Overlay = 'jffs2' | 'ext4';

const pci = ['virtio', 'virtio_ring', 'virtio_pci_legacy_dev', 'virtio_pci_modern_dev', 'virtio_pci', 'virtio_blk'];
const network = ['failover', 'net_failover', 'virtio_net'];
const ext4 = ['crc16', 'crc32c_generic', 'mbcache', 'jbd2', 'ext4'];

export const images: readonly Image[] = [
  {
    name: 'mipsel-malta',
    target: 'mipsel-unknown-linux-musl',
    packages: 'image-mipsel',
    triplet: 'mipsel-linux-gnu',
    modules: [...pci, ...network, 'squashfs', 'overlay', ...ext4, 'block2mtd', 'jffs2'],
    console: 'ttyS0',
    overlay: 'jffs2',
    qemu: { command: 'qemu-system-mipsel', machine: ['-M', 'malta', '-cpu', '24Kc', '-m', '128'] },
  },
  {
    name: 'arm64-virt',
    target: 'aarch64-unknown-linux-musl',
    packages: 'image-arm64',
    triplet: 'aarch64-linux-gnu',
    modules: [...pci, ...network, 'squashfs', 'overlay'],
    console: 'ttyAMA0',
    overlay: 'ext4',
    qemu: { command: 'qemu-system-aarch64', machine: ['-M', 'virt', '-cpu', 'cortex-a53', '-m', '256'] },
  },
  {
    name: 'x64-q35',
    target: 'x86_64-unknown-linux-musl',
    packages: 'image-x64',
    triplet: 'x86_64-linux-gnu',
    modules: [...pci, ...network, 'squashfs', 'overlay'],
    console: 'ttyS0',
    overlay: 'ext4',
    // A CPU of the first 64-bit generation: what runs there runs on each.
    qemu: { command: 'qemu-system-x86_64', machine: ['-M', 'q35', '-cpu', 'qemu64', '-m', '256'] },
  },
];

/** The images of these names, or all of them where none is named. Throws `ImageError`. */
export function imagesOf(names: readonly string[]): readonly Image[] {
  const unknown = names.filter((name) => images.every((image) => image.name !== name));
  const known = images.map(({ name }) => name).join(', ');
  if (unknown.length > 0) throw new ImageError(`no such image: ${unknown.join(', ')}; there are: ${known}`);
  return names.length > 0 ? images.filter(({ name }) => names.includes(name)) : images;
}

/** Where an image's files end up. */
export function imageFolder(name: ImageName): string {
  return join(root, 'dist', 'images', name);
}

/** The files of an image that its machine boots from, by path. */
export interface ImageFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly root: string;
  /** QEMU's block device under the overlay: `driver=file,filename=…`, or what lies over one. */
  readonly overlay: string;
}

export const fileNames = { kernel: 'vmlinuz', initrd: 'initrd.gz', root: 'root.squashfs', overlay: 'overlay.img' } as const;

export interface MachineOptions {
  /** The port of 127.0.0.1 that leads to the router's SSH. */
  readonly sshPort: number | string;
  readonly overlay: Overlay;
  /** Further parameters of Linux. */
  readonly parameters?: readonly string[];
}

/** QEMU's arguments for an image's machine: all but where its serial line leads. */
export function machineArguments(image: Image, files: ImageFiles, { sshPort, overlay, parameters = [] }: MachineOptions): string[] {
  const disk = (name: string, device: string): string[] => [
    '-blockdev',
    `node-name=${name},${device}`,
    '-device',
    `virtio-blk-pci,drive=${name}`,
  ];
  return [
    ...image.qemu.machine,
    '-nodefaults',
    '-kernel',
    files.kernel,
    '-initrd',
    files.initrd,
    '-append',
    [`console=${image.console}`, 'quiet', `overlay=${overlay}`, ...parameters].join(' '),
    ...disk('root', `driver=file,read-only=on,filename=${files.root}`),
    ...disk('overlay', files.overlay),
    '-netdev',
    `user,id=network,hostfwd=tcp:127.0.0.1:${sshPort}-:22`,
    // Nothing boots from the network, so its boot program, a package of its own, is not needed.
    '-device',
    'virtio-net-pci,netdev=network,romfile=',
  ];
}

/** A shell script that starts an image from its own folder, the serial line in the terminal. */
export function launcher(image: Image): string {
  const files = { ...fileNames, overlay: `driver=file,filename=${fileNames.overlay}` };
  const quoted = machineArguments(image, files, { sshPort: '$port', overlay: image.overlay }).map((word) => `"${word}"`);
  return `#!/bin/sh
# Starts the router ${image.name} in QEMU. This terminal is its serial line: Ctrl-A X ends it as a power cut does.
# SSH: ssh -p 2222 USER@127.0.0.1 (another port: SSH_PORT). What it writes is kept in ${fileNames.overlay}. Arguments are QEMU's.
cd "$(dirname "$0")"
port=\${SSH_PORT:-2222}
exec ${image.qemu.command} ${quoted.join(' ')} -display none -serial mon:stdio "$@"
`;
}

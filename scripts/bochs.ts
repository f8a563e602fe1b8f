import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installedTools, root } from './tools.ts';

/** A Cannon Lake: the first CPU with AVX-512 IFMA, and the one of Bochs' models that Linux boots on without its interrupt controller. */
const cpu = 'corei3_cnl';

/**
 * What Linux must not use because Bochs 2.7 misstates it: the compacted form of saved registers and the state of protection keys (it would
 * turn AVX off), the local interrupt controller (it would hang). The rest saves emulated instructions.
 */
const kernelOptions = [
  'console=ttyS0',
  'panic=-1',
  'nolapic',
  'nopku',
  'noxsaves',
  'clearcpuid=pku,xsaves,xsavec,aperfmperf',
  'quiet',
  'nokaslr',
  'mitigations=off',
  'tsc=reliable',
  'lpj=40000',
  'lsm=yama',
];

export interface Emulated {
  /** What the program printed, and the kernel. */
  output: string;
  /** The program's exit status; nothing when it did not end by itself. */
  status: number | undefined;
}

/** Runs a static x86-64 program as the only one of a machine that Bochs emulates, for at most `seconds`. */
export async function runUnderBochs(program: string, args: readonly string[], seconds: number): Promise<Emulated> {
  const folder = join(root, '.cache/bochs');
  rmSync(folder, { recursive: true, force: true });
  await makeBootDisk(folder, program, args);
  const serial = join(folder, 'serial.txt');
  writeFileSync(join(folder, 'bochsrc'), bochsrc(folder, serial));
  // Debian's build waits for commands of its debugger.
  writeFileSync(join(folder, 'commands'), 'continue\n');
  // Its screen is a terminal, which `script` provides.
  const bochs = `bochs -q -f ${join(folder, 'bochsrc')} -rc ${join(folder, 'commands')}`;
  const child = spawn('timeout', ['--kill-after=10', String(seconds), 'script', '--quiet', '--return', '--command', bochs, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm' },
    stdio: 'ignore',
  });
  await ended(child);
  if (!existsSync(serial)) throw new Error(`Bochs did not start; see ${join(folder, 'bochs.log')}`);
  const output = readFileSync(serial, 'latin1').replaceAll('\r', '');
  // The end of the first program is a panic to Linux, and its restart one to Bochs, which ends.
  const code = /Attempted to kill init! exitcode=0x([0-9a-f]{8})/.exec(output)?.[1];
  return { output, status: code === undefined ? undefined : Number.parseInt(code, 16) };
}

/** A CD with Linux, and the program as its first and only process. */
async function makeBootDisk(folder: string, program: string, args: readonly string[]): Promise<void> {
  const [disk, files] = [join(folder, 'disk'), join(folder, 'files')];
  for (const name of [disk, files]) mkdirSync(name, { recursive: true });
  copyFileSync(program, join(files, 'init'));
  await command('sh', ['-c', 'echo init | cpio --quiet -o -H newc > ../disk/initrd'], files);
  copyFileSync(installedTools['linux-x64'], join(disk, 'linux'));
  copyFileSync('/usr/lib/ISOLINUX/isolinux.bin', join(disk, 'isolinux.bin'));
  copyFileSync('/usr/lib/syslinux/modules/bios/ldlinux.c32', join(disk, 'ldlinux.c32'));
  const append = ['initrd=initrd', ...kernelOptions, '--', ...args].join(' ');
  writeFileSync(join(disk, 'isolinux.cfg'), `default linux\nlabel linux\n kernel linux\n append ${append}\n`);
  const boot = ['-b', 'isolinux.bin', '-c', 'boot.cat', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table'];
  await command('xorriso', ['-as', 'mkisofs', '-quiet', '-o', 'boot.iso', ...boot, 'disk'], folder);
}

/** Few instructions a second of the emulated clock: what waits for the clock waits for fewer instructions. */
function bochsrc(folder: string, serial: string): string {
  return `display_library: term
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/vgabios/vgabios.bin
cpu: model=${cpu}, count=1, ips=10000000, reset_on_triple_fault=0
memory: guest=256, host=256
ata0-master: type=cdrom, path=${join(folder, 'boot.iso')}, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=${serial}
speaker: enabled=0
log: ${join(folder, 'bochs.log')}
panic: action=fatal
error: action=ignore
info: action=ignore
debug: action=ignore
`;
}

async function command(program: string, args: readonly string[], cwd: string): Promise<void> {
  const status = await ended(spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }));
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
}

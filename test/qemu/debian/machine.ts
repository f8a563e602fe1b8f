import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PseudoTerminal } from '../../console/pseudo-terminal.ts';
import { RootShell } from '../images/instrument.ts';
import { makeSystem, type SystemFiles } from './system.ts';

/** A Debian with systemd in QEMU, switched on as often as one likes, with one disk. Its serial line is a terminal of root. */
export class DebianMachine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'signet-machine-'));
  readonly #files: SystemFiles;
  #serial: PseudoTerminal | undefined;
  #shell: RootShell | undefined;

  /** `home` are files for the home of root. */
  constructor(home: Readonly<Record<string, Uint8Array>>) {
    this.#files = makeSystem(this.#folder, home);
  }

  get #terminal(): PseudoTerminal {
    if (this.#serial === undefined) throw new Error('the machine is off');
    return this.#serial;
  }

  async start(): Promise<void> {
    const socket = join(this.#folder, 'shell');
    rmSync(socket, { force: true });
    const disk = (name: string, device: string): string[] => [
      '-blockdev',
      `node-name=${name},driver=file,${device}`,
      '-device',
      `virtio-blk-pci,drive=${name}`,
    ];
    const { kernel, initrd, root, disk: written } = this.#files;
    const machine = ['-M', 'pc', '-cpu', 'qemu64', '-m', '512', '-nodefaults', '-no-reboot', '-kernel', kernel, '-initrd', initrd];
    // Nothing here is older than the packages it came from.
    const line = 'console=ttyS0 quiet panic=-1 systemd.show_status=no systemd.condition-needs-update=no';
    const disks = [...disk('root', `read-only=on,filename=${root}`), ...disk('written', `filename=${written}`)];
    const consoles = ['-display', 'none', '-serial', 'mon:stdio', ...RootShell.device(socket)];
    this.#serial = new PseudoTerminal(['qemu-system-x86_64', ...machine, '-append', line, ...disks, ...consoles], {
      columns: 80,
      rows: 24,
      type: 'vt102',
    });
    this.#shell = await RootShell.connect(socket);
  }

  /** Runs a line as root and returns what it printed, without the last line's end. Throws if its status is not 0. */
  run(line: string): Promise<string> {
    if (this.#shell === undefined) throw new Error('the machine is off');
    return this.#shell.run(line);
  }

  /** Types a line on the serial line and waits until the last line of the screen is like `prompt`. Returns what is shown between the two. */
  async type(line: string, prompt: RegExp): Promise<string> {
    const serial = this.#terminal;
    const before = serial.lines.length;
    serial.press(`${line}\r`);
    if (!(await serial.until(() => serial.lines.length > before && prompt.test(serial.lines.at(-1) ?? '')))) {
      throw new Error(`no ${String(prompt)} on the serial line but\n${serial.lines.join('\n')}`);
    }
    return serial.lines.slice(before, -1).join('\n');
  }

  /** What has been on the serial line, for whoever looks for a fault. */
  get screen(): string {
    return this.#serial?.lines.join('\n') ?? '';
  }

  /** Tells systemd to switch the machine off, and waits until it is. */
  async powerOff(): Promise<void> {
    const serial = this.#terminal;
    serial.press('systemctl poweroff\r');
    if (!(await serial.until(() => serial.status !== undefined))) throw new Error(`the machine stays on\n${serial.lines.join('\n')}`);
    await this.#cut();
  }

  async #cut(): Promise<void> {
    const serial = this.#serial;
    this.#shell?.close();
    if (serial?.status === undefined) serial?.kill('SIGKILL');
    await serial?.until(() => serial.status !== undefined);
    this.#serial = undefined;
    this.#shell = undefined;
  }

  /** Cuts the power and throws the disk away. */
  async end(): Promise<void> {
    await this.#cut();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

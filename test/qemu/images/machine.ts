import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fileNames,
  type Image,
  type ImageName,
  imageFolder,
  imagesOf,
  machineArguments,
  type Overlay,
} from '../../../scripts/image/images.ts';
import { PseudoTerminal } from '../../console/pseudo-terminal.ts';
import { freePort } from '../../free-port.ts';
import { instrumented, RootShell } from './instrument.ts';

/** As the router believes its terminal to be: a serial line does not say. */
const window = { columns: 80, rows: 24, type: 'vt102' };

export interface Start {
  /** What the clock of the machine says when it is switched on, as an ISO date and time; the time of this machine if absent. */
  readonly clock?: string;
  /** A shell of root beside the serial line, which no image has. */
  readonly shell?: boolean;
  /** Files that take the place of the root's, or come into the store's folder, by path: whole contents. Needs `shell`. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Modules of the kernel that are loaded besides, each with its parameters. Needs `shell`. */
  readonly modules?: readonly string[];
  /** Further parameters of Linux. */
  readonly parameters?: readonly string[];
  /** The block device under the overlay, in QEMU's words; the machine's own disk if absent. */
  readonly disk?: string;
  /** Further arguments of QEMU. */
  readonly more?: readonly string[];
}

/** An image's router in QEMU: switched on and off as often as one likes, with one disk. The serial line is a terminal. */
export class Machine {
  readonly image: Image;
  readonly folder: string;
  readonly #overlay: Overlay;
  #serial: PseudoTerminal | undefined;
  #shell: RootShell | undefined;
  #sshPort = 0;

  constructor(name: ImageName, disk?: { readonly path: string; readonly overlay: Overlay }) {
    const [image] = imagesOf([name]);
    if (image === undefined) throw new Error(`no image ${name}`);
    this.image = image;
    this.#overlay = disk?.overlay ?? image.overlay;
    this.folder = mkdtempSync(join(tmpdir(), 'signet-machine-'));
    copyFileSync(disk?.path ?? this.built('overlay'), this.disk);
  }

  /** The disk under the overlay. */
  get disk(): string {
    return join(this.folder, fileNames.overlay);
  }

  get serial(): PseudoTerminal {
    if (this.#serial === undefined) throw new Error('the machine is off');
    return this.#serial;
  }

  get shell(): RootShell {
    if (this.#shell === undefined) throw new Error('the machine has no shell of root');
    return this.#shell;
  }

  /** The port of 127.0.0.1 that leads to the router's SSH. */
  get sshPort(): number {
    return this.#sshPort;
  }

  /** A file of the image. */
  built(name: keyof typeof fileNames): string {
    const path = join(imageFolder(this.image.name), fileNames[name]);
    if (!existsSync(path)) throw new Error(`${path} is missing: npm run image -- ${this.image.name}`);
    return path;
  }

  async start({ clock, shell = false, files = {}, modules = [], parameters = [], disk, more = [] }: Start = {}): Promise<void> {
    const socket = join(this.folder, 'shell');
    // One that was cut off leaves its socket's file behind, at which nobody listens.
    rmSync(socket, { force: true });
    const initrd = shell ? instrumented(this.image, this.folder, files, modules) : this.built('initrd');
    const parts = { kernel: this.built('kernel'), root: this.built('root'), initrd, overlay: disk ?? `driver=file,filename=${this.disk}` };
    this.#sshPort = await freePort();
    const machine = machineArguments(this.image, parts, { sshPort: this.#sshPort, overlay: this.#overlay, parameters });
    const options = [
      '-display',
      'none',
      '-serial',
      'mon:stdio',
      ...(clock === undefined ? [] : ['-rtc', `base=${clock}`]),
      ...(shell ? RootShell.device(socket) : []),
      ...more,
    ];
    this.#serial = new PseudoTerminal([this.image.qemu.command, ...machine, ...options], window);
    if (shell) this.#shell = await RootShell.connect(socket);
  }

  /** Waits until the serial line shows a text. Throws with what it shows instead. */
  async shows(text: string | RegExp): Promise<void> {
    const seen = await this.serial.until(() => {
      const screen = this.serial.lines.join('\n');
      return typeof text === 'string' ? screen.includes(text) : text.test(screen);
    });
    if (!seen) throw new Error(`the serial line does not show ${String(text)} but\n${this.serial.lines.join('\n')}`);
  }

  /** Gives the router the password of its first user, who is in afterwards. */
  async choosePassword(password: string): Promise<void> {
    await this.shows('new password:');
    this.serial.press(`${password}\r`);
    await this.shows('repeat new password:');
    this.serial.press(`${password}\r`);
    await this.#prompted();
  }

  async logIn(name: string, password: string): Promise<void> {
    await this.shows('Login:');
    this.serial.press(`${name}\r`);
    await this.shows('Password:');
    this.serial.press(`${password}\r`);
    await this.#prompted();
  }

  /** Types a line at the console and waits for the next prompt. Returns what the screen shows between the two. */
  async command(line: string): Promise<string> {
    const before = this.serial.lines.length;
    this.serial.press(`${line}\r`);
    await this.#prompted(before);
    return this.serial.lines.slice(before, -1).join('\n');
  }

  /** Waits until the last line is a prompt, with at least one line more than there were. */
  async #prompted(lines = 0): Promise<void> {
    const seen = await this.serial.until(
      () => this.serial.lines.length > lines && /^\[\S+@\S+\] .*>$/.test(this.serial.lines.at(-1) ?? ''),
    );
    if (!seen) throw new Error(`no prompt on the serial line but\n${this.serial.lines.join('\n')}`);
  }

  /** The power goes. */
  async cut(): Promise<void> {
    const serial = this.#serial;
    if (serial === undefined) return;
    this.#shell?.close();
    if (serial.status === undefined) serial.kill('SIGKILL');
    await serial.until(() => serial.status !== undefined);
    this.#serial = undefined;
    this.#shell = undefined;
  }

  /** Cuts the power and throws the disk away. */
  async end(): Promise<void> {
    await this.cut();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

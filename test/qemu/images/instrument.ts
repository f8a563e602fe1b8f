import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { initProgram, rootFiles } from '../../../scripts/image/build.ts';
import { fileNames, type Image, imageFolder } from '../../../scripts/image/images.ts';
import { copyModules, pack } from '../../../scripts/image/initrd.ts';
import { debianRoots } from '../../../scripts/tools.ts';
import { builtAt } from '../../../src/version.ts';
import { patience } from '../../patience.ts';

/**
 * The image's first files with more behind them: a console that leads to a shell of root, and files that take the place of those of the root
 * until the machine is switched off. Returns the path of what Linux is to start from.
 */
export function instrumented(image: Image, folder: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const work = mkdtempSync(join(tmpdir(), 'signet-instrument-'));
  try {
    const inittab = readFileSync(join(rootFiles, 'etc/inittab'), 'utf8').replace('CONSOLE', image.console);
    const all = { ...files, 'etc/inittab': `${inittab}hvc0::respawn:/bin/sh\n` };
    const lines = ['insmod /modules/virtio_console.ko'];
    for (const [path, contents] of Object.entries(all)) {
      const place = join(work, 'instead', path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, contents, { mode: 0o755 });
      lines.push(`mount --bind /instead/${path} /root/${path}`);
    }
    mkdirSync(join(work, 'modules'));
    copyModules(debianRoots[image.packages].folder, ['virtio_console'], join(work, 'modules'));
    const last = 'exec switch_root';
    writeFileSync(join(work, 'init'), readFileSync(initProgram, 'utf8').replace(last, `${lines.join('\n')}\n${last}`), { mode: 0o755 });
    const output = join(folder, fileNames.initrd);
    writeFileSync(output, Buffer.concat([readFileSync(join(imageFolder(image.name), fileNames.initrd)), pack(work, builtAt)]));
    return output;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A shell of root in a machine that was started with `instrumented` files. */
export class RootShell {
  readonly #socket: Socket;
  #seen = '';
  #count = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (text: string) => {
      this.#seen += text;
    });
    // The machine may be cut at any time.
    socket.on('error', () => undefined);
  }

  /** QEMU's arguments for the console, which listens at a Unix socket. */
  static device(path: string): string[] {
    const chardev = `socket,id=shell,path=${path},server=on,wait=off`;
    return ['-chardev', chardev, '-device', 'virtio-serial-pci', '-device', 'virtconsole,chardev=shell'];
  }

  static async connect(path: string): Promise<RootShell> {
    for (const deadline = performance.now() + patience; !existsSync(path); ) {
      if (performance.now() > deadline) throw new Error('QEMU has not started');
      await setTimeout(20);
    }
    return new RootShell(connect(path));
  }

  /** Runs a line and returns what it printed, without the last line's end. Throws if its status is not 0. */
  async run(line: string): Promise<string> {
    this.#count += 1;
    const [begin, end] = [`begin${this.#count}`, `end${this.#count}`];
    // The line itself comes back as an echo, in which the marks are not whole.
    const send = (): void => void this.#socket.write(`echo be''gin${this.#count}; ${line}; echo "en""d${this.#count} $?"\n`);
    const from = this.#seen.length;
    let sent = 0;
    for (const deadline = performance.now() + patience; ; ) {
      const found = new RegExp(`(?:^|\\n)${begin}\\r?\\n([^]*?)\\r?\\n?${end} (\\d+)\\r?\\n`).exec(this.#seen.slice(from));
      if (found !== null) {
        if (found[2] !== '0') throw new Error(`${line}: status ${found[2]}\n${found[1]}`);
        return (found[1] ?? '').replaceAll('\r', '');
      }
      if (performance.now() > deadline) throw new Error(`no answer to ${line}: ${this.#seen.slice(from)}`);
      // Before the shell is there nobody reads.
      if (sent === 0 && this.#seen.includes('# ')) {
        send();
        sent = 1;
      }
      await setTimeout(20);
    }
  }

  /** Writes a small file. */
  async write(path: string, contents: Uint8Array): Promise<void> {
    // The shell reads lines of a kilobyte.
    const parts =
      Buffer.from(contents)
        .toString('base64')
        .match(/.{1,600}/g) ?? [];
    await this.run(`rm -f ${path}.base64`);
    for (const part of parts) await this.run(`echo ${part} >> ${path}.base64`);
    await this.run(`busybox base64 -d ${path}.base64 > ${path} && rm ${path}.base64`);
  }

  close(): void {
    this.#socket.destroy();
  }
}

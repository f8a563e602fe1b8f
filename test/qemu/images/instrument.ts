import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The folder of the router's store, which is there once its daemon has started. */
const storeFolder = 'var/lib/signet/';

/**
 * The image's first files with more behind them: a console that leads to a shell of root, modules of the kernel (each with its parameters) that
 * are loaded when all others are, files that take the place of those of the root until the machine is switched off, and files that are put into
 * the store's folder. Returns the path of what Linux is to start from.
 */
export function instrumented(
  image: Image,
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  modules: readonly string[] = [],
): string {
  const work = mkdtempSync(join(tmpdir(), 'signet-instrument-'));
  try {
    const inittab = readFileSync(join(rootFiles, 'etc/inittab'), 'utf8').replace('CONSOLE', image.console);
    const all = { ...files, 'etc/inittab': `${inittab}hvc0::respawn:/bin/sh\n` };
    const lines: string[] = [];
    for (const [path, contents] of Object.entries(all)) {
      const place = join(work, 'instead', path);
      mkdirSync(dirname(place), { recursive: true });
      writeFileSync(place, contents, { mode: 0o755 });
      if (path.startsWith(storeFolder)) {
        lines.push(`busybox cp /instead/${path} /root/${path} && busybox chown 900:900 /root/${path} && busybox chmod 600 /root/${path}`);
      } else lines.push(`mount --bind /instead/${path} /root/${path}`);
    }
    const loaded = ['virtio_console', ...modules].map((module) => module.split(' '));
    mkdirSync(join(work, 'modules'));
    copyModules(
      debianRoots[image.packages].folder,
      loaded.map(([name = '']) => name),
      join(work, 'modules'),
    );
    const load = loaded.map(([name, ...parameters]) => [`insmod /modules/${name}.ko`, ...parameters].join(' '));
    const [before, last] = ['done < /modules/order\n', 'exec switch_root'];
    const init = readFileSync(initProgram, 'utf8')
      .replace(before, `${before}${load.join('\n')}\n`)
      .replace(last, `${lines.join('\n')}\n${last}`);
    writeFileSync(join(work, 'init'), init, { mode: 0o755 });
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

  /** Connects to a machine that is about to listen at a path where nothing was. */
  static async connect(path: string): Promise<RootShell> {
    for (const deadline = performance.now() + patience; ; await setTimeout(20)) {
      const socket = connect(path);
      try {
        await once(socket, 'connect');
        return new RootShell(socket);
      } catch (error) {
        if (performance.now() > deadline) throw new Error('QEMU has not started', { cause: error });
      }
    }
  }

  /** Runs a line and returns what it printed, without the last line's end. Throws if its status is not 0. */
  async run(line: string): Promise<string> {
    this.#count += 1;
    const [begin, end] = [`begin${this.#count}`, `end${this.#count}`];
    // The line itself comes back as an echo, in which the marks are not whole. Of the echo of a long line a part is lost, and more with it.
    const send = (): void => void this.#socket.write(`echo be''gin${this.#count}; ${line}; echo "en""d${this.#count} $?"\n`);
    const from = this.#seen.length;
    let sent = 0;
    for (const deadline = performance.now() + patience; ; ) {
      const found = new RegExp(`(?:^|\\n)(?:# )?${begin}\\r?\\n([^]*?)\\r?\\n?${end} (\\d+)\\r?\\n`).exec(this.#seen.slice(from));
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

  close(): void {
    this.#socket.destroy();
  }
}

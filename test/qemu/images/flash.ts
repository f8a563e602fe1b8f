import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { PseudoTerminal } from '../../console/pseudo-terminal.ts';
import type { Start } from './machine.ts';

const mebibyte = 1024 * 1024;
const memoryBytes = 128 * mebibyte;
const eraseBytes = 64 * 1024;
export const flashBytes = 4 * mebibyte;

/** Where the flash is in the machine's memory; behind it is as much for what another machine hands out. */
const flashAt = 64 * mebibyte;
const outputAt = flashAt + flashBytes;

/**
 * NOR flash of mipsel-malta that can be looked at from outside at any moment: a part of the machine's memory that Linux is told to leave alone and
 * takes for flash (phram), in a file that outlives the machine. As in such a chip, and unlike under block2mtd, each byte is there as soon as the
 * file system has written it. (The chips that QEMU's malta has Debian's kernel has no driver for.)
 */
export class Flash {
  readonly #file: number;
  readonly #path: string;

  /** Erased flash, in a new file. */
  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, 'w+');
    ftruncateSync(this.#file, memoryBytes);
    this.write(new Uint8Array(flashBytes).fill(0xff));
  }

  /** Starts a machine with this memory; its flash is mtd0 if it holds the overlay, and else comes after those that are there. */
  start(from: 'overlay' | 'later'): Start {
    const device = (name: string, at: number): string =>
      `${name},0x${at.toString(16)},0x${flashBytes.toString(16)},0x${eraseBytes.toString(16)}`;
    const behind = outputAt + flashBytes;
    const memory = `memory-backend-file,id=memory,size=${memoryBytes},share=on,mem-path=${this.#path}`;
    return {
      shell: true,
      modules: from === 'overlay' ? [`phram phram=${device('flash', flashAt)}`] : [`phram`],
      parameters: [`mem=${flashAt}@0`, `mem=${memoryBytes - behind}@${behind}`],
      more: ['-object', memory, '-machine', 'memory-backend=memory'],
    };
  }

  /** Lines of a shell that make mtd1 and mtd2 of the flash and of the room behind it. */
  static get attach(): string {
    const parameter = '/sys/module/phram/parameters/phram';
    const each = { flash: flashAt, output: outputAt };
    return Object.entries(each)
      .map(([name, at]) => `echo ${name},${at},${flashBytes},${eraseBytes} > ${parameter}`)
      .join(' && ');
  }

  read(): Buffer {
    return this.#read(flashAt);
  }

  readOutput(): Buffer {
    return this.#read(outputAt);
  }

  write(bytes: Uint8Array): void {
    writeSync(this.#file, bytes, 0, bytes.length, flashAt);
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(at: number): Buffer {
    const bytes = Buffer.alloc(flashBytes);
    readSync(this.#file, bytes, 0, flashBytes, at);
    return bytes;
  }
}

/** Looks at the flash of a machine that runs, every few milliseconds and oftener while it changes, and remembers each state that it sees. */
export class FlashWatch {
  readonly #flash: Flash;
  readonly #process: PseudoTerminal;
  readonly #first: Buffer;
  #last: Buffer;
  readonly #changes: ReadonlyMap<number, Uint8Array>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(flash: Flash, process: PseudoTerminal) {
    this.#flash = flash;
    this.#process = process;
    this.#first = this.#stopped();
    this.#last = this.#first;
    this.#lookAgain(0);
  }

  /** Where something has changed, more is about to. */
  #lookAgain(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      const before = this.count;
      this.#lookAgain(this.look() > before ? 1 : 4);
    }, milliseconds);
  }

  /** How many changes have been seen. */
  get count(): number {
    return this.#changes.length;
  }

  /** Looks at the flash now; answers how many changes have been seen. */
  look(): number {
    const now = this.#stopped();
    if (!now.equals(this.#last)) {
      const changed = new Map<number, Uint8Array>();
      for (let at = 0; at < flashBytes; at += eraseBytes) {
        const block = now.subarray(at, at + eraseBytes);
        if (!block.equals(this.#last.subarray(at, at + eraseBytes))) changed.set(at, Uint8Array.from(block));
      }
      this.#changes.push(changed);
      this.#last = now;
    }
    return this.#changes.length;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** The flash after each change, with its index. The bytes are good until the next one is asked for. */
  *states(): Generator<readonly [number, Uint8Array]> {
    const bytes = Uint8Array.from(this.#first);
    for (const [index, changed] of this.#changes.entries()) {
      for (const [at, block] of changed) bytes.set(block, at);
      yield [index, bytes];
    }
  }

  /** The flash at one moment: the machine stands still while it is read. */
  #stopped(): Buffer {
    this.#process.kill('SIGSTOP');
    try {
      while (!isStopped(this.#process.pid));
      return this.#flash.read();
    } finally {
      this.#process.kill('SIGCONT');
    }
  }
}

function isStopped(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  return readdirSync(threads).every((thread) => / [TtZX] /.test(readFileSync(`${threads}/${thread}/stat`, 'latin1').replace(/^.*\)/s, '')));
}

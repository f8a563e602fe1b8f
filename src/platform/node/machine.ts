import { readFileSync, statfsSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { uptime } from 'node:process';
import { getHeapStatistics } from 'node:v8';
import type { Machine } from '../machine.ts';

/** The names that RouterOS gives to architectures. */
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'arm64' };

/** Where Linux tells the name of a board: device tree (arm64), then DMI (x86-64). */
const boardFiles = ['/proc/device-tree/model', '/sys/class/dmi/id/product_name'];

/** The machine as Linux and Node describe it. */
export class NodeMachine implements Machine {
  readonly architecture = architectures[arch()] ?? arch();
  readonly cpu = printable(cpus()[0]?.model ?? '');
  readonly cpuCount = availableParallelism();
  readonly board = boardName(boardFiles);
  readonly host = `node ${process.versions.node}`;
  readonly #store: string;

  /** `store` is the folder that holds the store. */
  constructor(store: string) {
    this.#store = store;
  }

  totalMemory(): number {
    return totalmem();
  }

  freeMemory(): number {
    return freemem();
  }

  isCrowded(): boolean {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    // With what nobody reaches any more and is not collected yet.
    return used > (limit * 3) / 4;
  }

  totalSpace(): number {
    const { blocks, bsize } = statfsSync(this.#store);
    return blocks * bsize;
  }

  freeSpace(): number {
    // What an ordinary user may still write: `bavail`, without root's reserve.
    const { bavail, bsize } = statfsSync(this.#store);
    return bavail * bsize;
  }

  uptime(): number {
    return Math.floor(uptime());
  }
}

/** The first of these files that can be read; "" if there is none. */
export function boardName(files: readonly string[]): string {
  for (const file of files) {
    try {
      return printable(readFileSync(file, 'utf8'));
    } catch {
      // Not this kind of machine.
    }
  }
  return '';
}

/** Firmware texts end in NUL or a line end, and may hold anything. */
function printable(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/g, ' ').trim();
}

import * as host from 'signet:machine';
import type { Machine } from '../machine.ts';

/** The machine as Linux describes it. */
export class CompactMachine implements Machine {
  readonly architecture = host.architecture;
  readonly cpu = host.cpu;
  readonly cpuCount = host.cpuCount;
  readonly board = host.board;
  readonly host = host.engine;
  readonly #store: string;

  /** `store` is the folder that holds the store. */
  constructor(store: string) {
    this.#store = store;
  }

  totalMemory(): number {
    return host.memory()[0];
  }

  freeMemory(): number {
    return host.memory()[1];
  }

  isCrowded(): boolean {
    return host.isCrowded();
  }

  totalSpace(): number {
    return host.space(this.#store)[0];
  }

  freeSpace(): number {
    return host.space(this.#store)[1];
  }

  uptime(): number {
    return host.uptime();
  }
}

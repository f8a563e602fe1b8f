import type { Instant } from '../platform/clock.ts';
import type { KeyGenerator } from '../platform/keygen.ts';
import type { Machine } from '../platform/machine.ts';

/** What `/system/resource print` shows. Sizes are bytes. */
export interface Resources {
  /** Seconds since this program started. */
  readonly uptime: number;
  readonly version: string;
  readonly buildTime: Instant;
  readonly freeMemory: number;
  readonly totalMemory: number;
  readonly cpu: string;
  readonly cpuCount: number;
  readonly freeSpace: number;
  readonly totalSpace: number;
  readonly architecture: string;
  readonly board: string;
  /** What runs this program: "node 24.21.0". */
  readonly host: string;
  /** Which key generator was chosen at start. */
  readonly keyGenerator: string;
}

/** The state of the machine and the program now. */
export function resourcesOf(
  machine: Machine,
  keyGenerator: KeyGenerator,
  built: { readonly version: string; readonly at: Instant },
): Resources {
  return {
    uptime: machine.uptime(),
    version: built.version,
    buildTime: built.at,
    freeMemory: machine.freeMemory(),
    totalMemory: machine.totalMemory(),
    cpu: machine.cpu,
    cpuCount: machine.cpuCount,
    freeSpace: machine.freeSpace(),
    totalSpace: machine.totalSpace(),
    architecture: machine.architecture,
    board: machine.board,
    host: machine.host,
    keyGenerator: keyGenerator.name,
  };
}

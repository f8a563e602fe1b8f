/** What `/system/resource print` tells of the machine and the process. */
export interface Machine {
  readonly architecture: string;
  readonly cpu: string;
  readonly cpuCount: number;
  readonly board: string;
  /** Bytes. */
  totalMemory(): number;
  freeMemory(): number;
  /**
   * Is half of the memory in use that this program may have (three quarters where what nobody reaches counts)? Who wants to keep more should
   * not: what needs all of it ends the program.
   */
  isCrowded(): boolean;
  /** Bytes on the file system that holds the store. */
  totalSpace(): number;
  freeSpace(): number;
  /** Seconds since this program started. */
  uptime(): number;
  /** The host the core runs on: "node 24.21.0". */
  readonly host: string;
}

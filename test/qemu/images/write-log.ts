import { readFileSync } from 'node:fs';

/** Bytes of a sector, as `blklogwrites` is told (`log-sector-size`). */
export const sectorBytes = 512;

/** What a disk was asked for: to write something, to make durable what it has written, or both. */
export interface LogEntry {
  /** Where on the disk, in bytes. */
  readonly at: number;
  readonly data: Uint8Array;
  readonly flush: boolean;
  /** It is durable when it is answered, whatever comes later. */
  readonly durable: boolean;
  /** Where it ends in the log: what the log's size was when it had been written. */
  readonly end: number;
}

/** 'rhswfsj', the first eight bytes of a log. */
const magic = 0x6a736677736872n;
const flushFlag = 1n;
const durableFlag = 2n;
const discardFlag = 4n;

/**
 * Reads what QEMU's `blklogwrites` has recorded, in the format of Linux's dm-log-writes: a sector of superblock, then for each request a
 * sector of header and its data. Everything is little-endian. The superblock may be older than the last requests.
 */
export function readWriteLog(path: string): LogEntry[] {
  const log = readFileSync(path);
  if (log.readBigUInt64LE(0) !== magic || log.readBigUInt64LE(8) !== 1n || log.readUInt32LE(24) !== sectorBytes)
    throw new Error(`${path} is no log of writes`);
  const entries: LogEntry[] = [];
  for (let at = sectorBytes; at + sectorBytes <= log.length; ) {
    const [sector, sectors, flags] = [0, 8, 16].map((field) => log.readBigUInt64LE(at + field)) as [bigint, bigint, bigint];
    const length = (flags & discardFlag) === 0n ? Number(sectors) * sectorBytes : 0;
    const end = at + sectorBytes + length;
    if (end > log.length) break;
    entries.push({
      at: Number(sector) * sectorBytes,
      data: log.subarray(at + sectorBytes, end),
      flush: (flags & flushFlag) !== 0n,
      durable: (flags & durableFlag) !== 0n,
      end,
    });
    at = end;
  }
  return entries;
}

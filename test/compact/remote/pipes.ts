import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** Both ends of a pipe as descriptors: ours does not block, theirs, which a child inherits, does. */
export interface Pipe {
  readonly ours: number;
  readonly theirs: number;
}

/** Pipes that we read or write. Node makes none for descriptors of its own, so they are FIFOs whose names are gone. */
export function makePipes<Name extends string>(uses: Readonly<Record<Name, 'read' | 'write'>>): Record<Name, Pipe> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-pipes-'));
  try {
    const pipes = Object.entries<'read' | 'write'>(uses).map(([name, use]) => [name, makePipe(join(folder, name), use)] as const);
    return Object.fromEntries(pipes) as Record<Name, Pipe>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function makePipe(path: string, use: 'read' | 'write'): Pipe {
  execFileSync('mkfifo', ['-m', '600', path]);
  // Opened for one way only, a FIFO would wait for its other end.
  const both = openSync(path, O_RDWR);
  try {
    const [ours, theirs] = use === 'read' ? [O_RDONLY, O_WRONLY] : [O_WRONLY, O_RDONLY];
    return { ours: openSync(path, ours | O_NONBLOCK), theirs: openSync(path, theirs) };
  } finally {
    closeSync(both);
  }
}

/** What is there to read: none at the end, undefined where nothing has come yet. */
export function readReady(descriptor: number): Uint8Array | undefined {
  const bytes = new Uint8Array(65_536);
  return ready(() => bytes.subarray(0, readSync(descriptor, bytes)));
}

/** How many of these bytes the pipe has taken; undefined where it is full. */
export function writeReady(descriptor: number, bytes: Uint8Array): number | undefined {
  return ready(() => writeSync(descriptor, bytes));
}

function ready<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}

const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Stops this thread. */
export function pause(milliseconds: number): void {
  Atomics.wait(nobody, 0, 0, milliseconds);
}

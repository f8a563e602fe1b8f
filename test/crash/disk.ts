import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TracedCall } from './trace.ts';

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly length: number };

/** A file: what is on the disk for certain, and what was changed since the last sync, in order. */
class File {
  synced: Buffer;
  unsynced: Change[] = [];

  constructor(content: Buffer) {
    this.synced = content;
  }

  get length(): number {
    return this.with(this.unsynced).length;
  }

  with(changes: readonly Change[]): Buffer {
    return changes.reduce(changed, this.synced);
  }
}

function changed(content: Buffer, change: Change): Buffer {
  if ('length' in change) {
    return change.length <= content.length
      ? content.subarray(0, change.length)
      : Buffer.concat([content, Buffer.alloc(change.length - content.length)]);
  }
  const end = change.offset + change.bytes.length;
  const result = Buffer.alloc(Math.max(content.length, end));
  content.copy(result);
  change.bytes.copy(result, change.offset);
  return result;
}

/** A folder on a disk that keeps, when the power goes, only what was synced for certain: contents by the file, names by the folder. */
export class Disk {
  readonly #names = new Map<string, File>();
  #syncedNames = new Map<string, File>();
  #random = 1;

  /** With what is in `folder` now, all of it synced. */
  static holding(folder: string): Disk {
    const disk = new Disk();
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isFile()) disk.#names.set(entry.name, new File(readFileSync(join(folder, entry.name))));
    disk.#syncedNames = new Map(disk.#names);
    return disk;
  }

  apply(call: Exclude<TracedCall, { name: 'acknowledge' }>): void {
    switch (call.name) {
      case 'create':
        if (!this.#names.has(call.path)) this.#names.set(call.path, new File(Buffer.alloc(0)));
        return;
      case 'write': {
        const file = this.#file(call.path);
        file.unsynced.push({ offset: call.offset ?? file.length, bytes: call.bytes });
        return;
      }
      case 'truncate':
        this.#file(call.path).unsynced.push({ length: call.length });
        return;
      case 'rename':
        this.#names.set(call.to, this.#file(call.path));
        this.#names.delete(call.path);
        return;
      case 'unlink':
        this.#names.delete(call.path);
        return;
      case 'sync':
        if (call.path === '') this.#syncedNames = new Map(this.#names);
        else this.#syncFile(this.#file(call.path));
    }
  }

  /** What may be found when the power goes now: nothing of what was not synced, all of it, the names alone, and thrice some of it. */
  *afterPowerCut(): Iterable<State> {
    yield State.of('nothing unsynced', this.#syncedNames, () => false);
    yield State.of('everything', this.#names, () => true);
    yield State.of('names alone', this.#names, () => false);
    for (const names of [this.#names, this.#syncedNames, this.#names]) yield State.of('some', names, () => this.#coin());
  }

  #file(path: string): File {
    const file = this.#names.get(path);
    if (file === undefined) throw new Error(`the replay knows no file ${path}`);
    return file;
  }

  #syncFile(file: File): void {
    file.synced = file.with(file.unsynced);
    file.unsynced = [];
  }

  /** The same each run (a linear congruential generator, Knuth's MMIX constants cut to 32 bits). */
  #coin(): boolean {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random > 0x8000_0000;
  }
}

/** Files as they may be found after a power cut. */
export class State {
  readonly kept: string;
  readonly #contents: ReadonlyMap<string, Buffer>;

  private constructor(kept: string, contents: ReadonlyMap<string, Buffer>) {
    this.kept = kept;
    this.#contents = contents;
  }

  static of(kept: string, names: ReadonlyMap<string, File>, keeps: () => boolean): State {
    const contents = [...names].map(([name, file]) => [name, file.with(file.unsynced.filter(() => keeps()))] as const);
    return new State(kept, new Map(contents));
  }

  digest(): string {
    const hash = createHash('sha256');
    for (const [name, content] of [...this.#contents].sort(([a], [b]) => (a < b ? -1 : 1)))
      hash.update(`${name} ${content.length} `).update(content);
    return hash.digest('hex');
  }

  writeTo(folder: string): void {
    mkdirSync(folder, { mode: 0o700 });
    for (const [name, content] of this.#contents) writeFileSync(join(folder, name), content, { mode: 0o600 });
  }
}

import { spawnSync } from 'node:child_process';
import { constants, gzipSync } from 'node:zlib';

/** What an archive holds at a path, which is relative and does not end with `/`. */
export interface Entry {
  readonly path: string;
  readonly mode: number;
  /** A folder where absent. */
  readonly contents?: Uint8Array | string;
  /** User and group id; 0, root, where absent. */
  readonly owner?: number;
}

const block = 512;

/** What is at these paths under `./`, with every folder on the way, in one order. */
export function tree(entries: readonly Entry[]): Entry[] {
  const all = new Map<string, Entry>();
  for (const { path } of entries) {
    const parts = `./${path}`.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      all.set(folder, { path: folder, mode: 0o755 });
    }
  }
  for (const entry of entries) all.set(`./${entry.path}`, { ...entry, path: `./${entry.path}` });
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * A tar archive (POSIX.1-1988, ustar) that follows from its entries alone, which it holds in their order: owners by number, one time in
 * seconds since 1970 UTC for all.
 */
export function tar(entries: readonly Entry[], time: number): Uint8Array {
  const parts = entries.flatMap((entry) => {
    const contents = Buffer.from(entry.contents ?? '');
    return [header(entry, contents.length, time), contents, Buffer.alloc((block - (contents.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header({ path, contents, mode, owner = 0 }: Entry, size: number, time: number): Uint8Array {
  const name = contents === undefined ? `${path}/` : path;
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a header of ustar`);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, offset: number, length: number): void => {
    bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset);
  };
  bytes.write(name);
  octal(mode, 100, 8);
  octal(owner, 108, 8);
  octal(owner, 116, 8);
  octal(size, 124, 12);
  octal(time, 136, 12);
  bytes.write('        ', 148);
  bytes.write(contents === undefined ? '5' : '0', 156);
  bytes.write('ustar\u000000', 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

/** An archive in the common format of ar(5), as a Debian package is one. */
export function ar(members: readonly (readonly [name: string, contents: Uint8Array])[], time: number): Uint8Array {
  const parts = members.flatMap(([name, contents]) => {
    const fields = [
      name.padEnd(16),
      String(time).padEnd(12),
      '0'.padEnd(6),
      '0'.padEnd(6),
      '100644'.padEnd(8),
      String(contents.length).padEnd(10),
    ];
    return [Buffer.from(`${fields.join('')}\`\n`), contents, Buffer.from(contents.length % 2 === 0 ? '' : '\n')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

/** Without a name and without a time (RFC 1952 allows zero). */
export function gzip(contents: Uint8Array | string): Uint8Array {
  return gzipSync(contents, { level: constants.Z_BEST_COMPRESSION });
}

/** By the program, with one thread, as the number of threads would show in the result. */
export function xz(contents: Uint8Array): Uint8Array {
  const { error, status, stderr, stdout } = spawnSync('xz', ['--compress', '--stdout', '--threads=1', '-9'], {
    input: contents,
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`xz: ${stderr.toString()}`);
  return stdout;
}

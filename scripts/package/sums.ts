import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xz } from './archive.ts';

/** Writes SHA256SUMS on those of these files of a folder that are there, as `sha256sum --check` reads it. */
export function writeSums(folder: string, names: readonly string[]): void {
  const lines = present(folder, names).map((name) => {
    const digest = createHash('sha256').update(readFileSync(join(folder, name)));
    return `${digest.digest('hex')}  ${name}\n`;
  });
  writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''));
}

/** A table of the sizes of these files of a folder, in bytes: as they are, and by xz if `compressed`. */
export function sizesTable(title: string, folder: string, names: readonly string[], compressed: boolean): string {
  const rows = present(folder, names).map((name) => {
    const contents = readFileSync(join(folder, name));
    const sizes = compressed ? [contents.length, xz(contents).length] : [contents.length];
    return [name, ...sizes.map((size) => size.toLocaleString('en'))];
  });
  const all = [compressed ? [title, 'bytes', 'by xz'] : [title, 'bytes'], ...rows];
  const widthOf = (column: number): number => Math.max(...all.map((row) => row[column]?.length ?? 0));
  const lines = all.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widthOf(i)) : cell.padStart(widthOf(i)))).join('  '));
  return `${lines.join('\n')}\n`;
}

function present(folder: string, names: readonly string[]): string[] {
  return names.filter((name) => existsSync(join(folder, name)));
}

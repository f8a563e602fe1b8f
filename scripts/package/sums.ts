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

/** A table of the sizes of these files of a folder, in bytes: as they are, and by xz. */
export function sizesTable(title: string, folder: string, names: readonly string[]): string {
  const rows = present(folder, names).map((name) => {
    const contents = readFileSync(join(folder, name));
    return [name, contents.length.toLocaleString('en'), xz(contents).length.toLocaleString('en')];
  });
  const all = [[title, 'bytes', 'by xz'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const cells = (row: readonly string[]): string[] =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)));
  return `${all.map((row) => cells(row).join('  ')).join('\n')}\n`;
}

function present(folder: string, names: readonly string[]): string[] {
  return names.filter((name) => existsSync(join(folder, name)));
}

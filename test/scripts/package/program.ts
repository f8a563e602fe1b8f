import { readFileSync } from 'node:fs';
import { fileOf, newPath, run } from '../../judges/run.ts';

export const release = { version: '1.2.3', time: 1_800_000_000 } as const;

/** A static program that ends at once: packages are about what is around it. */
export function standIn(): Uint8Array {
  const source = fileOf('void _start(void) { for (;;) {} }\n', '.c');
  const program = newPath();
  run('cc', ['-static', '-nostdlib', '-s', '-o', program, source]);
  return readFileSync(program);
}

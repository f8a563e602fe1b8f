import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plugin } from './keygen/programs.ts';
import type { Instructions } from './keygen/weights.ts';
import { withFolder } from './measure.ts';

/** Guest instructions of one run of a program on an emulated CPU, which are the same on a busy machine; `emulator` is the command in front of it. */
export function instructionsOf(emulator: readonly string[], program: readonly string[]): Instructions {
  return withFolder((folder) => {
    const counts = join(folder, 'counts.json');
    const [qemu = '', ...options] = emulator;
    const run = spawnSync(qemu, [...options, '-plugin', `${plugin()},out=${counts}`, ...program], { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.error !== undefined) throw run.error;
    if (run.status !== 0) throw new Error(`${program.join(' ')} ended with ${String(run.status)}: ${run.stderr.slice(0, 2000)}`);
    return JSON.parse(readFileSync(counts, 'utf8')) as Instructions;
  });
}

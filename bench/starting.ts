import { join } from 'node:path';
import type { Figure } from './figures.ts';
import { measure, withFolder } from './measure.ts';
import { signet } from './signet.ts';

const runs = 5;

/** From nothing to the first answer: the program, the store, a console, one empty line; beside an empty Node. */
export function starting(): readonly Figure[] {
  return withFolder((folder) => {
    const store = join(folder, 'store');
    measure(signet(store, '-c', ':put ready'));
    const mean = (command: readonly string[]): number =>
      Array.from({ length: runs }, () => measure(command).cpu).reduce((a, b) => a + b, 0) / runs;
    const ours = mean(signet(store, '-c', ':put ready'));
    const node = mean([process.execPath, '-e', '0']);
    return [
      { name: 'start, one line on an existing store, end: CPU', value: ours, unit: 's' },
      { name: '  an empty Node: CPU', value: node, unit: 's' },
      { name: '  ours / empty Node', value: ours / node, unit: 'x' },
    ];
  });
}

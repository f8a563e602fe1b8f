import { spawnSync } from 'node:child_process';
import { ecMilliseconds, jobMegabytes, objectKilobytes } from './bars.ts';
import type { Figure } from './figures.ts';
import { type AddonKeys, ask, type Run } from './ours.ts';
import type { Cpu } from './run-lines.ts';
import { sizes } from './sizes.ts';
import { average } from './statistics.ts';

/** Where the generator runs: the table's column, and which bars hold there. */
export interface Place {
  readonly name: string;
  readonly bars?: keyof typeof ecMilliseconds;
  /** The memory of an emulator counts as the program's, so that a figure above the bar says nothing. */
  readonly emulated: boolean;
}

const curves = ['prime256v1', 'secp384r1', 'secp521r1', 'ed25519'] as const;
const curvesTable = 'Keys on curves, mean CPU ms';

/** Keys on curves by the addon as Node calls it. */
export function curvesByAddon(addon: AddonKeys, place: Place): Figure[] {
  const bar = place.bars && { bar: ecMilliseconds[place.bars] };
  return curves.map((curve) => {
    const measured = 'reason' in addon ? { note: addon.reason } : { value: addon.mean(curve) * 1000 };
    return { table: curvesTable, row: `${curve}, through the addon`, column: place.name, ...measured, ...bar };
  });
}

/** Keys on curves by the crate alone, and the memory of a job. Where the addon is measured too, it is the one that is judged. */
export function besides(run: Run, place: Place): Figure[] {
  const column = place.name;
  const alone = curves.map((curve) => ({
    table: curvesTable,
    row: curve,
    column,
    value: average(ask<Cpu>(run, 'one', curve, 10).map(({ cpu }) => cpu * 1000)),
    ...(place.emulated && place.bars && { bar: ecMilliseconds[place.bars] }),
  }));
  const memory = sizes
    .filter((size) => !place.emulated || size < 8192)
    .map((size): Figure => {
      const [before, after] = ask<{ beforeKilobytes?: number; peakKilobytes?: number }>(run, 'memory', size);
      const megabytes = ((after?.peakKilobytes ?? Number.NaN) - (before?.beforeKilobytes ?? Number.NaN)) / 1024;
      const bar = place.bars && jobMegabytes[place.bars];
      const row = { table: 'Memory of a job: peak less what was used before, MB', row: `RSA-${size}`, column };
      const within = bar === undefined || megabytes <= bar.bound;
      if (place.emulated && !within) {
        return { ...row, bar, note: `at most ${megabytes.toFixed(1)} MB, most of it the emulator's translated code` };
      }
      return { ...row, value: megabytes, ...(bar && { bar }), ...(place.emulated && { note: "with the emulator's translated code" }) };
    });
  return [...alone, ...memory];
}

/**
 * What the linker kept of the generator and of the crate that makes its keys on curves: code and constants that have a symbol, generic code of
 * other crates that was made for them among them. The bar is the generator's: what curves need is other people's code.
 */
export function objectCode(program: string, place: Place): Figure[] {
  const { stdout, status } = spawnSync('readelf', ['--wide', '--symbols', program], { encoding: 'utf8', maxBuffer: 1 << 28 });
  // The program's name begins like the generator's: a crate's own hash tells them apart.
  const crates = [
    { name: 'signet-keygen', symbols: /Cs\w+?_13signet_keygen(?=8generate8generate)/, bar: place.bars === 'mipsel' },
    { name: 'signet-curve-keys', symbols: /Cs\w+?_17signet_curve_keys/, bar: false },
  ];
  return crates.map(({ name, symbols, bar }) => {
    const figure = { table: 'Object code, KB', row: name, column: place.name, ...(bar && { bar: objectKilobytes }) };
    if (status !== 0) return { ...figure, note: 'readelf is missing' };
    const crate = symbols.exec(stdout)?.[0];
    if (crate === undefined) return { ...figure, note: 'the program has no symbols' };
    const bytes = stdout
      .split('\n')
      // Num: Value Size Type Bind Vis Ndx Name
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , type, , , , symbol]) => (type === 'FUNC' || type === 'OBJECT') && symbol?.includes(crate))
      .reduce((sum, [, , size]) => sum + Number(size), 0);
    return { ...figure, value: bytes / 1024 };
  });
}

/**
 * `npm run bench:keygen [-- --quick] [-- --json FILE] [-- --budget SECONDS]`: what an RSA key costs by our kernels and by the peers of the same
 * run, on this CPU in CPU time and on small ones in instructions. `--budget` bounds the CPU time of a program at a size (Extent.budget).
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { besides, curvesByAddon, objectCode, type Place } from './besides.ts';
import { type Figure, printed, verdict } from './figures.ts';
import { judged, Model, modexps } from './model.ts';
import { addonKeys, kernels } from './ours.ts';
import { findPeers } from './peers.ts';
import { ownProgram } from './programs.ts';
import { type Extent, ownSamples, peerSamples, threads } from './sampled.ts';
import { sizes } from './sizes.ts';
import { type Emulator, emulator, notMeasured, type SmallCpu, type SmallExtent, smallCpu, smallCpus } from './small.ts';

const { values } = parseArgs({
  options: { json: { type: 'string' }, quick: { type: 'boolean', default: false }, budget: { type: 'string' } },
});

/** With a standard deviation of 0.65 of the mean, 200 keys give it to 9 %, 1,000 to 4 %. */
const full: Extent = {
  peerKeys: { 2048: 200, 4096: 200, 8192: 60 },
  ownKeys: { 2048: 1000, 4096: 400, 8192: 200 },
  seeds: { 2048: 400, 4096: 200, 8192: 60 },
  budget: Number.POSITIVE_INFINITY,
  peerSizes: sizes,
};
const fullSmall: SmallExtent = { sizes, wholeKeys: 10 };
const quick: Extent = {
  peerKeys: { 2048: 60, 4096: 30, 8192: 2 },
  ownKeys: { 2048: 100, 4096: 20, 8192: 5 },
  seeds: { 2048: 60, 4096: 12, 8192: 2 },
  budget: 1,
  peerSizes: [2048],
};
/** Most of a quick run would be the emulation of longer keys, whose counts are the same each time. */
const quickSmall: SmallExtent = { sizes: [2048], wholeKeys: 0 };

const chosen = values.quick ? quick : full;
const extent: Extent = { ...chosen, budget: Math.min(chosen.budget, values.budget === undefined ? chosen.budget : Number(values.budget)) };
if (Number.isNaN(extent.budget)) throw new TypeError(`--budget ${values.budget ?? ''}: expected seconds`);

const figures: Figure[] = [];
function show(more: readonly Figure[]): void {
  figures.push(...more);
  console.log(printed(more));
}

console.log(
  `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${new Date().toISOString()}, ${values.quick ? 'quick' : 'full'} form\n`,
);
const ours = [ownProgram()];
const available = kernels(ours);
const peers = findPeers();
const [best] = available.runnable;
if (best === undefined) throw new Error('no kernel runs here');
const model = new Model(ours, available);
const [peerKeys, peerFigures] = peerSamples(peers, model, extent);
const ownFigures = ownSamples(ours, best, model, extent);
show([...model.figures(), ...modexps(peers)]);
show([...ownFigures, ...peerFigures]);
show(judged(model, available, peerKeys));
show(threads(ours, best, model, extent));
const here: Place = { name: process.arch, emulated: false, ...(process.arch === 'x64' && { bars: 'x86-64' as const }) };
const others = [...curvesByAddon(addonKeys(), here), ...besides(ours, here)];
for (const cpu of smallCpus) {
  const made = emulated(cpu);
  if ('reason' in made) {
    show(notMeasured(cpu, sizes, made.reason));
    continue;
  }
  show(smallCpu(cpu, made, values.quick ? quickSmall : fullSmall));
  const place: Place = { name: cpu.name, emulated: true, ...(cpu.weights === 'mipsel' && { bars: 'mipsel' as const }) };
  others.push(...besides([...made.command, made.ours], place), ...objectCode(made.ours, place));
}
show(others);
show(judgement(figures));
if (values.json !== undefined) {
  const facts = { date: new Date().toISOString(), cpu: cpus()[0]?.model, node: process.version, quick: values.quick, kernels: available };
  const judgedFigures = figures.map((figure) => ({ ...figure, ...(figure.bar && { verdict: verdict(figure) }) }));
  writeFileSync(values.json, `${JSON.stringify({ ...facts, figures: judgedFigures }, null, 2)}\n`);
}

/** A CPU that can't be emulated here is said to be so: the figures of the others stand. */
function emulated(cpu: SmallCpu): Emulator | { readonly reason: string } {
  try {
    return emulator(cpu);
  } catch (error) {
    return { reason: (error instanceof Error ? error.message : String(error)).slice(0, 200) };
  }
}

function judgement(all: readonly Figure[]): Figure[] {
  const verdicts = all.map(verdict).filter((judged) => judged !== undefined);
  return (['met', 'NOT MET', 'not measured'] as const).map((row) => ({
    table: 'The bar',
    row,
    column: 'figures',
    value: verdicts.filter((judged) => judged === row).length,
  }));
}

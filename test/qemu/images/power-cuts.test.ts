import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { testWith } from '../../judges/run.ts';
import { checkCut, logInForCuts, prepareCuts, signAndImport } from './cut-workload.ts';
import { carelessProgram, daemonWith } from './durability.ts';
import { storeOnExt4 } from './ext4.ts';
import { Machine } from './machine.ts';
import { cutDisks } from './power-cuts.ts';
import { readWriteLog, sectorBytes } from './write-log.ts';

const cuts = 240;
const seed = 20_261_128;

describe('the power of the router arm64-virt, cut while it signs and imports', () => {
  const emulated = testWith('qemu-system-aarch64', 'openssl', 'e2fsck', 'debugfs');
  let machine: Machine;
  let folder = '';

  beforeEach(() => {
    machine = new Machine('arm64-virt');
    folder = mkdtempSync(join(tmpdir(), 'signet-cuts-'));
  });

  afterEach(async () => {
    await machine.end();
    rmSync(folder, { recursive: true, force: true });
  });

  emulated('loses nothing that was acknowledged, and leaves no key without its certificate', async () => {
    const { disks, lost } = await cutAll({});
    process.stdout.write(`${disks} cuts\n`);
    expect(lost).toEqual([]);
    expect(disks).toBeGreaterThanOrEqual(200);
  });

  emulated('is seen to lose something where the store does not wait for the disk', async () => {
    const careless = { 'usr/bin/signet': carelessProgram(machine.image), ...daemonWith('wal', 'off') };
    const { lost } = await cutAll(careless);
    expect(lost.length).toBeGreaterThan(0);
  });

  /** Runs the workload with a log of the disk's writes; answers how many cuts were tried, and what each that did harm did. */
  async function cutAll(files: Readonly<Record<string, string | Uint8Array>>): Promise<{ disks: number; lost: string[] }> {
    const more = await prepareCuts(machine, { files });
    const initial = readFileSync(machine.disk);
    const log = join(folder, 'log');
    writeFileSync(log, '');
    const disk = `driver=blklogwrites,file.driver=file,file.filename=${machine.disk},log.driver=file,log.filename=${log},log-sector-size=${sectorBytes}`;
    await machine.start({ shell: true, files: { ...files, ...more }, disk });
    await logInForCuts(machine);
    const from = statSync(log).size;
    const acknowledged = await signAndImport(machine, () => statSync(log).size);
    await machine.cut();
    const lost: string[] = [];
    let disks = 0;
    for (const { bytes, logged, description } of cutDisks(initial, readWriteLog(log), { from, count: cuts, seed })) {
      disks++;
      const least = acknowledged.filter((each) => each.recorded <= logged).map(({ name }) => name);
      try {
        await checkCut(storeOnExt4(bytes, folder), least);
      } catch (error) {
        lost.push(`${description}: ${String(error)}`);
      }
    }
    return { disks, lost };
  }
});

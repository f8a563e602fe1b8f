import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { testWith } from '../../judges/run.ts';
import { type Acknowledged, checkCut, logInForCuts, prepareCuts, signAndImport } from './cut-workload.ts';
import { carelessProgram, daemonWith } from './durability.ts';
import { Flash, FlashWatch } from './flash.ts';
import { Machine } from './machine.ts';
import { randomNumbers } from './power-cuts.ts';

const cuts = 240;
const seed = 20_261_128;

/** Where the reader mounts a flash. */
const place = '/run/flash';

describe('the power of the router mipsel-malta, cut while it signs and imports on flash', () => {
  const emulated = testWith('qemu-system-mipsel', 'openssl', 'tar');
  let machines: Machine[];
  let folder = '';

  beforeEach(() => {
    machines = [];
    folder = mkdtempSync(join(tmpdir(), 'signet-flash-'));
  });

  afterEach(async () => {
    for (const machine of machines) await machine.end();
    rmSync(folder, { recursive: true, force: true });
  });

  emulated('loses nothing that was acknowledged, and leaves no key without its certificate', async () => {
    const { tried, seen, lost } = await cutAll({});
    process.stdout.write(`${tried} cuts of ${seen} states of the flash\n`);
    expect(lost).toEqual([]);
    // How many are seen depends on how quick this machine is.
    expect(tried).toBeGreaterThanOrEqual(60);
  });

  // JFFS2 writes to NOR flash what it is given before it answers, so that a store which waits for nothing loses nothing here; one that can't
  // take back half a transaction does harm.
  emulated('is seen to do harm where the store keeps its journal in memory', async () => {
    const program = carelessProgram(machineWith().image);
    const { lost } = await cutAll({ 'usr/bin/signet': program, ...daemonWith('memory', 'off') });
    process.stdout.write(`harm: ${lost.length}\n${lost.slice(0, 3).join('\n')}\n`);
    expect(lost.length).toBeGreaterThan(0);
  });

  function machineWith(): Machine {
    const machine = new Machine('mipsel-malta');
    machines.push(machine);
    return machine;
  }

  /** Runs the workload and watches its flash; answers how many of the states were tried, and what each that did harm did. */
  async function cutAll(files: Readonly<Record<string, string | Uint8Array>>): Promise<{ tried: number; seen: number; lost: string[] }> {
    const machine = machineWith();
    const flash = new Flash(join(folder, 'memory'));
    const more = await prepareCuts(machine, { ...flash.start('overlay'), files });
    await machine.start({ ...flash.start('overlay'), files: { ...files, ...more } });
    await logInForCuts(machine);
    const watch = new FlashWatch(flash, machine.serial);
    const acknowledged = await signAndImport(machine, () => watch.look()).finally(() => watch.end());
    await machine.cut();
    flash.close();
    return { ...(await replay(watch, acknowledged)), seen: watch.count };
  }

  /** Gives a chosen part of the states to a machine that reads them as its own after a cut. */
  async function replay(watch: FlashWatch, acknowledged: readonly Acknowledged[]): Promise<{ tried: number; lost: string[] }> {
    const flash = new Flash(join(folder, 'memory of the reader'));
    const machine = machineWith();
    await machine.start(flash.start('later'));
    await machine.shows('new password:');
    await machine.shell.run(`${Flash.attach} && mkdir ${place}`);
    const random = randomNumbers(seed);
    const lost: string[] = [];
    let tried = 0;
    for (const [index, state] of watch.states()) {
      // The last one is among those that are chosen.
      if (random() > (cuts - tried) / (watch.count - index)) continue;
      tried++;
      const least = acknowledged.filter(({ recorded }) => recorded <= index + 1).map(({ name }) => name);
      flash.write(state);
      try {
        await machine.shell.run(`mount -t jffs2 -o noatime mtd1 ${place}`);
        await machine.shell.run(`cd ${place}/upper/var/lib && busybox tar -cf /dev/mtd2 signet/signet.db* signet/device.key`);
        await checkCut(unpacked(flash.readOutput()), least);
      } catch (error) {
        lost.push(`change ${index + 1} of ${watch.count}: ${String(error)}`);
      }
      await machine.shell.run(`cd / && umount ${place}`);
    }
    flash.close();
    return { tried, lost };
  }

  /** The store in an archive, as a folder of ours; the last one is gone. */
  function unpacked(archive: Uint8Array): string {
    const store = join(folder, 'store');
    rmSync(store, { recursive: true, force: true });
    // What is unpacked belongs to whoever runs this, as a store has to.
    mkdirSync(store, { mode: 0o700 });
    const { status, stderr } = spawnSync('tar', ['-x', '--no-same-owner', '--strip-components=1', '-C', store], {
      input: archive,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`tar: ${stderr}`);
    return store;
  }
});

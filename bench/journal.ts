// `npm run bench:journal`: what signing 20 P-256 certificates writes to the flash of the router mipsel-malta (JFFS2 over block2mtd), by the
// journal mode of its store. Needs `npm run image -- mipsel-malta` and the program of test/compact/host/durability.ts, which it builds.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildCompact } from '../scripts/cross-build/build.ts';
import { readTargets } from '../scripts/cross-build/targets.ts';
import { carelessPath, daemonWith } from '../test/qemu/images/durability.ts';
import { Machine } from '../test/qemu/images/machine.ts';
import { type Figure, show } from './figures.ts';

const signatures = 20;

async function measured(journal: 'wal' | 'truncate' | 'delete'): Promise<readonly Figure[]> {
  const machine = new Machine('mipsel-malta');
  try {
    const files = { 'usr/bin/signet': readFileSync(carelessPath(machine.image)), ...daemonWith(journal, 'extra') };
    await machine.start({ shell: true, files });
    await machine.choosePassword('correct horse');
    await machine.command('/certificate');
    for (const name of ['ca', ...Array.from({ length: signatures }, (_, n) => `c${n}`)])
      await machine.command(`add name=${name} common-name=${name} key-size=prime256v1`);
    await machine.command('sign ca');
    // Flash is written at once; block2mtd keeps pages back until it is asked for them.
    const sectors = async (): Promise<number> => Number(await machine.shell.run("sync; busybox awk '{print $7}' /sys/block/vdb/stat"));
    const before = await sectors();
    for (let n = 0; n < signatures; n++) {
      await machine.command(`sign c${n} ca=ca`);
      await machine.shell.run('sync');
    }
    return [
      { name: `a signature, journal ${journal}: written to flash`, value: ((await sectors()) - before) / 2 / signatures, unit: 'KiB' },
    ];
  } finally {
    await machine.end();
  }
}

for (const target of readTargets(['mipsel-unknown-linux-musl'])) {
  const output = carelessPath({ target: target.name });
  mkdirSync(dirname(output), { recursive: true });
  await buildCompact(target, 'test/compact/host/durability.ts', output);
}
for (const journal of ['wal', 'truncate', 'delete'] as const) show(await measured(journal));

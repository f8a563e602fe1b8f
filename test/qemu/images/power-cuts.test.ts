import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { checkDocuments, checkFile } from '../../crash/whole.ts';
import { opensslKey } from '../../judges/openssl.ts';
import { fileOf, run, testWith } from '../../judges/run.ts';
import { openIn } from '../../store/open-in.ts';
import { carelessProgram, daemonWith } from './durability.ts';
import { storeOnExt4 } from './ext4.ts';
import { Machine } from './machine.ts';
import { cutDisks } from './power-cuts.ts';
import { readWriteLog, sectorBytes } from './write-log.ts';

const password = 'correct horse';
const rounds = 20;
const cuts = 240;
const seed = 20_261_128;

/** What the router had said by the time that its log of writes was so long. */
interface Acknowledged {
  readonly name: string;
  readonly logged: number;
}

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
    const initial = await prepare(files);
    const log = join(folder, 'log');
    writeFileSync(log, '');
    const disk = `driver=blklogwrites,file.driver=file,file.filename=${machine.disk},log.driver=file,log.filename=${log},log-sector-size=${sectorBytes}`;
    await machine.start({ shell: true, files, disk });
    await machine.logIn('admin', password);
    const from = statSync(log).size;
    const acknowledged = await work(() => statSync(log).size);
    await machine.cut();
    const lost: string[] = [];
    let disks = 0;
    for (const { bytes, logged, description } of cutDisks(initial, readWriteLog(log), { from, count: cuts, seed })) {
      disks++;
      const least = acknowledged.filter((each) => each.logged <= logged).map(({ name }) => name);
      await check(bytes, least).catch((error: unknown) => lost.push(`${description}: ${String(error)}`));
    }
    return { disks, lost };
  }

  /** Templates, a CA, and files to import; answers the disk with them. */
  async function prepare(files: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> {
    await machine.start({ shell: true, files });
    await machine.choosePassword(password);
    await machine.command('/certificate');
    for (const name of ['root', ...Array.from({ length: rounds }, (_, n) => `signed-${n}`)])
      await machine.command(`add name=${name} common-name=${name} key-size=prime256v1`);
    await machine.command('sign root');
    for (let n = 0; n < rounds; n++) {
      await machine.shell.write(`/var/lib/signet/files/imported-${n}.pem`, Buffer.from(selfSigned(`imported-${n}`)));
    }
    await machine.shell.run('chown signet:signet /var/lib/signet/files/*; sync');
    await machine.cut();
    return readFileSync(machine.disk);
  }

  async function work(logged: () => number): Promise<Acknowledged[]> {
    const acknowledged: Acknowledged[] = [];
    await machine.command('/certificate');
    for (let n = 0; n < rounds; n++) {
      expect(await machine.command(`sign signed-${n} ca=root`)).toContain('progress: done');
      acknowledged.push({ name: `signed-${n}`, logged: logged() });
      expect(await machine.command(`import file-name=imported-${n}.pem name=imported-${n} passphrase=""`)).toContain(
        'certificates-imported: 1',
      );
      acknowledged.push({ name: `imported-${n}`, logged: logged() });
    }
    return acknowledged;
  }

  async function check(disk: Uint8Array, least: readonly string[]): Promise<void> {
    const store = storeOnExt4(disk, folder);
    const opened = await openIn(store);
    try {
      const withKey = new Set<string>();
      for (const { name, contents } of opened.certificates.all()) if (contents?.privateKeyId !== undefined) withKey.add(name);
      const gone = least.filter((name) => !withKey.has(name));
      if (gone.length > 0) throw new Error(`acknowledged and gone: ${gone.join(', ')}`);
      checkDocuments(opened);
    } finally {
      opened.close();
    }
    checkFile(store);
  }
});

/** A key and its own certificate, as PEM. */
function selfSigned(name: string): string {
  const key = opensslKey('EC', 'ec_paramgen_curve:P-256');
  return `${key}${run('openssl', ['req', '-x509', '-new', '-key', fileOf(key, '.pem'), '-subj', `/CN=${name}`, '-days', '3650']).text}`;
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { images } from '../../../scripts/image/images.ts';
import { root } from '../../../scripts/tools.ts';
import { opensslReadPkcs12, opensslVerify } from '../../judges/openssl.ts';
import { testWith } from '../../judges/run.ts';
import { patience } from '../../patience.ts';
import { Machine } from './machine.ts';
import { SshClient } from './ssh.ts';

const password = 'correct horse';
const passphrase = '0123456789';

/** By night for as long as the promise of an idle router is: ten minutes. */
const idleSeconds = process.env['LONG_IDLE'] === undefined ? 20 : 600;

// The tests of one machine are its life, in order: each goes on from where the one before left it.
describe.each(images)('the router $name', (image) => {
  const emulated = testWith(image.qemu.command, 'openssl', 'ssh', 'sftp');
  let machine: Machine;
  let ssh: SshClient;

  beforeAll(() => {
    machine = new Machine(image.name);
    ssh = new SshClient();
  });

  afterAll(async () => {
    await machine.end();
    ssh.end();
  });

  const start = (clock: string): Promise<void> => machine.start({ shell: true, clock });

  emulated('waits for entropy, makes its keys and asks for a password, with a clock at 1970', async () => {
    await start('1970-01-01T00:00:00');
    await machine.shows('waiting for entropy ...');
    await machine.shows('making the host key (ed25519) ...');
    await machine.shows('making the host key (ecdsa) ...');
    await machine.choosePassword(password);
    expect(await machine.command('/certificate/add name=early common-name=early key-size=prime256v1')).toBe('');
    expect(await machine.command('/certificate/sign early')).toContain('the clock is wrong: 1970-01-01');
    // What is signed here, programs of this machine look at.
    const [date = '', time = ''] = new Date(Date.now() - 3_600_000).toISOString().split(/[T.]/);
    await machine.command(`/system/clock/set date=${date} time=${time}`);
    expect(await machine.command('/certificate/sign early')).toContain('progress: done');
    expect(await machine.shell.run('date -u +%F')).toBe(date);
  });

  emulated('runs its daemon as a user with two powers, without core dumps', async () => {
    const status = await machine.shell.run(`cat /proc/${await daemon()}/status`);
    expect(status).toMatch(/^Uid:\s+900\s+900\s+900\s+900$/m);
    // CAP_NET_BIND_SERVICE and CAP_SYS_TIME.
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(status).toMatch(new RegExp(`^${set}:\\s+0000000002000400$`, 'm'));
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(await machine.shell.run(`busybox grep "core file size" /proc/${await daemon()}/limits`)).toMatch(/core file size\s+0\s+0/);
    expect(await machine.shell.run('stat -c "%a %U" /var/lib/signet /var/lib/signet/device.key')).toBe('700 signet\n600 signet');
  });

  emulated('is a CA with RSA and elliptic curves, which OpenSSL believes', async () => {
    for (const line of [
      '/certificate',
      'add name=root common-name=Root key-size=2048 key-usage=key-cert-sign,crl-sign days-valid=3650',
      'sign root',
      'add name=sub common-name=Sub key-size=secp384r1 key-usage=key-cert-sign,crl-sign days-valid=1825',
      'sign sub ca=root',
      'add name=leaf common-name=leaf.example subject-alt-name=DNS:leaf.example key-size=secp384r1 key-usage=digital-signature,tls-server',
      'sign leaf ca=sub',
      'export-certificate root',
      'export-certificate sub',
      'export-certificate leaf',
      `export-certificate leaf type=pkcs12 export-passphrase=${passphrase}`,
      '/',
    ]) {
      expect(await machine.command(line)).toMatch(line.startsWith('sign') ? /progress: done\s*$/ : /^$/);
    }
    const [root, sub, leaf] = [await exported('root.crt'), await exported('sub.crt'), await exported('leaf.crt')];
    opensslVerify(leaf.toString(), root.toString(), sub.toString(), ['-purpose', 'sslserver']);
    expect(opensslReadPkcs12(await exported('leaf.p12'), passphrase)).toContain(leaf.toString().trim());
  });

  emulated("is taken through the README's walk-through", async () => {
    const [lines = '', commands = ''] = codeOf('A walk-through');
    for (const line of lines.split('\n')) {
      const said = await machine.command(line);
      if (line.startsWith('sign')) expect(said).toMatch(/progress: done\s*$/);
      else if (line === 'print where revoked') expect(said).toMatch(/^ *\d.* bob /m);
      else if (!line.startsWith('print')) expect(said).toBe('');
    }
    await machine.command('/');
    const folder = mkdtempSync(join(tmpdir(), 'signet-walk-through-'));
    try {
      for (const name of ['ca.crt', 'vpn.crt', 'vpn.key', 'ann.p12'])
        writeFileSync(join(folder, `cert_export_${name}`), await exported(name));
      for (const line of commands.split('\n').filter((command) => !command.startsWith('cd ')))
        execFileSync('sh', ['-c', line], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  emulated('runs a line that comes over SSH, as the user that the account belongs to', async () => {
    expect(await machine.command(`/user/ssh-keys/add user=admin key="${ssh.publicKey}"`)).toBe('');
    await machine.shell.run('until busybox grep -q ssh-ed25519 /run/signet-accounts/admin/.ssh/authorized_keys; do sleep 1; done');
    const ended = await ssh.run(machine.sshPort, 'admin', '/certificate print');
    expect(ended).toMatchObject({ status: 0, errors: '' });
    for (const name of ['early', 'root', 'sub', 'leaf']) expect(ended.output).toContain(` ${name} `);
    expect(await ssh.run(machine.sshPort, 'admin', '/certificate/sign nobody')).toMatchObject({
      status: 1,
      errors: expect.stringContaining('no such item'),
    });
    expect((await ssh.run(machine.sshPort, 'root', ':put 1')).status).toBe(255);
  });

  emulated('gives its files by SFTP, and takes others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signet-sftp-'));
    try {
      const fetched = join(folder, 'leaf.p12');
      writeFileSync(join(folder, 'note.txt'), 'from outside');
      const commands = [`get cert_export_leaf.p12 ${fetched}`, `put ${join(folder, 'note.txt')}`, 'ls'];
      expect(await ssh.transfer(machine.sshPort, 'admin', commands)).toMatchObject({ status: 0, errors: '' });
      expect(opensslReadPkcs12(readFileSync(fetched), passphrase)).toContain('leaf.example');
      expect(await machine.command(':put [/file/get note.txt contents]')).toBe('from outside');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  emulated('keeps everything when the power goes', async () => {
    const before = await machine.command('/certificate/print');
    const hostKey = await machine.shell.run('cat /etc/dropbear/dropbear_ed25519_host_key | busybox sha256sum');
    // Flash is written at once; block2mtd, which emulates it, keeps pages back until it is asked for them.
    if (image.overlay === 'jffs2') await machine.shell.run('sync');
    await machine.cut();
    await start(new Date().toISOString().slice(0, 19));
    await machine.shows('Login:');
    expect(machine.serial.lines.join('\n')).not.toContain('making the host key');
    machine.serial.press('admin\rwrong password\r');
    await machine.shows('Login failed, incorrect username or password');
    await machine.logIn('admin', password);
    expect(await machine.command('/certificate/print')).toBe(before);
    expect(await machine.shell.run('cat /etc/dropbear/dropbear_ed25519_host_key | busybox sha256sum')).toBe(hostKey);
  });

  emulated('starts its daemon again when it dies, and the console comes back', async () => {
    await machine.shell.run(`kill -9 ${await daemon()}`);
    await machine.shows(/The daemon is back\.\n+router Login:/);
    await machine.logIn('admin', password);
  });

  emulated(`writes nothing in ${idleSeconds} seconds in which nothing happens`, async () => {
    // What is old enough goes to the disk by itself.
    await machine.shell.run('sync');
    await setTimeout(2000);
    const written = (): Promise<string> => machine.shell.run(`busybox awk '{print $5, $7}' /sys/block/vdb/stat`);
    const before = await written();
    await setTimeout(idleSeconds * 1000);
    expect(await written()).toBe(before);
  });

  emulated('is small, with 100 certificates', async () => {
    for (let from = 1; from <= 91; from += 10) {
      const each = `/certificate/add name="n$i" common-name="n$i" key-size=prime256v1; /certificate/sign "n$i" ca=ca`;
      const made = await ssh.run(machine.sshPort, 'admin', `:for i from=${from} to=${from + 9} do={${each}}`);
      expect(made).toMatchObject({ status: 0, errors: '' });
    }
    expect((await ssh.run(machine.sshPort, 'admin', ':put [/certificate/print count-only where name~"^n"]')).output).toBe('100\n');
    const before = await daemon();
    await machine.shell.run(`kill ${before}`);
    await expect.poll(daemon, { timeout: patience, interval: 500 }).toMatch(new RegExp(`^(?!${before}$)\\d+$`));
    const answer = async (): Promise<string> => (await ssh.run(machine.sshPort, 'admin', ':put ready')).output;
    await expect.poll(answer, { timeout: patience, interval: 500 }).toBe('ready\n');
    const status = await machine.shell.run(`cat /proc/${await daemon()}/status`);
    const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
    process.stdout.write(`${image.name}: RSS of the idle daemon ${resident} kB\n`);
    expect(resident).toBeLessThanOrEqual(8192);
  });

  /** The number of the daemon's process. */
  function daemon(): Promise<string> {
    return machine.shell.run(`busybox ps -o pid,user | busybox awk '$2 == "signet" {print $1}'`);
  }

  /** A file that `export-certificate` has made. */
  async function exported(name: string): Promise<Buffer> {
    return Buffer.from(await machine.shell.run(`busybox base64 /var/lib/signet/files/cert_export_${name}`), 'base64');
  }
});

/** The blocks of code under a heading of README.md. */
function codeOf(heading: string): string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^```(?:sh)?\n(.*?)\n```$/gms)].map(([, code = '']) => code);
}

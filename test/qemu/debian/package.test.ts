import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { distFolder } from '../../../scripts/cross-build/build.ts';
import { outputs } from '../../../scripts/cross-build/targets.ts';
import { deb } from '../../../scripts/package/deb.ts';
import { packageFile } from '../../../scripts/package/package.ts';
import { readRelease } from '../../../scripts/package/release.ts';
import { testWith } from '../../judges/run.ts';
import { patience } from '../../patience.ts';
import { DebianMachine } from './machine.ts';

const newer = '99.0.0';
const store = '/var/lib/signet';
const rootPrompt = /^#$/;
const signetPrompt = /^\[\S+@\S+\] .*>$/;

// The tests are the life of one machine, in order: each goes on from where the one before left it.
describe("Debian's package on a machine that systemd runs", () => {
  const emulated = testWith('qemu-system-x86_64', 'debian-x64', 'mksquashfs');
  let machine: DebianMachine;

  beforeAll(async () => {
    const release = readRelease();
    const folder = distFolder('x86_64-unknown-linux-musl');
    machine = new DebianMachine({
      'signet.deb': readFileSync(join(folder, packageFile('deb', release, 'amd64'))),
      'newer.deb': deb(readFileSync(join(folder, outputs.compact)), '', { ...release, version: newer }, 'amd64'),
    });
    await machine.start();
  });

  afterAll(() => machine.end());

  const run = (line: string): Promise<string> => machine.run(line);

  /** What systemd says of the service, by property. */
  async function service(...properties: readonly string[]): Promise<Record<string, string>> {
    const lines = (await run(`systemctl show signet --property=${properties.join(',')}`)).split('\n');
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  }

  async function becomes(state: Readonly<Record<string, string>>): Promise<void> {
    for (const deadline = performance.now() + patience; ; await setTimeout(200)) {
      const seen = await service(...Object.keys(state));
      if (Object.entries(state).every(([property, value]) => seen[property] === value)) return;
      if (performance.now() > deadline) throw new Error(`the service stays ${JSON.stringify(seen)}\n${await run('journalctl -n 30')}`);
    }
  }

  async function pid(): Promise<string> {
    return (await service('MainPID'))['MainPID'] ?? '';
  }

  /** The certificates of the store, by name and fingerprint. */
  function certificates(): Promise<string> {
    return run(
      `signet -c ':foreach c in=[/certificate/find] do={:put ([/certificate/get $c name] . " " . [/certificate/get $c fingerprint])}'`,
    );
  }

  async function sign(name: string): Promise<void> {
    await run(`signet -c '/certificate/add name=${name} common-name=${name} key-size=prime256v1 key-usage=digital-signature,tls-server'`);
    await run(`signet -c '/certificate/sign ${name} ca=ca'`);
  }

  emulated('is installed by dpkg, and then runs and will run at each start', async () => {
    expect(await run('cat /proc/1/comm')).toBe('systemd');
    await run('dpkg --install signet.deb 2>&1');
    expect(await service('Type', 'ActiveState', 'SubState', 'UnitFileState', 'NRestarts')).toEqual({
      Type: 'notify',
      ActiveState: 'active',
      SubState: 'running',
      UnitFileState: 'enabled',
      NRestarts: '0',
    });
    expect(await run('signet -c ":put (1 + 1)"')).toBe('2');
    expect(await run('dpkg --verify signet; dpkg --audit signet')).toBe('');
    expect(await run('journalctl --quiet --unit=signet --priority=warning')).toBe('');
  });

  emulated('is not active before it says itself that it is ready', async () => {
    await run('systemctl stop signet');
    await run('mkdir -p /run/systemd/system/signet.service.d');
    const mute = '/run/systemd/system/signet.service.d/mute.conf';
    await run(`printf "[Service]\\nUnsetEnvironment=NOTIFY_SOCKET\\n" > ${mute} && systemctl daemon-reload`);
    await run('systemctl start --no-block signet');
    await run('until signet -c ":put there" 2> /dev/null; do sleep 0.2; done');
    expect(await service('ActiveState', 'SubState')).toEqual({ ActiveState: 'activating', SubState: 'start' });
    await run(`rm ${mute} && systemctl daemon-reload && systemctl restart signet`);
    expect(await service('ActiveState', 'SubState')).toEqual({ ActiveState: 'active', SubState: 'running' });
  });

  emulated('runs as a user of its own with one power, without core dumps', async () => {
    const status = await run(`cat /proc/${await pid()}/status`);
    const id = await run('id -u signet');
    expect(Number(id)).toBeGreaterThan(0);
    expect(status).toMatch(new RegExp(`^Uid:\\s+${id}\\s+${id}\\s+${id}\\s+${id}$`, 'm'));
    // CAP_NET_BIND_SERVICE
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect(status).toMatch(new RegExp(`^${set}:\\s+0000000000000400$`, 'm'));
    }
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(await run(`grep "core file size" /proc/${await pid()}/limits`)).toMatch(/core file size\s+0\s+0\s/);
    expect(await service('User', 'Group', 'LimitCORE', 'CapabilityBoundingSet', 'AmbientCapabilities')).toEqual({
      User: 'signet',
      Group: 'signet',
      LimitCORE: '0',
      CapabilityBoundingSet: 'cap_net_bind_service',
      AmbientCapabilities: 'cap_net_bind_service',
    });
    expect(await run(`stat -c "%a %U %G" ${store} ${store}/device.key`)).toBe('700 signet signet\n600 signet signet');
  });

  emulated('gives root a console, in which a CA is made', async () => {
    await machine.type('', rootPrompt);
    await machine.type('signet', signetPrompt);
    await machine.type(
      '/certificate/add name=ca common-name=CA key-size=prime256v1 key-usage=key-cert-sign,crl-sign days-valid=3650',
      signetPrompt,
    );
    expect(await machine.type('/certificate/sign ca', signetPrompt)).toContain('progress: done');
    await machine.type('/quit', rootPrompt);
    await sign('first');
    expect(await certificates()).toMatch(/^ca [0-9a-f]{64}\nfirst [0-9a-f]{64}$/);
  });

  emulated('lets nobody else in', async () => {
    await expect(run('setpriv --reuid=65534 --clear-groups signet -c ":put in" 2>&1')).rejects.toThrow(/status 1/);
  });

  emulated('keeps accounts for SSH where the administrator wants it', async () => {
    expect(await run('systemctl is-enabled signet-accounts || true')).toBe('disabled');
    await run("signet -c '/user/add name=ann group=full password=0123456789'");
    await run('systemctl enable --now signet-accounts 2>&1');
    await run("timeout 60 sh -c 'until grep -q ^ann: /etc/passwd; do sleep 0.2; done'");
    expect(await run('grep -c "^ann:.7" /etc/shadow; stat -c %a /etc/passwd /etc/shadow /etc/group')).toBe('1\n644\n640\n644');
    expect(await run('journalctl --quiet --unit=signet-accounts --priority=warning')).toBe('');
  });

  emulated('stops within two seconds with the store closed, and starts with all that was there', async () => {
    const before = await certificates();
    await run('systemctl stop signet');
    const times = await service('ActiveExitTimestampMonotonic', 'InactiveEnterTimestampMonotonic');
    const microseconds = Number(times['InactiveEnterTimestampMonotonic']) - Number(times['ActiveExitTimestampMonotonic']);
    expect(microseconds).toBeGreaterThan(0);
    expect(microseconds).toBeLessThan(2_000_000);
    expect(await service('ActiveState', 'Result', 'ExecMainStatus')).toEqual({
      ActiveState: 'inactive',
      Result: 'success',
      ExecMainStatus: '0',
    });
    expect(await run(`ls ${store}`)).not.toMatch(/-wal|-shm|-journal/);
    // Root has no store of its own beside the service's.
    await expect(certificates()).rejects.toThrow(/status 1/);
    await run('systemctl start signet');
    expect(await certificates()).toBe(before);
    await run('systemctl restart signet');
    expect(await certificates()).toBe(before);
  });

  emulated('is started again when it is killed, and has lost nothing', async () => {
    const killed = await pid();
    await sign('second');
    await run(`kill -9 ${killed}`);
    await becomes({ NRestarts: '1', ActiveState: 'active' });
    expect(await pid()).not.toBe(killed);
    expect(await certificates()).toMatch(/^ca \w+\nfirst \w+\nsecond [0-9a-f]{64}$/);
  });

  emulated.each(['signet.deb', 'newer.deb'])('goes on with all that was there after dpkg -i of %s', async (file) => {
    const [before, process] = [await certificates(), await pid()];
    await machine.type('signet', signetPrompt);
    await run(`dpkg --install ${file} 2>&1`);
    expect(await service('ActiveState', 'UnitFileState')).toEqual({ ActiveState: 'active', UnitFileState: 'enabled' });
    expect(await pid()).not.toBe(process);
    expect(await certificates()).toBe(before);
    // A console that was open has found the new daemon.
    expect(await machine.type(':put ("still " . "here")', signetPrompt)).toContain('still here');
    await machine.type('/quit', rootPrompt);
  });

  emulated('runs after the machine was switched off and on', async () => {
    const before = await certificates();
    await machine.powerOff();
    await machine.start();
    await becomes({ ActiveState: 'active' });
    expect(await run('systemctl is-active signet-accounts')).toBe('active');
    expect(await run('dpkg --status signet')).toMatch(new RegExp(`^Version: ${newer}$`, 'm'));
    expect(await certificates()).toBe(before);
    await sign('third');
  });

  emulated('stays off through an upgrade where the administrator has switched it off', async () => {
    await run('systemctl disable --now signet signet-accounts 2>&1');
    expect(await run('systemctl --failed --no-legend')).toBe('');
    await run('dpkg --install newer.deb 2>&1');
    expect(await service('ActiveState', 'UnitFileState')).toEqual({ ActiveState: 'inactive', UnitFileState: 'disabled' });
    await run('systemctl enable --now signet signet-accounts 2>&1');
  });

  emulated('keeps the store when it is removed, for when it comes back', async () => {
    const before = await certificates();
    await run('dpkg --remove signet 2>&1');
    expect(await run('systemctl is-active signet || true')).toBe('inactive');
    expect(await run(`ls ${store}`)).toContain('device.key');
    await run('dpkg --install newer.deb 2>&1');
    expect(await certificates()).toBe(before);
  });

  emulated('leaves nothing when it is purged', async () => {
    await run('dpkg --purge signet 2>&1');
    expect(await run('dpkg-query --list signet 2>&1 || true')).toContain('no packages found');
    expect(await run('grep -l signet /proc/[0-9]*/comm || true')).toBe('');
    expect(await run('systemctl list-units --all --no-legend "signet*"; systemctl list-unit-files --no-legend "signet*"; true')).toBe('');
    expect(await run('cd /etc; grep -E "signet|ann" passwd shadow group gshadow shells; true')).toBe('');
    expect(await run('find / -xdev -name "*signet*" -not -path "/root/*" -not -path "/sys/*"; find /run -name "*signet*"')).toBe('');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { root } from '../../../scripts/tools.ts';
import { JudgeRefused, run, testWith } from '../../judges/run.ts';

const script = join(root, 'packaging/openwrt/signet.init');

/** What rc.common gives a script of a service; each call of procd's is printed. */
const rcCommon = `
procd_open_instance() { echo "procd_open_instance\${1:+ $1}"; }
procd_set_param() { echo "procd_set_param $*"; }
procd_add_jail() { echo "procd_add_jail $*"; }
procd_close_instance() { echo procd_close_instance; }
user_exists() { test "$1" = "$KNOWN"; }
chown() { echo "chown $*"; }
logger() { :; }
config_load() { :; }
config_get_bool() { eval "$1=\${ACCOUNTS:-$4}"; }
procd_add_reload_trigger() { echo "procd_add_reload_trigger $*"; }
start() { echo start; }
ls() { echo "drwx------ 2 \${OWNER:-900} 900 0 $2"; }
`;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signet-openwrt-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a function of the service prints, in busybox as on OpenWrt, with some of its variables set otherwise. */
function play(call: string, variables: Readonly<Record<string, string>> = {}): string {
  const places = { STORE: `${folder}/store`, RUN: `${folder}/run`, SOCKET: `${folder}/run/console.sock`, JAIL: '/bin/sh', ...variables };
  const set = Object.entries({ KNOWN: 'signet', ...places }).map(([name, value]) => `${name}='${value}'\n`);
  const output = run('busybox', ['sh', '-c', `${rcCommon}\n. ${script}\n${set.join('')}\n${call}`]);
  return (output.errors + output.text).replaceAll(folder, '');
}

const played = testWith('busybox');

const confined = `procd_add_jail signet
procd_set_param capabilities /etc/capabilities/signet.json
procd_set_param no_new_privs 1
`;

const started = `chown signet:signet /store /run
procd_open_instance
procd_set_param command /usr/bin/signet daemon --store /store --socket /run/console.sock
procd_set_param user signet
procd_set_param group signet
procd_set_param limits core=0
procd_set_param respawn 3600 5 5
procd_set_param term_timeout 10
procd_set_param stderr 1
${confined}procd_close_instance
`;

describe('the service of OpenWrt', () => {
  played('runs the daemon as its own user, confined, on a store that only that user can read', () => {
    expect(play('start_service')).toBe(started);
    expect(play('start_service >/dev/null; stat -c %a "$STORE" "$RUN"')).toBe('700\n755\n');
  });

  played('takes over a store that root has made, and follows nothing in one that is its own', () => {
    expect(play('start_service', { OWNER: '0' })).toBe(`chown -hR signet:signet /store\n${started}`);
    expect(play('start_service', { OWNER: '900' })).toBe(started);
  });

  played('keeps accounts, as root, where that is enabled, and heeds it when it is', () => {
    const accounts = `procd_open_instance accounts
procd_set_param command /usr/bin/signet accounts --follow --store /store --socket /run/console.sock
procd_set_param limits core=0
procd_set_param respawn 3600 5 0
procd_set_param stderr 1
procd_close_instance
`;
    expect(play('start_service', { ACCOUNTS: '1' })).toBe(started + accounts);
    expect(play('service_triggers')).toBe('procd_add_reload_trigger signet\n');
    expect(play('reload_service')).toBe('start\n');
  });

  played('runs without capabilities where the system has no jail', () => {
    expect(play('start_service', { JAIL: `${folder}/none` })).toBe(started.replace(confined, ''));
  });

  played('does not run as root where its user is missing', () => {
    expect(play('start_service || echo status $?', { KNOWN: 'nobody' })).toBe(
      'signet: there is no user signet: install the package again\nstatus 1\n',
    );
  });

  played('is started when a console can be opened', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(join(folder, 'console.sock'), resolve);
    });
    const SOCKET = join(folder, 'console.sock');
    expect(play('service_started && echo ready', { SOCKET, PROG: '/bin/true', PATIENCE: '0' })).toBe('ready\n');
    const refused = () => play('service_started', { SOCKET, PROG: '/bin/false', PATIENCE: '1' });
    expect(refused).toThrow(JudgeRefused);
    expect(refused).toThrow('signet: no console after 1 seconds; logread -e signet says why');
    server.close();
  });

  played('is not started while nothing listens, whatever the program says', () => {
    expect(() => play('service_started', { PROG: '/bin/true', PATIENCE: '0' })).toThrow('signet: no console after 0 seconds');
  });
});

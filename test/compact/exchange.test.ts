import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeProgram } from '../console/node-program.ts';
import { opensslVerify } from '../judges/openssl.ts';
import { testWith } from '../judges/run.ts';
import { patience } from '../patience.ts';
import { commandOf } from './program.ts';

const judged = testWith('openssl');

/** What fills a store with something of everything. */
const first = `
/system/identity/set name=exchanged
/user/group/add name=readers policy=read,local
/user/add name=ann group=readers password=secret-1
/certificate
add name=ca common-name=ca key-usage=key-cert-sign,crl-sign key-size=2048
sign ca
add name=vpn common-name=vpn subject-alt-name=DNS:vpn.example.com,IP:192.168.88.1 key-size=prime256v1
sign vpn ca=ca
add name=gone common-name=gone key-size=prime256v1
sign gone ca=ca
issued-revoke gone
add name=template common-name=later key-size=ed25519
export-certificate ca file-name=ca
export-certificate vpn type=pkcs12 export-passphrase=secret-2 file-name=vpn
`;

/** What the other host must be able to do with it: it opens sealed keys, and signs with them. */
const second = `
/certificate
sign template ca=ca
add name=more common-name=more key-size=secp384r1
sign more ca=ca
export-certificate more export-passphrase=secret-3 file-name=more
import file-name=vpn.p12 passphrase=secret-2 name=again
/system/backup/save name=all password=secret-4
`;

/** Shows all that is the same at any time. */
const show = `
/system/identity/print
/user/print
/user/group/print
/certificate/print detail
/file/print where name~"^(ca|vpn|more)"
`;

const hosts = { Node: nodeProgram, 'the compact host': commandOf('SIGNET_PROGRAM') } as const;

describe.each([
  ['Node', 'the compact host'],
  ['the compact host', 'Node'],
] as const)('a store made by %s and opened by %s', (maker, opener) => {
  let folder: string;
  let store: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signet-exchange-'));
    store = join(folder, 'store');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(host: keyof typeof hosts, script: string): string {
    const [command = '', ...args] = hosts[host];
    const { status, stdout, stderr } = spawnSync(command, [...args, '--store', store], {
      input: script,
      encoding: 'utf8',
      timeout: patience,
    });
    expect({ status, stderr, stdout: status === 0 ? '' : stdout }).toEqual({ status: 0, stderr: '', stdout: '' });
    // Of what is shown this alone goes with the time.
    return stdout.replaceAll(/ expires-after=\S+/g, '');
  }

  judged('shows the same, signs with its keys, and goes back', () => {
    run(maker, first);
    const shown = run(maker, show);
    expect(shown).toContain('vpn.example.com');
    expect(run(opener, show)).toBe(shown);
    run(opener, second);
    const after = run(opener, show);
    expect(after).not.toBe(shown);
    expect(run(maker, show)).toBe(after);
    const file = (name: string): string => readFileSync(join(store, 'files', name), 'utf8');
    opensslVerify(file('more.crt'), file('ca.crt'));
    // What one has saved the other loads.
    run(maker, '/certificate/remove [find]\n');
    expect(run(maker, '/certificate/print count-only\n')).toBe('0\n');
    run(maker, '/system/backup/load name=all password=secret-4\n');
    expect(run(opener, show)).toBe(run(maker, show));
  });

  it('has one owner at a time, whose consoles may be either', async () => {
    const [command = '', ...args] = hosts[maker];
    const daemon = spawn(command, [...args, '--store', store, 'daemon'], { stdio: ['ignore', 'inherit', 'pipe'] });
    const ended = once(daemon, 'close');
    try {
      // It says so once it serves.
      await once(daemon.stderr, 'data');
      const host = maker === 'Node' ? /^node / : /^quickjs/i;
      expect(run(opener, ':put [/system/resource/get host]\n')).toMatch(host);
    } finally {
      daemon.kill('SIGTERM');
      await ended;
    }
  });
});

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/accounts/account-list.ts';
import { type AccountsHost, writeAccounts } from '../../src/accounts/write-accounts.ts';
import { FileError } from '../../src/platform/files.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';

let machine: string;
let log: string[];
let host: AccountsHost;

/** Times that the lock is held by somebody else. */
let busy: number;

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'signet-machine-'));
  for (const folder of ['etc', 'run']) mkdirSync(join(machine, folder));
  write('passwd', 'root:x:0:0:root:/root:/bin/sh\n', 0o644);
  write('shadow', 'root:*:19000:0:99999:7:::\n', 0o640);
  write('group', 'root:x:0:\n', 0o644);
  log = [];
  busy = 0;
  host = {
    clock: new NodeClock(),
    machineFiles: (root) => NodeFiles.of(join(machine, root)),
    lockFile(path) {
      if (busy-- > 0) return undefined;
      log.push(`locked ${path}`);
      return () => log.push('released');
    },
  };
});

afterEach(() => rmSync(machine, { recursive: true }));

function write(name: string, text: string, mode: number): void {
  writeFileSync(join(machine, 'etc', name), text);
  chmodSync(join(machine, 'etc', name), mode);
}

const etc = (name: string): string => readFileSync(join(machine, 'etc', name), 'utf8');
const keysOf = (name: string): string => readFileSync(join(machine, 'run/signet-accounts', name, '.ssh/authorized_keys'), 'utf8');

const ann: Account = { name: 'ann', uid: 20_002, password: '$7$A6..../....abc$def', keys: ['ssh-ed25519 AAAA'] };
const bob: Account = { name: 'bob', uid: 20_003, password: undefined, keys: [] };

describe('writing accounts', () => {
  it('leaves files that shadow-utils find sound, with the modes that they had', async () => {
    busy = 2;
    expect(await writeAccounts([ann, { ...bob, name: 'root' }], '/bin/sh', host)).toEqual(['root']);
    expect(log).toEqual(['locked /etc/.pwd.lock', 'released']);
    const [passwd, shadow, group] = ['passwd', 'shadow', 'group'].map((name) => join(machine, 'etc', name));
    execFileSync('/usr/sbin/pwck', ['-r', '-q', passwd ?? '', shadow ?? '']);
    execFileSync('/usr/sbin/grpck', ['-r', group ?? '']);
    expect([passwd, shadow, group].map((path) => statSync(path ?? '').mode & 0o777)).toEqual([0o644, 0o640, 0o644]);
    expect(keysOf('ann')).toBe('no-port-forwarding,no-agent-forwarding,no-X11-forwarding ssh-ed25519 AAAA\n');
  });

  it('takes away what is no more, and writes nothing where nothing changed', async () => {
    await writeAccounts([ann, bob], '/usr/bin/signet', host);
    const inode = statSync(join(machine, 'etc/passwd')).ino;
    await writeAccounts([ann, bob], '/usr/bin/signet', host);
    expect(statSync(join(machine, 'etc/passwd')).ino).toBe(inode);
    await writeAccounts([{ ...bob, keys: ['ssh-ed25519 BBBB'] }], '/usr/bin/signet', host);
    expect(readdirSync(join(machine, 'run/signet-accounts'))).toEqual(['bob']);
    expect(keysOf('bob')).toMatch(/ ssh-ed25519 BBBB\n$/);
    expect(etc('passwd')).not.toContain('ann');
    expect(etc('shadow')).toBe('root:*:19000:0:99999:7:::\nbob:*:::::::\n');
  });

  it.each(['group', 'shadow', 'passwd', 'shadow again'])(
    'leaves each account with its password when the disk is full at %s',
    async (at) => {
      await writeAccounts([ann, { ...bob, password: '$7$old' }], '/usr/bin/signet', host);
      const passwd = etc('passwd');
      const written: string[] = [];
      const full: AccountsHost = {
        ...host,
        machineFiles(root) {
          const files = host.machineFiles(root);
          return Object.assign(host.machineFiles(root), {
            async replace(name: string, ...rest: [Uint8Array, object]) {
              const what = written.includes(name) ? `${name} again` : name;
              if (what === at) throw new FileError('full', name, 'no space left');
              written.push(name);
              await files.replace(name, ...rest);
            },
          });
        },
      };
      writeFileSync(join(machine, 'etc/group'), 'root:x:0:\n');
      const changed = [
        { ...bob, password: '$7$new' },
        { name: 'eve', uid: 20_004, password: '$7$eve', keys: [] },
      ];
      await expect(writeAccounts(changed, '/usr/bin/signet', full)).rejects.toMatchObject({ code: 'full' });
      expect(etc('passwd') === passwd).toBe(at !== 'shadow again');
      const named = (file: string): string[] =>
        etc(file)
          .split('\n')
          .map((line) => line.split(':')[0] ?? '');
      for (const name of named('passwd')) expect(named('shadow')).toContain(name);
      // The next time puts it right.
      await writeAccounts(changed, '/usr/bin/signet', host);
      expect(etc('shadow')).toBe('root:*:19000:0:99999:7:::\nbob:$7$new:::::::\neve:$7$eve:::::::\n');
    },
  );

  it('releases the lock when it fails, and leaves the files', async () => {
    rmSync(join(machine, 'run'), { recursive: true });
    await expect(writeAccounts([ann], '/usr/bin/signet', host)).rejects.toMatchObject({ name: 'FileError' });
    expect(log).toEqual(['locked /etc/.pwd.lock', 'released']);
    expect(etc('passwd')).toBe('root:x:0:0:root:/root:/bin/sh\n');
  });
});

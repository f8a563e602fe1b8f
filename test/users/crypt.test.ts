import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { cryptOf, hashPassword } from '../../src/users/password.ts';
import type { Users } from '../../src/users/users.ts';
import { newUsers } from './people.ts';

/** What libxcrypt makes of a password with the settings of a hash. */
function crypt(password: string, setting: string): string {
  const program = 'import crypt, sys; print(crypt.crypt(sys.argv[1], sys.argv[2]))';
  return execFileSync('python3', ['-W', 'ignore', '-c', program, password, setting], { encoding: 'utf8' }).trim();
}

describe('a password for crypt(3)', () => {
  it('is what libxcrypt makes of it', async () => {
    const stored = await hashPassword('correct horse', new NodeCrypto(), new NodeRandom());
    const text = cryptOf(stored) ?? '';
    expect(text).toMatch(/^\$7\$[./0-9A-Za-z]{33}\$[./0-9A-Za-z]{43}$/);
    expect(crypt('correct horse', text)).toBe(text);
    expect(crypt('correct house', text)).not.toBe(text);
  });

  it.each(['', 'scrypt$4096$8$5$AAAA$AAAA', `scrypt$4096$8$5$/////////////////////w==$${'A'.repeat(43)}=`])(
    'is not to be had of %j',
    (stored) => {
      expect(cryptOf(stored)).toBeUndefined();
    },
  );
});

describe('the accounts of users', () => {
  let users: Users;
  beforeEach(async () => {
    users = await newUsers();
  });

  it('are those who may log in by SSH', async () => {
    users.groups.add({ name: 'desk', policies: ['local', 'read'] });
    await users.add({ name: 'ann', group: 'read', password: 'correct horse' });
    await users.add({ name: 'bob', group: 'desk' });
    await users.add({ name: 'eve', group: 'full', disabled: true });
    const id = users.withName('ann')?.id ?? 0;
    expect(users.accounts()).toEqual([
      { name: 'admin', uid: 20_001, password: undefined, keys: [] },
      { name: 'ann', uid: 20_000 + id, password: expect.stringMatching(/^\$7\$/), keys: [] },
    ]);
  });
});

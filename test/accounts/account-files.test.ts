import { describe, expect, it } from 'vitest';
import { withAccounts } from '../../src/accounts/account-files.ts';
import { type Account, decodeAccounts, encodeAccounts, endOfList } from '../../src/accounts/account-list.ts';

const places = { homes: '/run/signet-accounts', shell: '/usr/bin/signet' };
const before = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nold:x:20007:20000:user of signet:/run/signet-accounts/old:/usr/bin/signet\n',
  shadow: 'root:*:19000:0:99999:7:::\nold:$7$x:::::::\n',
  group: 'root:x:0:\n',
};
const ann: Account = { name: 'ann', uid: 20_002, password: '$7$A6..../....abc$def', keys: ['ssh-ed25519 AAAA'] };
const bob: Account = { name: 'bob', uid: 20_003, password: undefined, keys: [] };

describe('the files of accounts', () => {
  it('have an entry for each user, and none for those of before; others stay', () => {
    expect(withAccounts(before, [ann, bob], places)).toEqual({
      passwd: [
        'root:x:0:0:root:/root:/bin/sh\n',
        'ann:x:20002:20000:user of signet:/run/signet-accounts/ann:/usr/bin/signet\n',
        'bob:x:20003:20000:user of signet:/run/signet-accounts/bob:/usr/bin/signet\n',
      ].join(''),
      shadow: 'root:*:19000:0:99999:7:::\nann:$7$A6..../....abc$def:::::::\nbob:*:::::::\n',
      group: 'root:x:0:\nsignet-user:x:20000:\n',
      accounts: [ann, bob],
      refused: [],
    });
  });

  it('are the same when they are written again', () => {
    const once = withAccounts(before, [ann, bob], places);
    expect(withAccounts(once, [ann, bob], places)).toEqual(once);
  });

  it('leave a name that others have alone, its password above all', () => {
    const { refused, shadow, passwd } = withAccounts(before, [{ ...ann, name: 'root' }], places);
    expect(refused).toEqual(['root']);
    expect(shadow).toBe('root:*:19000:0:99999:7:::\n');
    expect(passwd).toBe('root:x:0:0:root:/root:/bin/sh\n');
  });

  it.each(['a*b', 'a@b', '-a', 'a'.repeat(33)])('take no name that other programs could misread: %s', (name) => {
    expect(withAccounts(before, [{ ...ann, name }], places).refused).toEqual([name]);
  });
});

describe('a list of accounts', () => {
  it('is read as it was written', () => {
    const text = encodeAccounts([ann, bob]);
    expect(text.endsWith(endOfList)).toBe(true);
    expect(decodeAccounts(text.slice(0, -endOfList.length))).toEqual([ann, bob]);
  });

  it.each([
    'key ssh-rsa x\n',
    'account ann\n',
    'account a:b 20002 *\n',
    'account ann 20002 a:b\n',
    'account ann 20002 *\nkey \u001b\n',
    'x\n',
  ])('is refused when it is none: %j', (text) => {
    expect(() => decodeAccounts(text)).toThrow('the daemon sent accounts that are not understood');
  });
});

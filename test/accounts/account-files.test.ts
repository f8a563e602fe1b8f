import { describe, expect, it } from 'vitest';
import { withAccounts } from '../../src/accounts/account-files.ts';
import { type Account, decodeAccounts, encodeAccounts, splitLists } from '../../src/accounts/account-list.ts';

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
      shadowBetween: 'root:*:19000:0:99999:7:::\nann:$7$A6..../....abc$def:::::::\nbob:*:::::::\nold:$7$x:::::::\n',
      shadow: 'root:*:19000:0:99999:7:::\nann:$7$A6..../....abc$def:::::::\nbob:*:::::::\n',
      group: 'root:x:0:\nsignet-user:x:20000:\n',
      accounts: [ann, bob],
      refused: [],
    });
  });

  it('are the same when they are written again', () => {
    const once = withAccounts(before, [ann, bob], places);
    expect(withAccounts(once, [ann, bob], places)).toEqual({ ...once, shadowBetween: once.shadow });
  });

  it('leave a name that others have alone, its password above all', () => {
    const { refused, shadow, passwd } = withAccounts(before, [{ ...ann, name: 'root' }], places);
    expect(refused).toEqual(['root']);
    expect(shadow).toBe('root:*:19000:0:99999:7:::\n');
    expect(passwd).toBe('root:x:0:0:root:/root:/bin/sh\n');
  });

  it('leave accounts of others alone whose uids are among ours, and refuse those uids', () => {
    const others = 'ann2:x:20002:20002::/home/ann2:/bin/sh\n';
    const { passwd, refused } = withAccounts({ ...before, passwd: before.passwd + others }, [ann, bob], places);
    expect(passwd).toContain(others);
    expect(refused).toEqual(['ann']);
  });

  it('give nobody the groups that are waiting for a name', () => {
    expect(withAccounts({ ...before, group: 'docker:x:999:ann\n' }, [ann, bob], places).refused).toEqual(['ann']);
  });

  it.each(['users:x:20000:\n', 'signet-user:x:500:\n'])('are not written where their group is another one: %j', (group) => {
    expect(() => withAccounts({ ...before, group }, [ann], places)).toThrow('signet-user needs gid 20000');
  });

  it.each(['a*b', 'a@b', '-a', '0', 'a'.repeat(33)])('take no name that other programs could misread: %s', (name) => {
    expect(withAccounts(before, [{ ...ann, name }], places).refused).toEqual([name]);
  });
});

describe('a list of accounts', () => {
  it('is read as it was written', () => {
    const { lists, rest } = splitLists(encodeAccounts([ann, bob]));
    expect([lists.length, rest]).toEqual([1, '']);
    expect(decodeAccounts(lists[0] ?? '')).toEqual([ann, bob]);
  });

  it('ends at its own end, whatever a password ends with', () => {
    const dotted = { ...ann, password: '$7$A6..../....abc$de.' };
    const text = encodeAccounts([dotted]) + encodeAccounts([]) + encodeAccounts([bob, dotted]).slice(0, -4);
    const { lists, rest } = splitLists(text);
    expect(lists.map((list) => decodeAccounts(list))).toEqual([[dotted], []]);
    expect(decodeAccounts(rest)).toEqual([bob, dotted]);
  });

  it.each([
    'key ssh-rsa x\n',
    'account ann\n',
    'account a:b 20002 *\n',
    'account ann 20002 a:b\n',
    'account ann 20002 *\nkey \u001b\n',
    'x\n',
    'account evil 0 *\n',
    'account ann 20002 $6$x$y\n',
    'account ann 20002 *\naccount bob 20002 *\n',
    'account ann 20002 *\nkey command="x" ssh-rsa AAAA\n',
    'account ann 20002 *',
  ])('is refused when it is none: %j', (text) => {
    expect(() => decodeAccounts(text)).toThrow('the daemon sent accounts that are not understood');
  });
});

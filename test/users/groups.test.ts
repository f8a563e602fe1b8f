import { beforeEach, describe, expect, it } from 'vitest';
import type { UserErrorCode } from '../../src/users/errors.ts';
import type { Users } from '../../src/users/users.ts';
import { newUsers } from './people.ts';

let users: Users;
beforeEach(async () => {
  users = await newUsers();
});

const idOf = (name: string) => users.groups.withName(name)?.id ?? 0;

describe('the groups of a new router', () => {
  it('are read, write and full with the policies of RouterOS', () => {
    expect(users.groups.list().map(({ name, policies }) => [name, policies.join()])).toEqual([
      ['read', 'local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api,romon,rest-api'],
      ['write', 'local,telnet,ssh,reboot,read,write,test,winbox,password,web,sniff,sensitive,api,romon,rest-api'],
      ['full', 'local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,password,web,sniff,sensitive,api,romon,rest-api'],
    ]);
  });

  it.each(['read', 'write', 'full'])('can not be removed or renamed: %s', (name) => {
    expect(() => users.groups.remove([idOf(name)])).toThrow(userError('built-in'));
    expect(() => users.groups.set([idOf(name)], { name: 'other' })).toThrow(userError('built-in'));
  });

  it('can be commented, and all but full given other policies', () => {
    users.groups.set([idOf('read')], { policies: ['read'], comment: 'c' });
    expect(users.groups.withName('read')).toMatchObject({ policies: ['read'], comment: 'c' });
    expect(() => users.groups.set([idOf('full')], { policies: ['read'] })).toThrow(userError('built-in'));
  });
});

describe('a group', () => {
  it('keeps its policies in their order, each once', () => {
    users.groups.add({ name: 'ops', policies: ['write', 'local', 'read', 'write'] });
    expect(users.groups.withName('ops')?.policies).toEqual(['local', 'read', 'write']);
  });

  it('may have no policy at all', async () => {
    users.groups.add({ name: 'none', policies: [] });
    await users.add({ name: 'ann', group: 'none' });
    expect(users.policiesOf('ann').size).toBe(0);
  });

  it('changes what its members may do at once', async () => {
    const id = users.groups.add({ name: 'ops', policies: ['read'] });
    await users.add({ name: 'ann', group: 'ops' });
    users.groups.set([id], { policies: ['read', 'write'] });
    expect(users.policiesOf('ann').has('write')).toBe(true);
  });

  it('can be renamed, but not to a name that is taken', () => {
    const id = users.groups.add({ name: 'constructor', policies: [] });
    users.groups.set([id], { name: 'ops' });
    expect(users.groups.withName('ops')?.id).toBe(id);
    expect(() => users.groups.set([id], { name: 'full' })).toThrow('group with the same name already exists');
    expect(() => users.groups.add({ name: 'ops', policies: [] })).toThrow(userError('exists'));
    expect(() => users.groups.add({ name: '', policies: [] })).toThrow(userError('bad-name'));
  });

  it('can be removed when it has no members, and says who they are', async () => {
    const id = users.groups.add({ name: 'ops', policies: [] });
    const ann = await users.add({ name: 'ann', group: 'ops' });
    expect(() => users.groups.remove([id])).toThrow('group ops is used by user ann');
    users.remove([ann]);
    users.groups.remove([id]);
    expect(users.groups.withName('ops')).toBeUndefined();
    expect(() => users.groups.remove([id])).toThrow(userError('no-such-item'));
  });
});

function userError(code: UserErrorCode): unknown {
  return expect.objectContaining({ name: 'UserError', code });
}

import { beforeEach, describe, expect, it } from 'vitest';
import type { UserErrorCode } from '../../src/users/errors.ts';
import type { Users } from '../../src/users/users.ts';
import { newUsers } from './people.ts';

let users: Users;
beforeEach(async () => {
  users = await newUsers();
});

const names = () => users.list().map(({ name }) => name);
const idOf = (name: string) => users.withName(name)?.id ?? 0;

describe('a new router', () => {
  it('has one user, admin of group full', () => {
    expect(users.list()).toEqual([
      { id: 1, name: 'admin', group: 'full', comment: 'system default user', disabled: false, lastLoggedIn: undefined },
    ]);
    expect(users.owner().name).toBe('admin');
  });

  it('lets nobody in by an empty password', async () => {
    expect(await users.authenticate('admin', '')).toBeUndefined();
  });
});

describe('adding a user', () => {
  it('gives an id that was never used before', async () => {
    const first = await users.add({ name: 'ann', group: 'read' });
    users.remove([first]);
    expect(await users.add({ name: 'ann', group: 'read', comment: 'c', disabled: true })).toBe(first + 1);
    expect(users.withName('ann')).toMatchObject({ group: 'read', comment: 'c', disabled: true });
  });

  it.each(['', '-ann', 'a b', 'a:b', 'ann+ct80w', 'a\nb', '../a', 'ünï', 'a'.repeat(65)])('refuses the name %j', async (name) => {
    await expect(users.add({ name, group: 'read' })).rejects.toThrow(userError('bad-name'));
    expect(names()).toEqual(['admin']);
  });

  it.each(['a', '0', 'a.b_c*d@e-f', 'a'.repeat(64)])('takes the name %j', async (name) => {
    await users.add({ name, group: 'read' });
    expect(names()).toEqual(['admin', name]);
  });

  it('refuses a name that is taken', async () => {
    await expect(users.add({ name: 'admin', group: 'read' })).rejects.toThrow('user with the same name already exists');
  });

  it('refuses a group that is not there', async () => {
    await expect(users.add({ name: 'ann', group: 'none' })).rejects.toThrow(userError('no-such-group'));
  });
});

describe('a password', () => {
  it('lets its user in, and no other does', async () => {
    await users.add({ name: 'ann', group: 'read', password: 'correct horse' });
    expect(await users.authenticate('ann', 'correct horse')).toMatchObject({ name: 'ann' });
    for (const wrong of ['', 'correct hors', 'correct horse ', 'Correct horse'])
      expect(await users.authenticate('ann', wrong)).toBeUndefined();
    expect(await users.authenticate('nobody', 'correct horse')).toBeUndefined();
  });

  it('is the same however its accents were typed', async () => {
    await users.add({ name: 'ann', group: 'read', password: 'caf\u00e9' });
    expect(await users.authenticate('ann', 'cafe\u0301')).toMatchObject({ name: 'ann' });
  });

  it('does not let a disabled user in', async () => {
    await users.add({ name: 'ann', group: 'read', password: 'p', disabled: true });
    expect(await users.authenticate('ann', 'p')).toBeUndefined();
  });

  it('can be changed and taken away', async () => {
    const id = await users.add({ name: 'ann', group: 'read', password: 'old' });
    await users.set([id], { password: 'new' });
    expect(await users.authenticate('ann', 'old')).toBeUndefined();
    expect(await users.authenticate('ann', 'new')).toMatchObject({ name: 'ann' });
    await users.set([id], { comment: 'kept' });
    expect(await users.authenticate('ann', 'new')).toMatchObject({ name: 'ann' });
    await users.set([id], { password: '' });
    expect(await users.authenticate('ann', '')).toBeUndefined();
  });
});

describe('changing users', () => {
  it('renames, moves and disables', async () => {
    const id = await users.add({ name: 'ann', group: 'read' });
    await users.set([id], { name: 'bea', group: 'write', disabled: true, comment: 'c' });
    expect(users.withName('bea')).toEqual({ id, name: 'bea', group: 'write', comment: 'c', disabled: true, lastLoggedIn: undefined });
  });

  it('may give a user the name it has', async () => {
    await users.set([1], { name: 'admin' });
    expect(names()).toEqual(['admin']);
  });

  it('does all or nothing', async () => {
    await users.add({ name: 'ann', group: 'read' });
    await users.add({ name: 'bea', group: 'read' });
    await expect(users.set([idOf('ann'), idOf('bea')], { name: 'cleo' })).rejects.toThrow(userError('exists'));
    await expect(users.set([idOf('ann'), 99], { comment: 'c' })).rejects.toThrow(userError('no-such-item'));
    expect(() => users.remove([idOf('ann'), 99])).toThrow(userError('no-such-item'));
    expect(names()).toEqual(['admin', 'ann', 'bea']);
    expect(users.withName('ann')?.comment).toBe('');
  });
});

describe('the last enabled user of group full', () => {
  it('can be neither removed, disabled nor moved', async () => {
    await users.add({ name: 'ann', group: 'full', disabled: true });
    await users.add({ name: 'bea', group: 'write' });
    expect(() => users.remove([1])).toThrow(userError('last-full'));
    await expect(users.set([1], { disabled: true })).rejects.toThrow(userError('last-full'));
    await expect(users.set([1], { group: 'write' })).rejects.toThrow(userError('last-full'));
    expect(users.owner()).toMatchObject({ name: 'admin', disabled: false });
  });

  it('can go when there is another', async () => {
    await users.add({ name: 'ann', group: 'full' });
    users.remove([1]);
    expect(users.owner().name).toBe('ann');
  });
});

describe('what a user may do', () => {
  it('follows from the group', async () => {
    await users.add({ name: 'ann', group: 'read' });
    expect([users.policiesOf('ann').has('read'), users.policiesOf('ann').has('sensitive'), users.policiesOf('ann').has('write')]).toEqual([
      true,
      true,
      false,
    ]);
    await users.set([idOf('ann')], { group: 'write' });
    expect([users.policiesOf('ann').has('write'), users.policiesOf('ann').has('policy'), users.policiesOf('ann').has('ftp')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(users.policiesOf('admin').size).toBe(17);
  });

  it('is nothing for a disabled user and for nobody', async () => {
    await users.add({ name: 'ann', group: 'full', disabled: true });
    expect(users.policiesOf('ann').size).toBe(0);
    expect(users.policiesOf('nobody').size).toBe(0);
  });
});

it('notes when a session began', () => {
  users.loggedIn(1);
  expect(users.withName('admin')?.lastLoggedIn).toBeGreaterThan(Date.now() / 1000 - 60);
  expect(users.withName('admin')?.lastLoggedIn).toBeLessThanOrEqual(Date.now() / 1000);
});

function userError(code: UserErrorCode): unknown {
  return expect.objectContaining({ name: 'UserError', code });
}

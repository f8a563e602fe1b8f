import type { RouterFiles } from '../files/router-files.ts';
import type { Instant } from '../platform/clock.ts';
import type { Group } from '../users/groups.ts';
import { policies } from '../users/policies.ts';
import type { SshKeys } from '../users/ssh-keys.ts';
import type { User, Users } from '../users/users.ts';
import { someOf, text, yesNo } from './argument-types.ts';
import { type CommandDeclaration, command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import { type ItemSource, items, reference } from './item-arguments.ts';
import { find, get, print } from './item-commands.ts';
import type { Table } from './listing.ts';
import { sshKeysMenu } from './ssh-keys.ts';
import { TableReader } from './table-reader.ts';
import { idOf } from './value.ts';

/** `/user`, with `/user/group` and `/user/ssh-keys`. */
export function userMenu(
  users: Users,
  sshKeys: SshKeys,
  files: RouterFiles,
  formatTime: (instant: Instant) => string,
): DirectoryDeclaration {
  const reader = new TableReader(userTable(users, formatTime));
  const source: ItemSource<User> = {
    path: '/user',
    id: (user) => user.id,
    withId: (id) => users.list().find((user) => user.id === id),
    withName: (name) => users.withName(name),
    names: () => users.list().map((user) => user.name),
  };
  const groups = groupSource(users);
  const numbers = { type: items(source), unnamed: true, required: true, does: 'the users' } as const;
  const group = { type: reference(groups), does: 'the group, which says what the user may do' } as const;
  const password = { type: text, sensitive: true, does: 'password' } as const;
  const comment = { type: text, does: 'a short text about the user' } as const;
  const disabled = { type: yesNo, does: 'whether the user can log in' } as const;
  const able = (does: string, isDisabled: boolean): CommandDeclaration =>
    command({
      does,
      needs: ['write', 'policy'],
      changes: true,
      args: { numbers },
      run: async ({ numbers: of }) => {
        await users.set(idsOf(of), { disabled: isDisabled });
        return nothing;
      },
    });
  return directory('the people who may use this router', {
    print: print(reader, source),
    find: find(reader),
    get: get(reader, source),
    add: command({
      does: 'make a user',
      needs: ['write', 'policy'],
      changes: true,
      args: { name: { type: text, required: true, does: 'name' }, group: { ...group, required: true }, password, comment, disabled },
      run: async ({ group: of, ...values }, call) => {
        const id = await users.add({ ...values, group: of.name });
        if ((values.password ?? '') === '') call.warn(`${values.name} has no password: nobody logs in with one until it is set`);
        return { kind: 'value', value: idOf(id) };
      },
    }),
    set: command({
      does: 'change users',
      needs: ['write', 'policy'],
      changes: true,
      args: { numbers, name: { type: text, does: 'name' }, group, password, comment, disabled },
      run: async ({ numbers: of, group: to, ...change }) => {
        await users.set(idsOf(of), { ...change, group: to?.name });
        return nothing;
      },
    }),
    comment: command({
      does: 'set the comment of users',
      needs: ['write', 'policy'],
      changes: true,
      args: { numbers, comment: { ...comment, required: true } },
      run: async ({ numbers: of, comment: words }) => {
        await users.set(idsOf(of), { comment: words });
        return nothing;
      },
    }),
    enable: able('let users log in', false),
    disable: able('keep users from logging in', true),
    remove: command({
      does: 'remove users',
      needs: ['write', 'policy'],
      changes: true,
      args: { numbers },
      run: ({ numbers: of }) => {
        users.remove(idsOf(of));
        return nothing;
      },
    }),
    group: groupMenu(users),
    'ssh-keys': sshKeysMenu(sshKeys, source, files),
  });
}

function idsOf(of: readonly { readonly id: number }[]): readonly number[] {
  return of.map((each) => each.id);
}

function userTable(users: Users, formatTime: (instant: Instant) => string): Table<User> {
  return {
    path: '/user',
    properties: [
      { name: 'name', style: 'quoted', read: (user) => user.name },
      { name: 'group', style: 'bare', read: (user) => user.group },
      {
        name: 'last-logged-in',
        style: 'bare',
        read: (user) => (user.lastLoggedIn === undefined ? undefined : formatTime(user.lastLoggedIn)),
      },
      { name: 'comment', style: 'quoted', read: (user) => (user.comment === '' ? undefined : user.comment) },
    ],
    flags: [{ letter: 'X', name: 'disabled' }],
    flagsOf: ({ disabled }) => ({ disabled }),
    brief: ['name', 'group', 'last-logged-in', 'comment'],
    id: (user) => user.id,
    items: () => users.list(),
  };
}

function groupSource({ groups }: Users): ItemSource<Group> {
  return {
    path: '/user/group',
    id: (group) => group.id,
    withId: (id) => groups.list().find((group) => group.id === id),
    withName: (name) => groups.withName(name),
    names: () => groups.list().map((group) => group.name),
  };
}

function groupMenu(users: Users): DirectoryDeclaration {
  const { groups } = users;
  const source = groupSource(users);
  const reader = new TableReader<Group>({
    path: '/user/group',
    properties: [
      { name: 'name', style: 'quoted', read: (group) => group.name },
      {
        name: 'policy',
        style: 'bare',
        read: (group) => policies.map((policy) => (group.policies.includes(policy) ? policy : `!${policy}`)).join(','),
      },
      { name: 'comment', style: 'quoted', read: (group) => (group.comment === '' ? undefined : group.comment) },
    ],
    flags: [],
    brief: ['name', 'policy', 'comment'],
    id: (group) => group.id,
    items: () => groups.list(),
  });
  const numbers = { type: items(source), unnamed: true, required: true, does: 'the groups' } as const;
  const policy = { type: someOf(policies), does: 'what its users may do' } as const;
  const comment = { type: text, does: 'a short text about the group' } as const;
  return directory('what users may do', {
    print: print(reader, source),
    find: find(reader),
    get: get(reader, source),
    add: command({
      does: 'make a group',
      needs: ['write', 'policy'],
      changes: true,
      args: { name: { type: text, required: true, does: 'name' }, policy, comment },
      run: ({ name, policy: may = [], comment: words = '' }) => ({
        kind: 'value',
        value: idOf(groups.add({ name, policies: may, comment: words })),
      }),
    }),
    set: command({
      does: 'change groups',
      needs: ['write', 'policy'],
      changes: true,
      args: { numbers, name: { type: text, does: 'name' }, policy, comment },
      run: ({ numbers: of, policy: may, ...change }) => {
        groups.set(idsOf(of), { ...change, policies: may });
        return nothing;
      },
    }),
    remove: command({
      does: 'remove groups that no user is in',
      needs: ['write', 'policy'],
      changes: true,
      args: { numbers },
      run: ({ numbers: of }) => {
        groups.remove(idsOf(of));
        return nothing;
      },
    }),
  });
}

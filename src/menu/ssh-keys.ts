import type { RouterFiles } from '../files/router-files.ts';
import type { SshKey, SshKeys } from '../users/ssh-keys.ts';
import type { User } from '../users/users.ts';
import { text } from './argument-types.ts';
import { command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import { missingValues } from './errors.ts';
import { existingFile } from './file.ts';
import { type ItemSource, items, reference } from './item-arguments.ts';
import { find, get, print } from './item-commands.ts';
import { TableReader } from './table-reader.ts';
import { idOf } from './value.ts';

/** `/user/ssh-keys`. */
export function sshKeysMenu(sshKeys: SshKeys, users: ItemSource<User>, files: RouterFiles): DirectoryDeclaration {
  const source: ItemSource<SshKey> = {
    path: '/user/ssh-keys',
    id: (key) => key.id,
    withId: (id) => sshKeys.withId(id),
    withName: () => undefined,
    names: () => [],
  };
  const reader = new TableReader<SshKey>({
    path: '/user/ssh-keys',
    properties: [
      { name: 'user', style: 'bare', read: (key) => key.user },
      { name: 'key-type', style: 'bare', read: (key) => key.type },
      { name: 'bits', style: 'bare', read: (key) => key.bits },
      { name: 'info', style: 'quoted', read: (key) => (key.info === '' ? undefined : key.info) },
      { name: 'fingerprint', style: 'quoted', read: (key) => key.fingerprint },
      { name: 'comment', style: 'quoted', read: (key) => (key.comment === '' ? undefined : key.comment) },
    ],
    flags: [],
    brief: ['user', 'key-type', 'bits', 'info', 'comment'],
    id: (key) => key.id,
    items: () => sshKeys.list(),
  });
  const user = { type: reference(users), required: true, does: 'who logs in with it' } as const;
  return directory('the public keys that users log in with by SSH', {
    print: print(reader, source),
    find: find(reader),
    get: get(reader, source),
    add: command({
      does: 'give a user a key',
      needs: ['write', 'policy'],
      changes: true,
      args: {
        user,
        key: { type: text, does: 'the line of a .pub file: type, base 64, and whose key it is' },
        comment: { type: text, does: 'a short text about the key' },
        'copy-from': { type: reference(source), does: 'the key that another user gets, too' },
      },
      run: ({ user: of, key, comment, 'copy-from': from }) => {
        const line = key ?? (from === undefined ? undefined : `${from.key} ${from.info}`);
        if (line === undefined) throw missingValues(['key']);
        return { kind: 'value', value: idOf(sshKeys.add(of.id, line, comment ?? from?.comment)) };
      },
    }),
    import: command({
      does: 'give a user the key of a file',
      needs: ['write', 'policy'],
      changes: true,
      args: {
        user,
        'public-key-file': { type: existingFile(files), required: true, does: 'a .pub file of ssh-keygen' },
        info: { type: text, does: 'whose key it is; as in the file if left out' },
      },
      run: async ({ user: of, 'public-key-file': file, info }) => {
        await sshKeys.importFile(of.id, file, info);
        return nothing;
      },
    }),
    remove: command({
      does: 'take keys away',
      needs: ['write', 'policy'],
      changes: true,
      args: { numbers: { type: items(source), unnamed: true, required: true, does: 'the keys' } },
      run: ({ numbers: of }) => {
        sshKeys.remove(of.map(({ id }) => id));
        return nothing;
      },
    }),
  });
}

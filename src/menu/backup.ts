import type { RouterFiles } from '../files/router-files.ts';
import type { Backup } from '../system/backup.ts';
import { text } from './argument-types.ts';
import { command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import { confirm } from './confirm.ts';
import { existingFile } from './file.ts';
import { askNewPassphrase, askPassphrase } from './passphrase.ts';

/** `/system/backup`. */
export function backupMenu(backup: Backup, files: RouterFiles): DirectoryDeclaration {
  const password = { type: text, sensitive: true, does: 'password that encrypts the backup' } as const;
  return directory('the whole store in one encrypted file', {
    save: command({
      does: 'write a backup to a file',
      needs: ['write', 'policy', 'sensitive'],
      changes: true,
      args: { name: { type: text, does: 'name of the file; after the router and the time if left out' }, password },
      run: async ({ name, password: given }, call) => {
        const saved = await backup.save({ name, password: given ?? (await askNewPassphrase(call, 'password')) });
        return { kind: 'fields', fields: [['saved', saved]] };
      },
    }),
    load: command({
      does: 'replace everything by what a backup holds',
      needs: ['write', 'policy', 'sensitive'],
      changes: true,
      args: { name: { type: existingFile(files), unnamed: true, required: true, does: 'name of the file' }, password },
      run: async ({ name, password: given }, call) => {
        const password = given ?? (await askPassphrase(call, 'password'));
        await confirm(call, `Everything in the store will be replaced by what ${name} holds. Go on?`);
        await backup.load({ name, password });
        return nothing;
      },
    }),
  });
}

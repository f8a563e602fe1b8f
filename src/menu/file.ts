import type { FileItem, RouterFiles } from '../files/router-files.ts';
import type { Instant } from '../platform/clock.ts';
import type { ArgumentType } from './argument.ts';
import { oneOf, text } from './argument-types.ts';
import { command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import { type ItemSource, item, items } from './item-arguments.ts';
import { find, get, print } from './item-commands.ts';
import { TableReader } from './table-reader.ts';
import { idOf } from './value.ts';

/** The name of a file that is there: Tab offers those of `files`. */
export function existingFile(files: RouterFiles): ArgumentType<string> {
  return { ...text, lookUp: () => files.names() };
}

/** `/file`. */
export function fileMenu(files: RouterFiles, formatTime: (instant: Instant) => string): DirectoryDeclaration {
  const reader = new TableReader<FileItem>({
    path: '/file',
    properties: [
      { name: 'name', style: 'quoted', read: (file) => file.name },
      { name: 'type', style: 'quoted', read: (file) => file.type },
      { name: 'size', style: 'bare', read: (file) => (file.type === 'directory' ? undefined : file.size) },
      { name: 'creation-time', style: 'bare', read: (file) => formatTime(Math.floor(file.created)) },
      { name: 'last-modified', style: 'bare', read: (file) => formatTime(Math.floor(file.modified)) },
      { name: 'contents', style: 'quoted', hidden: true, read: (file) => file.contents, sensitive: (file) => file.secret },
    ],
    flags: [],
    brief: ['name', 'type', 'size', 'creation-time'],
    id: (file) => file.id,
    items: () => files.list(),
  });
  const source: ItemSource<FileItem> = {
    path: '/file',
    id: (file) => file.id,
    withId: (id) => files.withId(id),
    withName: (name) => files.withName(name),
    names: () => files.names(),
  };
  const number = { type: item(source), unnamed: true, required: true, does: 'the file' } as const;
  const numbers = { type: items(source), unnamed: true, required: true, does: 'the files' } as const;
  return directory('the files of the router', {
    print: print(reader, source),
    find: find(reader),
    get: get(reader, source),
    add: command({
      does: 'make a file or a directory',
      needs: ['write'],
      changes: true,
      args: {
        name: { type: text, required: true, does: 'name, with / between directories' },
        contents: { type: text, sensitive: true, does: 'text of the file' },
        type: { type: oneOf(['file', 'directory']), does: 'what to make' },
      },
      run: async ({ name, contents = '', type = 'file' }) => ({ kind: 'value', value: idOf(await files.add(name, contents, type)) }),
    }),
    set: command({
      does: 'change the text or the name of a file',
      needs: ['write'],
      changes: true,
      args: {
        numbers: number,
        contents: { type: text, sensitive: true, does: 'text of the file' },
        name: { type: text, does: 'new name' },
      },
      run: async ({ numbers: of, contents, name }) => {
        if (contents !== undefined) await files.setContents(of, contents);
        if (name !== undefined) await files.rename(of, name);
        return nothing;
      },
    }),
    copy: command({
      does: 'copy a file',
      needs: ['write'],
      changes: true,
      args: { number, name: { type: text, required: true, does: 'name of the copy' } },
      run: async ({ number: of, name }) => {
        await files.copy(of, name);
        return nothing;
      },
    }),
    remove: command({
      does: 'remove files, and directories with all they hold',
      needs: ['write'],
      changes: true,
      args: { numbers },
      run: async ({ numbers: of }) => {
        for (const each of of) await files.remove(each);
        return nothing;
      },
    }),
  });
}

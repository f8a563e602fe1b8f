import type { Log, NumberedEntry } from '../logging/log.ts';
import type { Instant } from '../platform/clock.ts';
import type { Severity } from '../platform/log.ts';
import { text } from './argument-types.ts';
import { type CommandDeclaration, command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import type { ItemSource } from './item-arguments.ts';
import { find, get, print } from './item-commands.ts';
import { TableReader } from './table-reader.ts';

/** `/log`. */
export function logMenu(log: Log, formatTime: (instant: Instant) => string): DirectoryDeclaration {
  const reader = new TableReader<NumberedEntry>({
    path: '/log',
    properties: [
      { name: 'time', style: 'bare', read: (entry) => formatTime(entry.time) },
      { name: 'topics', style: 'bare', read: (entry) => [...entry.topics, entry.severity].join(',') },
      { name: 'message', style: 'quoted', read: (entry) => entry.message },
    ],
    flags: [],
    brief: ['time', 'topics', 'message'],
    headless: true,
    id: (entry) => entry.id,
    items: () => log.entries(),
  });
  const source: ItemSource<NumberedEntry> = {
    path: '/log',
    id: (entry) => entry.id,
    withId: (id) => log.entries().find((entry) => entry.id === id),
    withName: () => undefined,
    names: () => [],
  };
  const write = (severity: Severity): CommandDeclaration =>
    command({
      does: `write an entry of severity ${severity}`,
      needs: ['write'],
      args: { message: { type: text, unnamed: true, required: true, does: 'the text' } },
      run: ({ message }) => {
        log.add(severity, ['script'], message);
        return nothing;
      },
    });
  return directory('what happened', {
    print: print(reader, source),
    find: find(reader),
    get: get(reader, source),
    debug: write('debug'),
    info: write('info'),
    warning: write('warning'),
    error: write('error'),
  });
}

import type { Clock } from '../platform/clock.ts';
import type { Machine } from '../platform/machine.ts';
import { type LocalTime, localTimeOf, setLocalTime } from '../system/clock.ts';
import type { Identity } from '../system/identity.ts';
import { text } from './argument-types.ts';
import { command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import { formatSize } from './formats.ts';
import type { Property, Table } from './listing.ts';
import { getSetting, printSettings } from './settings-commands.ts';
import { TableReader } from './table-reader.ts';

/** What `/system/resource` tells. */
export interface Resource {
  readonly machine: Machine;
  readonly version: string;
  /** Which key generator is in use. */
  readonly keyGenerator: string;
}

export function identityMenu(identity: Identity): DirectoryDeclaration {
  const reader = new TableReader(
    settings('/system/identity', [{ name: 'name', style: 'quoted', read: () => identity.name() }], () => identity),
  );
  return directory('the name of this router', {
    print: printSettings(reader),
    get: getSetting(reader),
    set: command({
      does: 'name the router',
      needs: ['write'],
      changes: true,
      args: { name: { type: text, unnamed: true, required: true, does: 'the name in prompts' } },
      run: ({ name }) => {
        identity.rename(name);
        return nothing;
      },
    }),
  });
}

export function clockMenu(clock: Clock): DirectoryDeclaration {
  const properties: readonly Property<LocalTime>[] = [
    { name: 'time', style: 'bare', read: (local) => local.time },
    { name: 'date', style: 'bare', read: (local) => local.date },
    { name: 'time-zone-name', style: 'bare', read: (local) => local.zone },
    { name: 'gmt-offset', style: 'bare', read: (local) => local.offset },
  ];
  const reader = new TableReader(settings('/system/clock', properties, () => localTimeOf(clock)));
  return directory('date and time', {
    print: printSettings(reader),
    get: getSetting(reader),
    set: command({
      does: 'set the clock',
      needs: ['write'],
      changes: true,
      args: { date: { type: text, does: 'local date, 2026-11-23' }, time: { type: text, does: 'local time, 20:14:03' } },
      run: (values) => {
        setLocalTime(clock, values);
        return nothing;
      },
    }),
  });
}

export function resourceMenu(resource: Resource): DirectoryDeclaration {
  const { machine } = resource;
  const properties: readonly Property<Resource>[] = [
    { name: 'uptime', style: 'bare', read: () => ({ type: 'time', milliseconds: machine.uptime() * 1000 }) },
    { name: 'version', style: 'quoted', read: () => resource.version },
    { name: 'host', style: 'quoted', read: () => machine.host },
    { name: 'key-generator', style: 'quoted', read: () => resource.keyGenerator },
    { name: 'free-memory', style: 'bare', read: () => formatSize(machine.freeMemory()) },
    { name: 'total-memory', style: 'bare', read: () => formatSize(machine.totalMemory()) },
    { name: 'cpu', style: 'quoted', read: () => machine.cpu },
    { name: 'cpu-count', style: 'bare', read: () => machine.cpuCount },
    { name: 'free-hdd-space', style: 'bare', read: () => formatSize(machine.freeSpace()) },
    { name: 'total-hdd-space', style: 'bare', read: () => formatSize(machine.totalSpace()) },
    { name: 'architecture-name', style: 'quoted', read: () => machine.architecture },
    { name: 'board-name', style: 'quoted', read: () => machine.board },
    { name: 'platform', style: 'quoted', read: () => 'signet' },
  ];
  const reader = new TableReader(settings('/system/resource', properties, () => resource));
  return directory('this machine and this program', { print: printSettings(reader), get: getSetting(reader) });
}

/** A table of the one item that a menu of settings is. */
function settings<Item>(path: string, properties: readonly Property<Item>[], read: () => Item): Table<Item> {
  return { path, properties, flags: [], brief: [], id: () => 0, items: () => [read()] };
}

import type { Clock, Instant } from '../platform/clock.ts';
import { type LocalTime, localTimeOf, setLocalTime } from '../system/clock.ts';
import type { Identity } from '../system/identity.ts';
import type { Resources } from '../system/resource.ts';
import { text } from './argument-types.ts';
import { type CommandDeclaration, command, type DirectoryDeclaration, directory, nothing } from './command.ts';
import { confirm } from './confirm.ts';
import { failure } from './errors.ts';
import { formatSize } from './formats.ts';
import type { Property } from './listing.ts';
import { getSetting, printSettings, settingsTable } from './settings-commands.ts';
import { TableReader } from './table-reader.ts';

export function identityMenu(identity: Identity): DirectoryDeclaration {
  const reader = new TableReader(
    settingsTable('/system/identity', [{ name: 'name', style: 'quoted', read: () => identity.name() }], () => identity),
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
  const reader = new TableReader(settingsTable('/system/clock', properties, () => localTimeOf(clock)));
  return directory('date and time', {
    print: printSettings(reader),
    get: getSetting(reader),
    set: command({
      does: 'set the clock',
      needs: ['write'],
      changes: true,
      args: { date: { type: text, does: 'local date, 2026-11-23' }, time: { type: text, does: 'local time, 20:14:03' } },
      run: (values) => {
        if (values.date === undefined && values.time === undefined) throw failure('expected date= or time=');
        setLocalTime(clock, values);
        return nothing;
      },
    }),
  });
}

export function resetCommand(reset: () => Promise<void>): CommandDeclaration {
  return command({
    does: 'destroy every key, certificate, user, setting and file: the router is as it was when it was new',
    needs: ['write', 'policy', 'sensitive', 'reboot'],
    changes: true,
    args: {},
    run: async (_, call) => {
      await confirm(call, 'Every key, certificate, user, setting and file will be destroyed. Reset anyway?');
      await reset();
      return nothing;
    },
  });
}

export function resourceMenu(resources: () => Resources, formatTime: (instant: Instant) => string): DirectoryDeclaration {
  const properties: readonly Property<Resources>[] = [
    { name: 'uptime', style: 'bare', read: (now) => ({ type: 'time', milliseconds: now.uptime * 1000 }) },
    { name: 'version', style: 'quoted', read: (now) => now.version },
    { name: 'build-time', style: 'bare', read: (now) => formatTime(now.buildTime) },
    { name: 'host', style: 'quoted', read: (now) => now.host },
    { name: 'key-generator', style: 'quoted', read: (now) => now.keyGenerator },
    { name: 'free-memory', style: 'bare', read: (now) => formatSize(now.freeMemory) },
    { name: 'total-memory', style: 'bare', read: (now) => formatSize(now.totalMemory) },
    { name: 'cpu', style: 'quoted', read: (now) => now.cpu },
    { name: 'cpu-count', style: 'bare', read: (now) => now.cpuCount },
    { name: 'free-hdd-space', style: 'bare', read: (now) => formatSize(now.freeSpace) },
    { name: 'total-hdd-space', style: 'bare', read: (now) => formatSize(now.totalSpace) },
    { name: 'architecture-name', style: 'quoted', read: (now) => now.architecture },
    { name: 'board-name', style: 'quoted', read: (now) => now.board },
    { name: 'platform', style: 'quoted', read: () => 'signet' },
  ];
  const reader = new TableReader(settingsTable('/system/resource', properties, resources));
  return directory('this machine and this program', { print: printSettings(reader), get: getSetting(reader) });
}

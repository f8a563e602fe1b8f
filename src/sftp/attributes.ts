import { concat } from '../bytes/bytes.ts';
import type { FileEntry, FileStatus } from '../platform/files.ts';
import { type PacketReader, string, uint32, uint64 } from './packet.ts';
import { SftpError } from './protocol.ts';

/** Attributes of a file (5); what is left out is not told, or to stay as it is. */
export interface Attributes {
  /** Bytes. */
  readonly size?: number;
  readonly owner?: { readonly user: number; readonly group: number };
  /** Mode, with the type of the file in its upper bits. */
  readonly permissions?: number;
  /** Seconds since 1970 UTC of the last access and change. */
  readonly times?: { readonly accessed: number; readonly modified: number };
  readonly extended?: readonly { readonly type: Uint8Array; readonly data: Uint8Array }[];
}

const flags = { size: 1, owner: 2, permissions: 4, times: 8, extended: 0x8000_0000 } as const;
const known = 0x8000_000f;

export function readAttributes(reader: PacketReader): Attributes {
  const given = reader.uint32();
  if ((given & ~known) !== 0) throw new SftpError('attributes that version 3 does not have');
  const has = (flag: number): boolean => (given & flag) !== 0;
  return {
    ...(has(flags.size) && { size: reader.uint64() }),
    ...(has(flags.owner) && { owner: { user: reader.uint32(), group: reader.uint32() } }),
    ...(has(flags.permissions) && { permissions: reader.uint32() }),
    ...(has(flags.times) && { times: { accessed: reader.uint32(), modified: reader.uint32() } }),
    ...(has(flags.extended) && { extended: readExtended(reader) }),
  };
}

function readExtended(reader: PacketReader): { type: Uint8Array; data: Uint8Array }[] {
  const extended: { type: Uint8Array; data: Uint8Array }[] = [];
  // The count is only believed as far as there are bytes.
  for (let left = reader.uint32(); left > 0; left--) extended.push({ type: reader.string(), data: reader.string() });
  return extended;
}

export function encodeAttributes({ size, owner, permissions, times, extended }: Attributes): Uint8Array {
  let given = 0;
  const fields: Uint8Array[] = [];
  const add = (flag: number, ...values: readonly Uint8Array[]): void => {
    given |= flag;
    fields.push(...values);
  };
  if (size !== undefined) add(flags.size, uint64(size));
  if (owner !== undefined) add(flags.owner, uint32(owner.user), uint32(owner.group));
  if (permissions !== undefined) add(flags.permissions, uint32(permissions));
  if (times !== undefined) add(flags.times, uint32(times.accessed), uint32(times.modified));
  if (extended !== undefined) {
    const pairs = extended.flatMap(({ type, data }) => [string(type), string(data)]);
    add(flags.extended, uint32(extended.length), ...pairs);
  }
  return concat([uint32(given), ...fields]);
}

/** S_IFREG and 0600, S_IFDIR and 0700: what a user of the router may do, whoever owns the files on its disk. */
const permissionsOf = { file: 0o100600, directory: 0o040700 } as const;

/** The attributes of a file or folder of the router; one that is being written has no time yet. */
export function attributesOf({ type, size, modified }: Pick<FileStatus, 'type' | 'size'> & { readonly modified?: number }): Attributes {
  const seconds = modified === undefined ? undefined : Math.min(Math.max(Math.floor(modified), 0), 0xffff_ffff);
  return {
    size,
    permissions: permissionsOf[type],
    ...(seconds !== undefined && { times: { accessed: seconds, modified: seconds } }),
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A file or folder as `ls -l` shows it, with the day of its last change in UTC. */
export function longName({ type, size, modified }: FileStatus, name: string): string {
  const day = new Date(modified * 1000);
  const date = `${months[day.getUTCMonth()]} ${String(day.getUTCDate()).padStart(2)}  ${day.getUTCFullYear()}`;
  return `${type === 'directory' ? 'drwx------' : '-rw-------'}    1 signet   signet   ${String(size).padStart(8)} ${date} ${name}`;
}

/** What a folder of that name holds, of all the files of the router; "" is the folder of all. Names are those inside the folder. */
export function entriesIn(folder: string, all: readonly FileEntry[]): FileEntry[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return all
    .filter(({ name }) => name.startsWith(prefix) && !name.includes('/', prefix.length))
    .map((entry) => ({ ...entry, name: entry.name.slice(prefix.length) }));
}

import type { Share } from '../bytes/budget.ts';
import { fromUtf8Lossy } from '../bytes/utf8.ts';
import { becomesSecret, isSecret, renameFile } from '../files/secrecy.ts';
import { FileError, type FileErrorCode, type FileStatus, type Files } from '../platform/files.ts';
import { type Attributes, attributesOf, encodeAttributes, entriesIn, longName } from './attributes.ts';
import { Handles, type OpenFile } from './handles.ts';
import { Content, Memory } from './memory.ts';
import { PacketReader, packet, string, uint32, uint64 } from './packet.ts';
import { folderOf, nameOf } from './path.ts';
import { longestPacket, longestRead, openFlags, packetTypes, type StatusCode, statusCodes } from './protocol.ts';
import type { Request } from './request.ts';

/** Who is at the other end. */
export interface SftpGuest {
  /** May they still use the files? Asked at each request. */
  permitted(): boolean;
  /** Told of every change: what was done, to what, and why it failed if it did. */
  audit(verb: string, values: readonly (readonly [name: string, value: string])[], error?: string): void;
}

/** Extensions of OpenSSH (its PROTOCOL file, 4), each of version 1: a rename that replaces, and what this server takes at once. */
export const extensions = ['posix-rename@openssh.com', 'limits@openssh.com'] as const;

/** Entries of a folder in one answer. Each has at most 255 bytes of name, twice, and 70 more: they fit in the draft's 34000 bytes. */
const entriesAtOnce = 50;

/** A request can't be met; the session goes on. */
class Refusal extends Error {
  readonly code: StatusCode;

  constructor(code: StatusCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

const codes: Readonly<Partial<Record<FileErrorCode, StatusCode>>> = {
  'no-such-file': statusCodes.noSuchFile,
  'not-permitted': statusCodes.permissionDenied,
  'read-only': statusCodes.permissionDenied,
};

const root: FileStatus = { type: 'directory', size: 0, modified: 0, created: 0 };

/** What one client has open, and how it is answered. */
export class Session {
  readonly #files: Files;
  readonly #memory: Memory;
  readonly #guest: SftpGuest;
  readonly #handles: Handles;

  /** @param share where it is counted what is open */
  constructor(files: Files, share: Share, guest: SftpGuest) {
    this.#files = files;
    this.#memory = new Memory(share);
    this.#handles = new Handles(share);
    this.#guest = guest;
  }

  /** Forgets what is open. */
  close(): void {
    this.#handles.closeAll();
  }

  /** The packet that answers a request. Throws `SftpError` for an extension that is malformed. */
  async answer(request: Request): Promise<Uint8Array> {
    const { id } = request;
    try {
      if (!this.#guest.permitted()) throw new Refusal(statusCodes.permissionDenied, 'not permitted');
      return await this.#run(request);
    } catch (error) {
      if (error instanceof Refusal) return status(id, error.code, error.message);
      if (error instanceof FileError) return status(id, codes[error.code] ?? statusCodes.failure, error.message);
      throw error;
    }
  }

  async #run(request: Request): Promise<Uint8Array> {
    const { id, type } = request;
    switch (type) {
      case 'open':
        return packet(packetTypes.handle, uint32(id), string(await this.#open(nameOf(request.path), request.flags)));
      case 'read': {
        const bytes = this.#handles.toRead(request.handle).content.read(request.offset, Math.min(request.length, longestRead));
        if (bytes === undefined) throw new Refusal(statusCodes.endOfFile, 'end of file');
        return packet(packetTypes.data, uint32(id), string(bytes));
      }
      case 'opendir':
        return packet(packetTypes.handle, uint32(id), string(await this.#openFolder(nameOf(request.path))));
      case 'readdir':
        return this.#readFolder(id, request.handle);
      case 'stat':
      case 'lstat':
        return attributes(id, attributesOf(await this.#status(nameOf(request.path))));
      case 'fstat':
        return attributes(id, this.#handles.attributes(request.handle));
      case 'realpath': {
        const path = string(`/${nameOf(request.path)}`);
        return packet(packetTypes.name, uint32(id), uint32(1), path, path, encodeAttributes({}));
      }
      case 'extended':
        return this.#extended(id, fromUtf8Lossy(request.name), new PacketReader(request.data));
      case 'unknown':
        throw unsupported();
      default:
        await this.#change(request);
        return ok(id);
    }
  }

  async #change(request: Extract<Request, { type: Change }>): Promise<void> {
    switch (request.type) {
      case 'write': {
        const file = this.#handles.toWrite(request.handle);
        return changeContent(file, (content) => content.write(file.appends ? content.length : request.offset, request.data));
      }
      case 'close':
        return this.#close(request.handle);
      case 'setstat':
        await this.#status(nameOf(request.path));
        if (request.attributes.size !== undefined) throw unsupported();
        return keepAttributes(request.attributes);
      case 'fsetstat':
        keepAttributes(request.attributes);
        return this.#resize(request.handle, request.attributes.size);
      case 'remove': {
        const name = belowRoot(request.path);
        return this.#audited('remove', [['name', name]], () => this.#remove(name));
      }
      case 'mkdir': {
        const name = belowRoot(request.path);
        return this.#audited('mkdir', [['name', name]], () => this.#files.makeFolder(name));
      }
      case 'rmdir': {
        const name = belowRoot(request.path);
        return this.#audited('rmdir', [['name', name]], () => this.#removeFolder(name));
      }
      case 'rename':
        return this.#rename(belowRoot(request.from), belowRoot(request.to), false);
    }
  }

  async #open(name: string, flags: number): Promise<Uint8Array> {
    const has = (flag: number): boolean => (flags & flag) !== 0;
    const writes = has(openFlags.write) || has(openFlags.append);
    if (!writes && !has(openFlags.read)) throw new Refusal(statusCodes.failure, 'a file is opened to be read or written');
    this.#handles.checkRoom();
    const isNew = writes && has(openFlags.create) && has(openFlags.exclusive);
    const there = await this.#find(name);
    if (there?.type === 'directory') throw isDirectory(name);
    if (there === undefined) {
      if (!writes || !has(openFlags.create)) throw noSuchFile(name);
      // A missing folder would be made: a mistyped path must not.
      if ((await this.#find(folderOf(name)))?.type !== 'directory') throw noSuchFile(name);
    } else if (isNew) throw exists(name);
    const file: OpenFile = {
      name,
      content: new Content(this.#memory, name),
      reads: has(openFlags.read),
      writes,
      appends: has(openFlags.append),
      isNew,
      modified: there?.modified,
      changed: writes && (there === undefined || has(openFlags.truncate)),
      spoiled: false,
    };
    if (there !== undefined && !file.changed) await file.content.load(there.size, () => this.#files.read(name, there.size));
    if (file.reads && there !== undefined && isSecret(name)) this.#guest.audit('get', [['name', name]]);
    return this.#handles.addFile(file);
  }

  /** Puts what was written in place of the file, whole. */
  async #close(handle: Uint8Array): Promise<void> {
    const file = this.#handles.take(handle);
    if (file === undefined) return;
    const { name, content, changed } = file;
    const values = [
      ['name', name],
      ['size', String(content.length)],
    ] as const;
    try {
      if (changed) await this.#audited('put', values, () => this.#put(file));
    } finally {
      content.close();
    }
  }

  async #put({ name, content, isNew, spoiled }: OpenFile): Promise<void> {
    // Clients close what they could not write, too.
    if (spoiled) throw new FileError('failed', name, `not all of it could be taken: ${name}`);
    if (isNew && (await this.#find(name)) !== undefined) throw exists(name);
    await this.#files.replace(name, content.bytes, { secret: isSecret(name) });
  }

  async #openFolder(name: string): Promise<Uint8Array> {
    this.#handles.checkRoom();
    if ((await this.#status(name)).type !== 'directory') throw isNoDirectory(name);
    return this.#handles.addFolder(entriesIn(name, await this.#files.list()));
  }

  #readFolder(id: number, handle: Uint8Array): Uint8Array {
    const entries = this.#handles.entries(handle).splice(0, entriesAtOnce);
    if (entries.length === 0) throw new Refusal(statusCodes.endOfFile, 'end of directory');
    const fields = entries.flatMap((entry) => [
      string(entry.name),
      string(longName(entry, entry.name)),
      encodeAttributes(attributesOf(entry)),
    ]);
    return packet(packetTypes.name, uint32(id), uint32(entries.length), ...fields);
  }

  #resize(handle: Uint8Array, size: number | undefined): void {
    if (size !== undefined) changeContent(this.#handles.toWrite(handle), (content) => content.resize(size));
  }

  async #extended(id: number, name: string, data: PacketReader): Promise<Uint8Array> {
    switch (name) {
      case 'posix-rename@openssh.com': {
        const [from, to] = [data.string(), data.string()];
        data.end();
        await this.#rename(belowRoot(from), belowRoot(to), true);
        return ok(id);
      }
      case 'limits@openssh.com':
        data.end();
        return packet(packetTypes.extendedReply, uint32(id), ...limits.map(uint64));
      default:
        throw unsupported();
    }
  }

  async #remove(name: string): Promise<void> {
    if ((await this.#files.status(name)).type === 'directory') throw isDirectory(name);
    await this.#files.remove(name);
  }

  async #removeFolder(name: string): Promise<void> {
    if ((await this.#files.status(name)).type !== 'directory') throw isNoDirectory(name);
    if (entriesIn(name, await this.#files.list()).length > 0) throw new FileError('exists', name, `the directory is not empty: ${name}`);
    await this.#files.remove(name);
  }

  /** @param replaces a file that has the new name already */
  #rename(from: string, to: string, replaces: boolean): Promise<void> {
    const values = [
      ['from', from],
      ['to', to],
    ] as const;
    return this.#audited('rename', values, async () => {
      const source = await this.#files.status(from);
      if (replaces && from === to) return;
      const target = replaces ? await this.#find(to) : undefined;
      if (target === undefined) return this.#renameAlone(from, to, source);
      if (source.type === 'directory' || target.type === 'directory') throw exists(to);
      await this.#moveOnto(from, to, source.size);
    });
  }

  async #renameAlone(from: string, to: string, { type, size }: FileStatus): Promise<void> {
    if (type === 'directory' || !becomesSecret(from, to)) return renameFile(this.#files, from, to, undefined);
    this.#memory.take(size, from);
    try {
      await renameFile(this.#files, from, to, size);
    } finally {
      this.#memory.giveBack(size);
    }
  }

  /** Whoever reads `to` meanwhile finds the old file or the new. */
  async #moveOnto(from: string, to: string, size: number): Promise<void> {
    const content = new Content(this.#memory, from);
    try {
      await content.load(size, () => this.#files.read(from, size));
      await this.#files.replace(to, content.bytes, { secret: isSecret(from) || isSecret(to) });
      await this.#files.remove(from);
    } finally {
      content.close();
    }
  }

  async #audited(verb: string, values: readonly (readonly [string, string])[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof FileError) this.#guest.audit(verb, values, error.message);
      throw error;
    }
    this.#guest.audit(verb, values);
  }

  #status(name: string): Promise<FileStatus> {
    return name === '' ? Promise.resolve(root) : this.#files.status(name);
  }

  async #find(name: string): Promise<FileStatus | undefined> {
    try {
      return await this.#status(name);
    } catch (error) {
      if (error instanceof FileError && error.code === 'no-such-file') return undefined;
      throw error;
    }
  }
}

/** The requests that are answered with a status alone. */
type Change = 'write' | 'close' | 'setstat' | 'fsetstat' | 'remove' | 'mkdir' | 'rmdir' | 'rename';

/** max-packet-length, max-read-length, max-write-length (which leaves room for its other fields), max-open-handles. */
const limits = [longestPacket, longestRead, longestPacket - 1024, Handles.most];

/** The name of something that can be made, renamed or removed. */
function belowRoot(path: Uint8Array): string {
  const name = nameOf(path);
  if (name === '') throw new Refusal(statusCodes.permissionDenied, 'not permitted on the directory of all files');
  return name;
}

/**
 * The router keeps times and modes itself. Most clients set them after each upload, unasked, and would call it failed if they were refused:
 * they are taken and not kept, as file systems without modes do. Nobody sets an owner who is not asked to.
 */
function keepAttributes({ owner }: Attributes): void {
  if (owner !== undefined) throw new Refusal(statusCodes.permissionDenied, 'the owner of a file can not be set');
}

function changeContent(file: OpenFile, change: (content: Content) => void): void {
  file.changed = true;
  try {
    change(file.content);
  } catch (error) {
    file.spoiled = true;
    throw error;
  }
}

function status(id: number, code: StatusCode, message: string): Uint8Array {
  return packet(packetTypes.status, uint32(id), uint32(code), string(message), string('en'));
}

function ok(id: number): Uint8Array {
  return status(id, statusCodes.ok, 'ok');
}

function attributes(id: number, of: Attributes): Uint8Array {
  return packet(packetTypes.attrs, uint32(id), encodeAttributes(of));
}

function unsupported(): Refusal {
  return new Refusal(statusCodes.unsupported, 'not supported');
}

function noSuchFile(name: string): FileError {
  return new FileError('no-such-file', name, `no such file: ${name}`);
}

function exists(name: string): FileError {
  return new FileError('exists', name, `file already exists: ${name}`);
}

function isDirectory(name: string): FileError {
  return new FileError('not-a-file', name, `it is a directory: ${name}`);
}

function isNoDirectory(name: string): FileError {
  return new FileError('not-a-file', name, `it is no directory: ${name}`);
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Budget } from '../../src/bytes/budget.ts';
import { fromUtf8Lossy, utf8 } from '../../src/bytes/utf8.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';
import { readAttributes } from '../../src/sftp/attributes.ts';
import { longestFile } from '../../src/sftp/memory.ts';
import { packet, string, uint32 } from '../../src/sftp/packet.ts';
import { openFlags, SftpError } from '../../src/sftp/protocol.ts';
import { SftpServer } from '../../src/sftp/server.ts';
import { Client } from './client.ts';

let folder = '';
let files: NodeFiles;
let server: SftpServer;
let room: Budget;
let permitted = true;
let audited: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signet-sftp-'));
  files = await NodeFiles.open(folder);
  server = new SftpServer(files);
  room = new Budget(12 << 20);
  permitted = true;
  audited = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function newClient(): Client {
  const guest = {
    permitted: () => permitted,
    audit: (verb: string, values: readonly (readonly [string, string])[], error?: string) => {
      audited.push([verb, ...values.map(([name, value]) => `${name}=${value}`), ...(error === undefined ? [] : [error])].join(' '));
    },
  };
  return new Client(server, guest, room.share());
}

async function client(): Promise<Client> {
  const one = newClient();
  one.send(packet(1, uint32(3)));
  const hello = await one.next();
  expect([hello.byte(), hello.uint32()]).toEqual([2, 3]);
  return one;
}

const { read, write, append, create, truncate, exclusive } = openFlags;
const upload = write | create | truncate;

describe('an upload', () => {
  it('is there, whole, once it is closed, in whatever order its parts came', async () => {
    const one = await client();
    const handle = await one.open('/a.crt', upload);
    expect(await one.status({ type: 'write', handle, offset: 3, data: utf8('def') })).toBe('0 ok');
    expect(readdirSync(folder)).toEqual([]);
    await one.status({ type: 'write', handle, offset: 0, data: utf8('abc') });
    expect(await one.status({ type: 'close', handle })).toBe('0 ok');
    expect(readFileSync(join(folder, 'a.crt'), 'utf8')).toBe('abcdef');
    expect(audited).toEqual(['put name=a.crt size=6']);
  });

  it('that breaks leaves what was there', async () => {
    writeFileSync(join(folder, 'a'), 'old');
    const one = await client();
    const handle = await one.open('a', upload);
    await one.status({ type: 'write', handle, offset: 0, data: utf8('new') });
    await one.end();
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(audited).toEqual([]);
  });

  it('that is too long leaves nothing, and says so again when it is closed', async () => {
    const one = await client();
    const handle = await one.open('a', upload);
    await one.status({ type: 'write', handle, offset: 0, data: utf8('begin') });
    expect(await one.status({ type: 'write', handle, offset: longestFile, data: utf8('x') })).toMatch(/^4 file too large/);
    expect(await one.status({ type: 'write', handle, offset: 2 ** 60, data: utf8('x') })).toMatch(/^4 file too large/);
    expect(await one.status({ type: 'close', handle })).toBe('4 not all of it could be taken: a');
    expect(readdirSync(folder)).toEqual([]);
    expect(audited).toEqual(['put name=a size=5 not all of it could be taken: a']);
  });

  it('of a key is for nobody else on the disk; so is a file that becomes one', async () => {
    const one = await client();
    for (const name of ['a.key', 'b.crt']) await one.status({ type: 'close', handle: await one.open(name, upload) });
    const mode = (name: string): number => statSync(join(folder, name)).mode & 0o777;
    expect([mode('a.key'), mode('b.crt')]).toEqual([0o600, 0o644]);
    expect(await one.status({ type: 'rename', from: utf8('b.crt'), to: utf8('b.p12') })).toBe('0 ok');
    expect(mode('b.p12')).toBe(0o600);
  });

  it('into a folder that is not there, over a folder, or of what must not be there is refused', async () => {
    const one = await client();
    writeFileSync(join(folder, 'there'), '');
    await files.makeFolder('d');
    expect(await one.refusedOpen('none/a', upload)).toBe('2 no such file: none/a');
    expect(await one.refusedOpen('d', upload)).toBe('4 it is a directory: d');
    expect(await one.refusedOpen('/', upload)).toMatch(/^4 it is a directory/);
    expect(await one.refusedOpen('there', write | create | exclusive)).toBe('4 file already exists: there');
    expect(await one.refusedOpen('none', write)).toBe('2 no such file: none');
    expect(await one.refusedOpen('there', 0)).toMatch(/^4/);
  });

  it('of a file that somebody else made meanwhile, and that was to be new, is refused', async () => {
    const one = await client();
    const handle = await one.open('a', write | create | exclusive);
    writeFileSync(join(folder, 'a'), 'theirs');
    expect(await one.status({ type: 'close', handle })).toBe('4 file already exists: a');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('theirs');
  });

  it('changes a part, appends, or cuts off', async () => {
    writeFileSync(join(folder, 'a'), 'abcdef');
    const one = await client();
    const part = await one.open('a', read | write);
    await one.status({ type: 'write', handle: part, offset: 1, data: utf8('BC') });
    await one.status({ type: 'close', handle: part });
    const end = await one.open('a', append);
    await one.status({ type: 'write', handle: end, offset: 0, data: utf8('gh') });
    await one.status({ type: 'close', handle: end });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('aBCdefgh');
    const short = await one.open('a', write);
    expect(await one.status({ type: 'fsetstat', handle: short, attributes: { size: 2 } })).toBe('0 ok');
    await one.status({ type: 'write', handle: short, offset: 4, data: utf8('e') });
    await one.status({ type: 'close', handle: short });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('aB\0\0e');
  });

  it('that writes nothing changes nothing', async () => {
    writeFileSync(join(folder, 'a'), 'abc');
    const one = await client();
    await one.status({ type: 'close', handle: await one.open('a', write) });
    expect(audited).toEqual([]);
  });
});

describe('a download', () => {
  it('is of the file as it was when it was opened', async () => {
    writeFileSync(join(folder, 'a'), 'before');
    const one = await client();
    const handle = await one.open('a', read);
    writeFileSync(join(folder, 'a'), 'after!');
    const { reader } = await one.ask({ type: 'read', handle, offset: 2, length: 100 });
    expect(fromUtf8Lossy(reader.string())).toBe('fore');
    expect(await one.status({ type: 'read', handle, offset: 6, length: 1 })).toBe('1 end of file');
    expect(await one.status({ type: 'write', handle, offset: 0, data: utf8('x') })).toMatch(/^3 /);
  });

  it('leaves room for the next one', async () => {
    writeFileSync(join(folder, 'a'), new Uint8Array(longestFile));
    const one = await client();
    const two = await client();
    const handle = await one.open('a', read);
    expect(await two.refusedOpen('a', read)).toMatch(/^4 too much is kept for all/);
    await one.status({ type: 'close', handle });
    await two.open('a', read);
    await two.end();
    await one.open('a', read);
  });

  it('of a file that is too long is refused', async () => {
    writeFileSync(join(folder, 'a'), new Uint8Array(longestFile + 1));
    expect(await (await client()).refusedOpen('a', read)).toMatch(/^4 file too large/);
  });
});

describe('a folder', () => {
  it('tells what it holds, and not what is deeper or no file of the router', async () => {
    await files.makeFolder('d');
    await files.replace('d/in', utf8('x'));
    for (let i = 0; i < 60; i++) await files.replace(`d/f${i}`, utf8('x'));
    await files.replace('dd', utf8('abc'));
    symlinkSync('/etc', join(folder, 'link'));
    const one = await client();
    const list = async (path: string): Promise<string[]> => {
      const handle = await one.handle({ type: 'opendir', path: utf8(path) });
      const names: string[] = [];
      for (;;) {
        const { type, reader } = await one.ask({ type: 'readdir', handle });
        if (type === 101) break;
        for (let left = reader.uint32(); left > 0; left--) {
          names.push(fromUtf8Lossy(reader.string()));
          reader.string();
          readAttributes(reader);
        }
        reader.end();
      }
      expect(await one.status({ type: 'close', handle })).toBe('0 ok');
      return names;
    };
    expect(await list('.')).toEqual(['d', 'dd']);
    expect(await list('/d/../d/')).toHaveLength(61);
    expect(await one.status({ type: 'opendir', path: utf8('dd') })).toMatch(/^4 /);
    expect(await one.status({ type: 'opendir', path: utf8('link') })).toMatch(/^4 /);
  });

  it('is removed when it is empty, and only as a folder', async () => {
    const one = await client();
    expect(await one.status({ type: 'mkdir', path: utf8('d'), attributes: {} })).toBe('0 ok');
    await files.replace('d/a', utf8('x'));
    expect(await one.status({ type: 'rmdir', path: utf8('d') })).toBe('4 the directory is not empty: d');
    expect(await one.status({ type: 'remove', path: utf8('d') })).toBe('4 it is a directory: d');
    expect(await one.status({ type: 'rmdir', path: utf8('d/a') })).toBe('4 it is no directory: d/a');
    expect(await one.status({ type: 'remove', path: utf8('d/a') })).toBe('0 ok');
    expect(await one.status({ type: 'rmdir', path: utf8('d') })).toBe('0 ok');
    expect(await one.status({ type: 'rmdir', path: utf8('/') })).toMatch(/^3 /);
    expect(audited).toContain('mkdir name=d');
    expect(audited).toContain('rmdir name=d the directory is not empty: d');
  });
});

describe('a path', () => {
  it.each([
    ['/../../etc/passwd', '/etc/passwd'],
    ['.', '/'],
    ['', '/'],
    ['a//b/./c/..', '/a/b'],
    ['ü', '/ü'],
  ])('%s is %s', async (path, real) => {
    const { reader } = await (await client()).ask({ type: 'realpath', path: utf8(path) });
    expect([reader.uint32(), fromUtf8Lossy(reader.string())]).toEqual([1, real]);
  });

  it.each([
    ['no UTF-8', Uint8Array.of(0xff)],
    ['a control character', utf8('a\u001bb')],
    ['a part that is too long', utf8('x'.repeat(256))],
    ['too many parts', utf8('x/'.repeat(17))],
    ['far too many bytes', utf8('x'.repeat(5000))],
  ])('with %s names nothing', async (_what, path) => {
    expect(await (await client()).status({ type: 'stat', path })).toMatch(/^4 bad file name/);
  });

  it('that a link is on is refused', async () => {
    symlinkSync('/etc', join(folder, 'link'));
    expect(await (await client()).refusedOpen('link/passwd', read)).toMatch(/^4 /);
  });
});

describe('a rename', () => {
  it('to the name of a key takes room for the file, which is read for it', async () => {
    for (const [name, size] of [
      ['a', 5 << 20],
      ['b', longestFile],
    ] as const)
      writeFileSync(join(folder, name), new Uint8Array(size));
    const one = await client();
    const handle = await one.open('b', read);
    const rename = { type: 'rename', from: utf8('a'), to: utf8('a.key') } as const;
    expect(await one.status(rename)).toMatch(/^4 too much is kept for all/);
    await one.status({ type: 'close', handle });
    expect(await one.status(rename)).toBe('0 ok');
  });

  it('takes no name that is taken, but the one of OpenSSH replaces a file', async () => {
    await files.replace('a', utf8('new'));
    await files.replace('b', utf8('old'));
    const one = await client();
    expect(await one.status({ type: 'rename', from: utf8('a'), to: utf8('b') })).toBe('4 file already exists: b');
    const replacing = (from: string, to: string) =>
      one.status({ type: 'extended', name: utf8('posix-rename@openssh.com'), data: Uint8Array.of(...string(from), ...string(to)) });
    expect(await replacing('a', 'a')).toBe('0 ok');
    expect(await replacing('a', 'b')).toBe('0 ok');
    expect(readdirSync(folder)).toEqual(['b']);
    expect(readFileSync(join(folder, 'b'), 'utf8')).toBe('new');
    expect(await replacing('none', 'b')).toMatch(/^2 /);
  });
});

describe('attributes', () => {
  it('of modes and times are taken and not kept; an owner is refused', async () => {
    await files.replace('a', utf8('abc'));
    const one = await client();
    const { reader } = await one.ask({ type: 'stat', path: utf8('a') });
    expect(readAttributes(reader)).toMatchObject({ size: 3, permissions: 0o100600 });
    const set = (attributes: object): Promise<string> => one.status({ type: 'setstat', path: utf8('a'), attributes });
    expect(await set({ permissions: 0o777, times: { accessed: 1, modified: 1 } })).toBe('0 ok');
    expect(await set({ owner: { user: 0, group: 0 } })).toMatch(/^3 /);
    expect(await set({ size: 1 })).toMatch(/^8 /);
    expect(await one.status({ type: 'setstat', path: utf8('none'), attributes: {} })).toMatch(/^2 /);
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o644);
  });
});

describe('a session', () => {
  it('answers what it does not know, and goes on', async () => {
    const one = await client();
    for (const code of [19, 20, 77]) expect(await one.status({ type: 'unknown', code, data: utf8('?') })).toBe('8 not supported');
    expect(await one.status({ type: 'extended', name: utf8('statvfs@openssh.com'), data: string('/') })).toBe('8 not supported');
    expect(await one.status({ type: 'close', handle: utf8('none') })).toBe('4 no such handle');
    expect(await one.status({ type: 'fstat', handle: uint32(99) })).toBe('4 no such handle');
  });

  it('has sixteen files and folders open at most', async () => {
    const one = await client();
    for (let i = 0; i < 16; i++) await one.handle({ type: 'opendir', path: utf8('/') });
    expect(await one.status({ type: 'opendir', path: utf8('/') })).toMatch(/^4 at most 16/);
    expect(await one.refusedOpen('a', upload)).toMatch(/^4 at most 16/);
  });

  it('of somebody who may no more is answered so, and writes nothing', async () => {
    const one = await client();
    const handle = await one.open('a', upload);
    permitted = false;
    expect(await one.status({ type: 'close', handle })).toBe('3 not permitted');
    expect(await one.status({ type: 'stat', path: utf8('/') })).toBe('3 not permitted');
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['no version first', packet(7, uint32(1), string('/'))],
    ['an older version', packet(1, uint32(2))],
    ['a packet that is too long', uint32(1 << 30)],
    ['a packet in a packet', Uint8Array.of(...packet(1, uint32(3)), ...packet(4, uint32(1), uint32(100)))],
  ])('with %s ends', async (_what, bytes) => {
    const one = newClient();
    one.send(bytes);
    await expect(one.served).rejects.toThrow(SftpError);
  });
});

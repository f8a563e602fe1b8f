import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FileItem, RouterFiles } from '../../src/files/router-files.ts';
import type { FileErrorCode } from '../../src/platform/files.ts';
import { NodeFiles } from '../../src/platform/node/files.ts';
import { temporaryFolder } from '../store/opened.ts';

let root: string;
let files: RouterFiles;

beforeEach(async () => {
  root = join(temporaryFolder(), 'files');
  files = new RouterFiles(await NodeFiles.open(root));
});

const names = async () => (await files.list()).map(({ name }) => name);

async function item(name: string): Promise<FileItem> {
  const found = await files.withName(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('the list of files', () => {
  it('is in the order of their making, whatever their names', async () => {
    for (const name of ['b.crt', 'c.crt', 'a.crt']) {
      await files.add(name, name, 'file');
      await setTimeout(20);
    }
    expect(await names()).toEqual(['b.crt', 'c.crt', 'a.crt']);
  });

  it.each([
    ['ca.crt', '.crt file'],
    ['store.backup', 'backup'],
    ['setup.rsc', 'script'],
    ['notes', 'file'],
    ['.hidden', 'file'],
    ['a.b/notes', 'file'],
    ['archive.tar.gz', '.gz file'],
  ])('tells that %s is a %s', async (name, type) => {
    mkdirSync(join(root, 'a.b'));
    writeFileSync(join(root, name), 'x');
    expect((await item(name)).type).toBe(type);
  });

  it('keeps the id of a file as long as it is there, also when it is renamed', async () => {
    const first = await files.add('a', '', 'file');
    const second = await files.add('b', '', 'file');
    await files.rename(await item('a'), 'c');
    expect((await files.withId(first))?.name).toBe('c');
    await files.remove(await item('c'));
    expect(await files.withId(first)).toBeUndefined();
    expect(await files.add('a', '', 'file')).toBeGreaterThan(second);
  });
});

describe('contents', () => {
  it('are shown up to 60 KiB and as text', async () => {
    await files.add('a.txt', 'héllo\n', 'file');
    writeFileSync(join(root, 'most'), 'x'.repeat(61_440));
    writeFileSync(join(root, 'more'), 'x'.repeat(61_441));
    writeFileSync(join(root, 'bytes'), Buffer.of(0x61, 0xff));
    expect((await item('a.txt')).contents).toBe('héllo\n');
    expect((await item('most')).contents).toHaveLength(61_440);
    expect((await item('more')).contents).toBeUndefined();
    expect((await item('bytes')).contents).toBe('a\ufffd');
  });

  it('can be set, and are private from the first where they are a key', async () => {
    await files.add('a.key', 'x', 'file');
    expect(statSync(join(root, 'a.key')).mode & 0o777).toBe(0o600);
    await files.setContents(await item('a.key'), 'new');
    expect((await item('a.key')).contents).toBe('new');
    expect(statSync(join(root, 'a.key')).mode & 0o777).toBe(0o600);
  });

  it('are not to be had of a directory', async () => {
    await files.add('d', '', 'directory');
    expect(await item('d')).toMatchObject({ type: 'directory', contents: undefined });
    await expect(files.setContents(await item('d'), 'x')).rejects.toThrow(fileError('not-a-file'));
  });
});

describe('adding and copying', () => {
  it('keep private what is called a key from the start, or later', async () => {
    await files.add('a.key', 'x', 'file');
    await files.add('b.txt', 'x', 'file');
    expect([statSync(join(root, 'a.key')).mode & 0o777, statSync(join(root, 'b.txt')).mode & 0o777]).toEqual([0o600, 0o644]);
    await files.rename(await item('b.txt'), 'b.p12');
    expect(statSync(join(root, 'b.p12')).mode & 0o777).toBe(0o600);
    expect(await item('b.p12')).toMatchObject({ contents: 'x' });
  });

  it('refuse a name that is taken, and change nothing', async () => {
    await files.add('a', '1', 'file');
    await files.add('b', '2', 'file');
    await expect(files.add('a', 'other', 'file')).rejects.toThrow(fileError('exists'));
    await expect(files.add('a', '', 'directory')).rejects.toThrow(fileError('exists'));
    await expect(files.copy(await item('a'), 'b')).rejects.toThrow(fileError('exists'));
    expect([(await item('a')).contents, (await item('b')).contents]).toEqual(['1', '2']);
  });

  it('copy the bytes, and keep a copy of a key private', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
    writeFileSync(join(root, 'a.p12'), bytes);
    await files.copy(await item('a.p12'), 'copies/renamed');
    expect(await item('copies/renamed')).toMatchObject({ size: 100_000 });
    expect(statSync(join(root, 'copies/renamed')).mode & 0o777).toBe(0o600);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'a\0b', '', '.'])('refuse the name %j', async (name) => {
    await expect(files.add(name, 'x', 'file')).rejects.toThrow(fileError('bad-name'));
    expect(await files.withName(name)).toBeUndefined();
    expect(await names()).toEqual([]);
  });
});

function fileError(code: FileErrorCode): unknown {
  return expect.objectContaining({ name: 'FileError', code });
}

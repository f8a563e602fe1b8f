import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Files } from '../../../src/platform/files.ts';
import { bytesOf } from './bytes.ts';
import { fileError } from './file-error.ts';
import { disturbedFilesContract } from './files-disturbed.ts';

/** The files of a host below any folder, and a fresh name for one, alone in a folder of its own. */
export interface FilesHost {
  readonly root: string;
  open(root: string): Promise<Files>;
}

/** What every host's files must do. */
export function filesContract(make: () => FilesHost): void {
  describe('Files', () => {
    let root: string;
    let files: Files;
    let host: FilesHost;

    beforeEach(async () => {
      host = make();
      ({ root } = host);
      files = await host.open(root);
    });

    const names = async () => (await files.list()).map(({ name }) => name);
    const text = async (name: string) => Buffer.from(await files.read(name, 1000)).toString();

    it('makes its folder for its owner alone', () => {
      expect(statSync(root).mode & 0o777).toBe(0o700);
      expect(readdirSync(root)).toEqual([]);
    });

    describe('replace and read', () => {
      it('give back what was written, byte for byte', async () => {
        const content = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
        await files.replace('a.bin', content);
        expect(Buffer.from(await files.read('a.bin', 100_000)).equals(content)).toBe(true);
        await files.replace('a.bin', new Uint8Array());
        expect(await files.read('a.bin', 0)).toEqual(new Uint8Array());
      });

      it('make the folders on the way', async () => {
        await files.replace('flash/certs/ca.crt', bytesOf('x'));
        expect(await names()).toEqual(['flash', 'flash/certs', 'flash/certs/ca.crt']);
      });

      it('leave nothing else behind', async () => {
        await files.replace('a', bytesOf('1'));
        await files.replace('a', bytesOf('2'));
        expect(readdirSync(root)).toEqual(['a']);
        expect(await text('a')).toBe('2');
      });

      it.each([
        [true, 0o600],
        [false, 0o644],
      ])('give the mode that goes with secret: %s, whatever the old file had', async (secret, mode) => {
        await files.replace('a', bytesOf('1'), { secret: !secret });
        await files.replace('a', bytesOf('2'), { secret });
        expect(statSync(join(root, 'a')).mode & 0o777).toBe(mode);
      });

      it('keep the access that the old file had, where that is asked for', async () => {
        await files.replace('a', bytesOf('1'), { keepsAccess: true });
        expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o644);
        chmodSync(join(root, 'a'), 0o640);
        await files.replace('a', bytesOf('2'), { secret: true, keepsAccess: true });
        expect([await text('a'), statSync(join(root, 'a')).mode & 0o777]).toEqual(['2', 0o640]);
      });

      it('do not write through a file that has another name outside', async () => {
        const outside = join(dirname(root), 'outside');
        writeFileSync(outside, 'theirs');
        linkSync(outside, join(root, 'a'));
        await files.replace('a', bytesOf('ours'));
        expect(readFileSync(outside, 'utf8')).toBe('theirs');
      });

      it('end with one whole content when several write at once', async () => {
        const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(1000 + i));
        await Promise.all(contents.map((content) => files.replace('deep/a', bytesOf(content))));
        expect(contents).toContain(Buffer.from(await files.read('deep/a', 2000)).toString());
        expect(await names()).toEqual(['deep', 'deep/a']);
      });

      it('refuse a file longer than the limit, and take one of just the limit', async () => {
        await files.replace('a', bytesOf('12345'));
        await expect(files.read('a', 4)).rejects.toThrow(fileError('too-large', 'a'));
        expect(await files.read('a', 5)).toEqual(bytesOf('12345'));
      });

      it('refuse a folder', async () => {
        await files.makeFolder('d');
        await expect(files.read('d', 10)).rejects.toThrow(fileError('not-a-file', 'd'));
        await expect(files.replace('d', bytesOf('x'))).rejects.toThrow(fileError('not-a-file', 'd'));
      });

      it('refuse what is not there', async () => {
        await expect(files.read('none', 10)).rejects.toThrow(fileError('no-such-file', 'none'));
        await expect(files.read('none/a', 10)).rejects.toThrow(fileError('no-such-file', 'none/a'));
      });
    });

    describe('list', () => {
      it('is sorted by name, folders before what they hold', async () => {
        for (const name of ['b', 'a-1', 'a/2', 'a/1', 'ä', '.hidden']) await files.replace(name, bytesOf(name));
        expect(await names()).toEqual(['.hidden', 'a', 'a/1', 'a/2', 'a-1', 'b', 'ä']);
      });

      it('tells type, size and times', async () => {
        const before = Date.now() / 1000 - 1;
        await files.replace('d/a', bytesOf('123'));
        const [folder, file] = await files.list();
        expect(folder).toMatchObject({ name: 'd', type: 'directory', size: 0 });
        expect(file).toMatchObject({ name: 'd/a', type: 'file', size: 3 });
        for (const time of [file?.created, file?.modified]) {
          expect(time).toBeGreaterThan(before);
          expect(time).toBeLessThan(Date.now() / 1000 + 1);
        }
        expect(await files.status('d/a')).toEqual({ type: 'file', size: 3, created: file?.created, modified: file?.modified });
      });

      it('leaves out links, and names that can not be asked for', async () => {
        symlinkSync('/etc', join(root, 'link'));
        writeFileSync(join(root, 'a\u001b[2J'), '');
        writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0x61, 0xff)]), '');
        expect(await names()).toEqual([]);
      });
    });

    describe('remove', () => {
      it('takes a file, or a folder with all it holds', async () => {
        await files.replace('a', bytesOf('1'));
        await files.replace('d/e/f', bytesOf('1'));
        await files.remove('a');
        await files.remove('d');
        expect(await names()).toEqual([]);
      });

      it('does not follow a link inside a folder', async () => {
        const outside = join(dirname(root), 'kept');
        mkdirSync(outside);
        writeFileSync(join(outside, 'a'), '');
        await files.makeFolder('d');
        symlinkSync(outside, join(root, 'd', 'link'));
        await files.remove('d');
        expect(readdirSync(root)).toEqual([]);
        expect(readdirSync(outside)).toEqual(['a']);
      });

      it('refuses what is not there', async () => {
        await expect(files.remove('none')).rejects.toThrow(fileError('no-such-file', 'none'));
      });
    });

    describe('rename and makeFolder', () => {
      it('move a file into a folder', async () => {
        await files.replace('a', bytesOf('1'));
        await files.makeFolder('d');
        await files.rename('a', 'd/b');
        expect(await names()).toEqual(['d', 'd/b']);
        expect(await text('d/b')).toBe('1');
      });

      it('refuse a name that is taken', async () => {
        await files.replace('a', bytesOf('1'));
        await files.replace('b', bytesOf('2'));
        await expect(files.rename('a', 'b')).rejects.toThrow(fileError('exists', 'b'));
        await expect(files.makeFolder('b')).rejects.toThrow(fileError('exists', 'b'));
        expect(await text('b')).toBe('2');
      });

      it('refuse what is not there', async () => {
        await expect(files.rename('none', 'b')).rejects.toThrow(fileError('no-such-file', 'none'));
        await expect(files.makeFolder('none/b')).rejects.toThrow(fileError('no-such-file', 'none/b'));
      });
    });

    describe('a name that leads nowhere or outside is refused:', () => {
      const bad = [
        '',
        '.',
        '..',
        '../outside',
        'a/../../outside',
        'a/..',
        '/etc/passwd',
        'a//b',
        'a/',
        './a',
        'a\0b',
        'a\nb',
        '\u001b[31m',
        '\ud800',
        'x'.repeat(256),
        `${'d/'.repeat(20)}a`,
      ];

      it.each(bad.map((name) => [JSON.stringify(name).slice(0, 40), name] as const))('%s', async (_, name) => {
        const refusal = fileError('bad-name', name);
        await expect(files.read(name, 10)).rejects.toThrow(refusal);
        await expect(files.replace(name, bytesOf('x'))).rejects.toThrow(refusal);
        await expect(files.remove(name)).rejects.toThrow(refusal);
        await expect(files.status(name)).rejects.toThrow(refusal);
        await expect(files.makeFolder(name)).rejects.toThrow(refusal);
        await expect(files.rename(name, 'a')).rejects.toThrow(refusal);
        expect(readdirSync(dirname(root))).toHaveLength(1);
        expect(readdirSync(root)).toEqual([]);
      });
    });

    describe('a link is refused, whatever it points to:', () => {
      beforeEach(async () => {
        const outside = join(dirname(root), 'outside');
        mkdirSync(outside);
        writeFileSync(join(outside, 'a'), 'theirs');
        await files.replace('d/own', bytesOf('own'));
        symlinkSync(outside, join(root, 'folder'));
        symlinkSync(join(outside, 'a'), join(root, 'file'));
        symlinkSync(join(outside, 'none'), join(root, 'dangling'));
        symlinkSync('own', join(root, 'd', 'inside'));
      });

      it.each(['folder/a', 'folder/new', 'folder', 'file', 'dangling', 'd/inside'])('%s', async (name) => {
        const refusal = fileError('bad-name', name);
        await expect(files.read(name, 10)).rejects.toThrow(refusal);
        await expect(files.status(name)).rejects.toThrow(refusal);
        await expect(files.replace(name, bytesOf('ours'))).rejects.toThrow(refusal);
        await expect(files.remove(name)).rejects.toThrow(refusal);
        await expect(files.rename(name, 'b')).rejects.toThrow(refusal);
        expect(readFileSync(join(dirname(root), 'outside', 'a'), 'utf8')).toBe('theirs');
        expect(readdirSync(join(dirname(root), 'outside'))).toEqual(['a']);
        expect(lstatSync(join(root, 'file')).isSymbolicLink()).toBe(true);
      });

      it('as the target of a rename', async () => {
        await expect(files.rename('d/own', 'folder/b')).rejects.toThrow(fileError('bad-name', 'folder/b'));
        await expect(files.rename('d/own', 'dangling')).rejects.toThrow(fileError('exists', 'dangling'));
      });
    });

    it('tells an error by the name that was asked for, not by where the file lies', async () => {
      const error = await files.read('none', 10).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ message: 'no such file: none' });
    });
  });
  disturbedFilesContract(make);
}

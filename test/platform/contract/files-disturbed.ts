import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileError, Files } from '../../../src/platform/files.ts';
import { canMount, withTmpfs } from '../tmpfs.ts';
import { bytesOf } from './bytes.ts';
import { fileError } from './file-error.ts';
import type { FilesHost } from './files.ts';

/** What every host's files must do whatever crashes, other programs and the disk do to them. */
export function disturbedFilesContract(make: () => FilesHost): void {
  describe('Files that others disturb', () => {
    let host: FilesHost;
    let root: string;

    beforeEach(() => {
      host = make();
      ({ root } = host);
    });

    it('never lists or reaches a half-written file, and clears it away when it is opened', async () => {
      const files = await host.open(root);
      await files.makeFolder('d');
      const unfinished = '.signet-0123456789abcdef';
      writeFileSync(join(root, unfinished), 'half');
      writeFileSync(join(root, 'd', unfinished), 'half');
      writeFileSync(join(root, '.signet-mine'), 'whole');
      expect((await files.list()).map(({ name }) => name)).toEqual(['.signet-mine', 'd']);
      await expect(files.read(unfinished, 10)).rejects.toThrow(fileError('bad-name', unfinished));
      await host.open(root);
      expect(readdirSync(root)).toEqual(['.signet-mine', 'd']);
      expect(readdirSync(join(root, 'd'))).toEqual([]);
    });

    it('does not wait for the writer of a FIFO, nor list it', async () => {
      const files = await host.open(root);
      execFileSync('mkfifo', [join(root, 'fifo')]);
      await expect(files.read('fifo', 10)).rejects.toThrow(fileError('not-a-file', 'fifo'));
      await expect(files.status('fifo')).rejects.toThrow(fileError('not-a-file', 'fifo'));
      expect(await files.list()).toEqual([]);
    });

    it('is not led outside by a folder that turns into a link while it is used', async () => {
      const files = await host.open(root);
      const outside = join(dirname(root), 'outside');
      mkdirSync(outside);
      writeFileSync(join(outside, 'a'), 'theirs');
      await files.replace('d/a', bytesOf('own'));
      const swapping = new AbortController();
      const swapped = swap(join(root, 'd'), outside, swapping.signal);
      const outcomes = await readings(files);
      swapping.abort();
      await swapped;
      expect(outcomes).toEqual(new Set(['bad-name', 'own']));
    });

    describe.runIf(canMount)('on a disk', () => {
      it('that is full, keeps the old content and leaves nothing half-written', () =>
        withTmpfs('size=64k', async (folder) => {
          const files = await host.open(join(folder, 'files'));
          await files.replace('a', bytesOf('old'));
          await expect(files.replace('a', new Uint8Array(100_000))).rejects.toThrow(fileError('full', 'a'));
          expect(await files.read('a', 10)).toEqual(bytesOf('old'));
          expect(readdirSync(join(folder, 'files'))).toEqual(['a']);
        }));

      it('that is read-only, says so', () =>
        withTmpfs('size=64k', async (folder, remount) => {
          const files = await host.open(join(folder, 'files'));
          await files.replace('a', bytesOf('old'));
          remount('ro');
          await expect(files.replace('a', bytesOf('new'))).rejects.toThrow(fileError('read-only', 'a'));
          await expect(files.remove('a')).rejects.toThrow(fileError('read-only', 'a'));
          expect(await files.read('a', 10)).toEqual(bytesOf('old'));
        }));
    });
  });
}

/** Turns a folder into a link and back, again and again. */
async function swap(folder: string, target: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    renameSync(folder, `${folder}-aside`);
    symlinkSync(target, folder);
    await new Promise(setImmediate);
    unlinkSync(folder);
    renameSync(`${folder}-aside`, folder);
    await new Promise(setImmediate);
  }
}

/** What reading `d/a` gives, content or code, until it has been both. */
async function readings(files: Files): Promise<Set<string>> {
  const outcomes = new Set<string>();
  for (let i = 0; i < 10_000 && (i < 300 || outcomes.size < 2); i++) {
    const outcome = files.read('d/a', 10).then(
      (content) => Buffer.from(content).toString(),
      (error: unknown) => (error as FileError).code,
    );
    outcomes.add(await outcome);
    outcomes.delete('no-such-file');
  }
  return outcomes;
}

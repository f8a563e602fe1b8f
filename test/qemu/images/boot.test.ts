import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { fileNames, imageFolder } from '../../../scripts/image/images.ts';
import { PseudoTerminal } from '../../console/pseudo-terminal.ts';
import { testWith } from '../../judges/run.ts';

// The one whole machine of every run: as somebody starts it who was given the folder.
describe('the router mipsel-malta, by its script', () => {
  const emulated = testWith('qemu-system-mipsel');
  let folder = '';
  let terminal: PseudoTerminal | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signet-boot-'));
    const built = imageFolder('mipsel-malta');
    for (const name of [fileNames.kernel, fileNames.initrd, fileNames.root, 'run']) symlinkSync(join(built, name), join(folder, name));
    copyFileSync(join(built, fileNames.overlay), join(folder, fileNames.overlay));
  });

  afterEach(async () => {
    terminal?.kill('SIGKILL');
    await terminal?.until(() => terminal?.status !== undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  emulated('boots to a console for whoever sets the first password', async () => {
    const started = new PseudoTerminal([join(folder, 'run')], { columns: 80, rows: 24, type: 'vt102' }, { SSH_PORT: '0' });
    terminal = started;
    const shows = async (text: string): Promise<void> => {
      expect(await started.until(() => started.lines.join('\n').includes(text)), `${text}\n${started.lines.join('\n')}`).toBe(true);
    };
    await shows('waiting for entropy ...');
    await shows('making the host key');
    await shows('No password is set on this router');
    await shows('new password:');
    started.press('correct horse\r');
    await shows('repeat new password:');
    started.press('correct horse\r');
    await shows('[admin@router] >');
    started.press(':put ("it " . "works")\r');
    await shows('it works\n');
  });
});

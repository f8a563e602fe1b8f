import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PseudoTerminal } from '../console/pseudo-terminal.ts';
import { patience } from '../patience.ts';
import { commandOf } from './program.ts';

describe('memory', () => {
  const program = commandOf('SIGNET_PROGRAM');
  const [command = '', ...options] = program;
  const crowded = 'too little memory is left on this router for another value';
  /** Keeps so many arrays of 131,073 elements. (Texts may share what they are made of.) */
  const keep = (count: number): string =>
    [
      ':local a {1}; :for i from=1 to=17 do={ :set a ($a , $a) }',
      ...Array.from({ length: count }, (_, i) => `:global g${i} ($a , ${i})`),
      ':put kept',
    ].join('; ');
  let store = '';
  let terminals: PseudoTerminal[] = [];

  beforeEach(() => {
    store = join(mkdtempSync(join(tmpdir(), 'signet-memory-')), 'store');
    terminals = [];
  });

  afterEach(async () => {
    for (const terminal of terminals) if (terminal.status === undefined) terminal.kill('SIGKILL');
    for (const terminal of terminals) await terminal.until(() => terminal.status !== undefined);
    rmSync(join(store, '..'), { recursive: true, force: true });
  });

  const started = (...args: string[]): PseudoTerminal => {
    const terminal = new PseudoTerminal([...program, '--store', store, ...args], { columns: 80, rows: 24, type: 'xterm' });
    terminals.push(terminal);
    return terminal;
  };
  const shows = (terminal: PseudoTerminal, text: string): Promise<boolean> => terminal.until(() => terminal.lines.join('').includes(text));
  const line = (text: string) => {
    const { status, stdout, stderr } = spawnSync(command, [...options, '--store', store, '-c', text], {
      encoding: 'utf8',
      timeout: patience,
    });
    return { status, stdout, stderr };
  };

  it('that variables keep is bounded: the script is told, and the daemon goes on for others', async () => {
    const daemon = started('daemon');
    expect(await shows(daemon, 'the daemon runs')).toBe(true);
    const hog = started('console');
    expect(await shows(hog, '] >')).toBe(true);
    hog.press(`${keep(40)}\r`);
    expect(await shows(hog, crowded)).toBe(true);
    // Whoever keeps nothing is not the worse for it.
    expect(line(':put here; /certificate/print')).toEqual({ status: 0, stdout: 'here\n', stderr: '' });
    expect(line(keep(1))).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(crowded) });
    hog.press('\u0004');
    expect(await hog.until(() => hog.status !== undefined)).toBe(true);
    expect(line(keep(3))).toEqual({ status: 0, stdout: 'kept\n', stderr: '' });
    expect(daemon.status).toBeUndefined();
  });
});

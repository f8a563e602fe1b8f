import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attach } from '../../src/console/attach.ts';
import type { Purpose } from '../../src/console/protocol.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { patience } from '../patience.ts';
import { canMount, withTmpfs } from '../platform/tmpfs.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';
import { TestTerminal } from './test-terminal.ts';

/** What the program bears on every host: strange terminals, noise, many people, disks that are full or can't be written. */
export function programTrials(program: readonly string[]): void {
  const [command = '', ...options] = program;
  let folder = '';
  let terminals: PseudoTerminal[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signet-trials-'));
    terminals = [];
  });

  afterEach(async () => {
    for (const terminal of terminals) if (terminal.status === undefined) terminal.kill('SIGKILL');
    for (const terminal of terminals) await terminal.until(() => terminal.status !== undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (store: string, line: string) => {
    const { status, stdout, stderr } = spawnSync(command, [...options, '--store', store, '-c', line], {
      encoding: 'utf8',
      timeout: patience,
    });
    return { status, stdout, stderr };
  };

  function started(args: readonly string[], columns = 80, rows = 24): PseudoTerminal {
    const terminal = new PseudoTerminal([...program, ...args], { columns, rows, type: 'xterm' });
    terminals.push(terminal);
    return terminal;
  }

  async function daemon(store: string): Promise<PseudoTerminal> {
    const terminal = started(['--store', store, 'daemon']);
    expect(await terminal.until(() => terminal.lines.join('').includes('the daemon runs'))).toBe(true);
    return terminal;
  }

  describe('a terminal', () => {
    const commands = '/certificate/add name=a common-name=a; /certificate/print without-paging\r:put ("the" . "end")\r';

    it('of 500 by 300 shows what there is', async () => {
      const store = join(folder, 'store');
      const terminal = started(['--store', store], 500, 300);
      terminal.press(commands);
      expect(await terminal.until(() => terminal.lines.includes('theend'))).toBe(true);
      expect(terminal.lines.some((line) => /^0 +a +a$/.test(line))).toBe(true);
    });

    it('of 1 by 1 does what is typed', async () => {
      const store = join(folder, 'store');
      const terminal = started(['--store', store], 1, 1);
      terminal.press(`${commands}/quit\r`);
      expect(await terminal.until(() => terminal.status !== undefined)).toBe(true);
      expect(terminal.status).toBe(0);
      expect(run(store, ':put [/certificate/get a common-name]')).toEqual({ status: 0, stdout: 'a\n', stderr: '' });
    });
  });

  /** A console of this program's making on the daemon of a store. */
  async function attached(store: string, purpose: Purpose): Promise<{ readonly person: TestTerminal; readonly status: Promise<number> }> {
    const person = new TestTerminal();
    const connection = await new NodeNetwork().connectUnix(join(store, 'console.sock'));
    const again = (): Promise<never> => Promise.reject(new Error('the daemon went away'));
    return { person, status: attach(connection, person, { purpose, from: '', leaving: neverCancelled, again }) };
  }

  it('bears noise on a serial line', async () => {
    const store = join(folder, 'store');
    await daemon(store);
    const { person, status } = await attached(store, 'login');
    await person.shows('new password:');
    for (let block = 0; block < 50; block++) await person.press(noise(block));
    expect(run(store, ':put here')).toEqual({ status: 0, stdout: 'here\n', stderr: '' });
    expect(run(store, ':put [:len [/user/find]]')).toMatchObject({ stdout: '1\n' });
    await person.end();
    expect(await status).toBe(1);
    expect(run(store, ':put here')).toMatchObject({ status: 0 });
  });

  it('ends with its line, whoever is at a console on it', async () => {
    const store = join(folder, 'store');
    const shows = (terminal: PseudoTerminal, text: string): Promise<boolean> =>
      terminal.until(() => terminal.lines.join('\n').includes(text));
    /** Runs until somebody names the router go. */
    const waitsForGo = ':put begun; :while ([/system/identity/get name] != "go") do={ :delay 100ms }';
    const line = started(['--store', store, '-c', waitsForGo]);
    expect(await shows(line, 'begun')).toBe(true);
    const console = started(['--store', store, 'console']);
    expect(await shows(console, '] >')).toBe(true);
    const other = started(['--store', store, '-c', `:put here; ${waitsForGo}; :put after`]);
    expect(await shows(other, 'here')).toBe(true);
    console.press('/system/identity/set name=go; :delay 1s; :put "not cut off"\r');
    expect(await other.until(() => other.status !== undefined)).toBe(true);
    expect([other.status, other.lines.includes('after')]).toEqual([0, true]);
    expect(await line.until(() => line.status !== undefined)).toBe(true);
    expect(line.status).toBe(0);
    expect(await shows(console, 'The daemon has ended.')).toBe(true);
    expect(console.lines).toContain('not cut off');
    console.press('\u0003');
    expect(await console.until(() => console.status !== undefined)).toBe(true);
  });

  it('serves fifty consoles at once', async () => {
    const store = join(folder, 'store');
    await daemon(store);
    const people = await Promise.all(
      Array.from({ length: 50 }, async (_, number) => {
        const { person, status } = await attached(store, 'console');
        await person.shows('>');
        await person.press(`/certificate/add name=n${number} common-name=n${number}; :put "added ${number}"\r`);
        await person.shows(`\nadded ${number}`);
        return { person, status };
      }),
    );
    expect(run(store, ':put [:len [/certificate/find]]')).toEqual({ status: 0, stdout: '50\n', stderr: '' });
    for (const { person } of people) void person.press('\u0004');
    expect(new Set(await Promise.all(people.map(({ status }) => status)))).toEqual(new Set([0]));
  });

  describe.runIf(canMount)('a disk', () => {
    it('that is full is told of in one line, and what was there stays', () =>
      withTmpfs('size=400k', async (disk) => {
        const store = join(disk, 'store');
        expect(run(store, '/certificate/add name=a common-name=a key-size=prime256v1; /certificate/sign a')).toMatchObject({ status: 0 });
        let size = 262_144;
        for (let file = 0; size >= 512; file++) {
          try {
            writeFileSync(join(disk, `ballast${file}`), new Uint8Array(size));
          } catch {
            size /= 2;
          }
        }
        const full = run(store, ':for i from=1 to=200 do={ /certificate/add name="b$i" common-name=b key-size=prime256v1 }');
        expect(full).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^[^\n]*no room left[^\n]*\n$/) });
        for (let file = 0; ; file++) {
          try {
            rmSync(join(disk, `ballast${file}`));
          } catch {
            break;
          }
        }
        expect(run(store, ':put [/certificate/get a common-name]')).toEqual({ status: 0, stdout: 'a\n', stderr: '' });
      }));

    it('that can only be read is told of in one line', () =>
      withTmpfs('size=1m', async (disk, remount) => {
        const store = join(disk, 'store');
        mkdirSync(store, { mode: 0o700 });
        expect(run(store, ':put 1')).toMatchObject({ status: 0 });
        remount('ro');
        expect(run(store, ':put 1')).toMatchObject({
          status: 1,
          stdout: '',
          stderr: expect.stringMatching(/^signet: [^\n]*read-only[^\n]*\n$/i),
        });
      }));
  });
}

/** Characters of all kinds but Ctrl-C and Ctrl-D, which would end a login by right. */
function noise(seed: number): string {
  let state = seed + 1;
  const next = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(state % 256);
  };
  return Array.from({ length: 2000 }, next)
    .join('')
    .replaceAll(/[\u0003\u0004]/g, '');
}

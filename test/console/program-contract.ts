import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patience } from '../patience.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';

const window = { columns: 100, rows: 30, type: 'xterm-256color' };
const prompt = '[admin@router] >';

/** What the program must do on every host. `program` is a command and its arguments. */
export function programContract(program: readonly string[]): void {
  const [command = '', ...options] = program;
  let folder = '';
  let store = '';
  let terminals: PseudoTerminal[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signet-program-'));
    store = join(folder, 'store');
    terminals = [];
  });

  afterEach(async () => {
    for (const terminal of terminals) if (terminal.status === undefined) terminal.kill('SIGKILL');
    for (const terminal of terminals) await terminal.until(() => terminal.status !== undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the program without a terminal. */
  function signet(args: readonly string[], input = '') {
    const { status, stdout, stderr } = spawnSync(command, [...options, '--store', store, ...args], {
      input,
      encoding: 'utf8',
      timeout: patience,
    });
    return { status, stdout, stderr };
  }

  /** Opens a console and waits for its prompt. */
  async function opened(...args: string[]): Promise<PseudoTerminal> {
    const terminal = new PseudoTerminal([...program, '--store', store, ...args], window);
    terminals.push(terminal);
    expect(await terminal.until(() => terminal.lines.at(-1) === prompt)).toBe(true);
    return terminal;
  }

  const shows = (terminal: PseudoTerminal, text: string): Promise<boolean> =>
    terminal.until(() => terminal.lines.join('\n').includes(text));
  const ends = (terminal: PseudoTerminal): Promise<boolean> => terminal.until(() => terminal.status !== undefined);

  describe('the program', () => {
    it('says its version and how it is used', () => {
      expect(signet(['version'])).toEqual({ status: 0, stdout: 'signet 0.1.0\n', stderr: '' });
      expect(signet(['help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: signet') });
      expect(existsSync(store)).toBe(false);
    });

    it('refuses a mistyped option with status 2', () => {
      expect(signet(['--stroe', 'x'])).toEqual({
        status: 2,
        stdout: '',
        stderr: 'signet: unknown option --stroe; did you mean --store?\nTry "signet help".\n',
      });
    });

    describe('given a script', () => {
      const script = ':put "one"\n/certificate/sign nobody\n:put "two"\n';

      it('runs what comes from a pipe up to the first error', () => {
        expect(signet([], script)).toEqual({ status: 1, stdout: 'one\n', stderr: 'no such item (/certificate/sign; line 2)\n' });
      });

      it('runs a file', () => {
        writeFileSync(join(folder, 'two.rsc'), ':put "one"\n:put "two"\n');
        expect(signet(['run', join(folder, 'two.rsc')])).toEqual({ status: 0, stdout: 'one\ntwo\n', stderr: '' });
      });

      it('runs one line', () => {
        expect(signet(['-c', ':put (1 + 2)'])).toEqual({ status: 0, stdout: '3\n', stderr: '' });
      });

      it('says which file it can not read', () => {
        expect(signet(['run', join(folder, 'none.rsc')])).toMatchObject({
          status: 1,
          stderr: expect.stringMatching(/^signet: [^\n]*none\.rsc[^\n]*\n$/),
        });
      });

      it('knows no item numbers', () => {
        expect(signet([], '/certificate\nadd name=a common-name=a\nprint\nremove 0\n')).toMatchObject({
          status: 1,
          stderr: expect.stringContaining('(/certificate/remove; line 4)'),
        });
      });

      it('stops at SIGINT, with nothing half done', async () => {
        const script = '/certificate/add name=a common-name=a key-size=8192; /certificate/print; /certificate/sign a';
        const running = spawn(command, [...options, '--store', store, '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
        let errors = '';
        running.stderr.on('data', (chunk: Uint8Array) => {
          errors += new TextDecoder().decode(chunk);
        });
        const exited = once(running, 'exit');
        await once(running.stdout, 'data');
        running.kill('SIGINT');
        expect(await exited).toEqual([130, null]);
        expect(errors).toBe('interrupted (/certificate/sign; line 1)\n');
        expect(signet(['-c', ':put [/certificate/find where !private-key]'])).toMatchObject({ status: 0, stdout: '*1\n' });
      });

      it('keeps what it did for the next one', () => {
        signet(['-c', '/system/identity/set name=gate']);
        expect(signet(['-c', ':put [/system/identity/get name]'])).toMatchObject({ stdout: 'gate\n' });
      });
    });

    describe('on a store that can not be opened', () => {
      it('says in one line that it is damaged', () => {
        signet(['-c', ':put 1']);
        writeFileSync(join(store, 'signet.db'), 'x'.repeat(8192));
        expect(signet(['-c', ':put 1'])).toMatchObject({
          status: 1,
          stdout: '',
          stderr: expect.stringMatching(/^signet: [^\n]*damaged[^\n]*\n$/),
        });
      });

      it('says in one line that the device key is gone', () => {
        signet(['-c', '/certificate/add name=a common-name=a key-size=prime256v1; /certificate/sign a']);
        rmSync(join(store, 'device.key'));
        expect(signet(['-c', ':put 1'])).toMatchObject({
          status: 1,
          stdout: '',
          stderr: expect.stringMatching(/^signet: [^\n]*device[^\n]*\n$/),
        });
      });

      it('says in one line that the folder is none', () => {
        writeFileSync(store, '');
        expect(signet(['-c', ':put 1'])).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^signet: [^\n]+\n$/) });
      });
    });

    describe('with a person', () => {
      it('ends at /quit with the terminal as it was', async () => {
        const terminal = await opened();
        terminal.press('/quit\r');
        expect(await ends(terminal)).toBe(true);
        expect(terminal.status).toBe(0);
        expect(existsSync(join(store, 'console.sock'))).toBe(false);
      });

      it('stops a loop without end at Ctrl-C, and serves others meanwhile', async () => {
        const terminal = await opened();
        terminal.press(':put "begun"; :while (true) do={}\r');
        expect(await shows(terminal, '\nbegun')).toBe(true);
        expect(signet(['-c', ':put here'])).toEqual({ status: 0, stdout: 'here\n', stderr: '' });
        terminal.press('\u0003');
        expect(await shows(terminal, '\ninterrupted')).toBe(true);
      });

      it('attaches others to the daemon that runs', async () => {
        const terminal = await opened();
        terminal.press('/system/identity/set name=gate\r');
        await shows(terminal, '[admin@gate] >');
        expect(signet(['-c', ':put [/system/identity/get name]'])).toEqual({ status: 0, stdout: 'gate\n', stderr: '' });
        expect(signet(['console'], ':put here\n')).toMatchObject({ status: 0, stdout: 'here\n' });
      });

      it('ends with the last console', async () => {
        const first = await opened();
        const second = await opened();
        first.press('/quit\r');
        expect(await shows(first, 'other consoles are open on this store')).toBe(true);
        second.press(':put "still here"\r');
        expect(await shows(second, '\nstill here')).toBe(true);
        second.press('\u0004');
        await ends(second);
        await ends(first);
        expect([first.status, second.status]).toEqual([0, 0]);
      });

      it.each(['SIGTERM', 'SIGHUP'])('closes the store at %s', async (signal) => {
        const terminal = await opened();
        terminal.kill(signal);
        expect(await ends(terminal)).toBe(true);
        expect(existsSync(join(store, 'console.sock'))).toBe(false);
        expect(signet(['-c', ':put ok'])).toMatchObject({ status: 0 });
      });

      it('says that no daemon runs to attach to', () => {
        expect(signet(['console'])).toMatchObject({ status: 1, stderr: expect.stringContaining('no daemon runs on the store') });
      });
    });

    it('serves consoles as a daemon until SIGTERM', async () => {
      const daemon = new PseudoTerminal([...program, '--store', store, 'daemon'], window);
      terminals.push(daemon);
      expect(await shows(daemon, 'the daemon runs on the store')).toBe(true);
      const console = await opened('console');
      daemon.kill('SIGTERM');
      await ends(daemon);
      await ends(console);
      expect([daemon.status, console.status]).toEqual([0, 0]);
    });

    it('takes over the socket of one that was killed', async () => {
      const terminal = await opened();
      terminal.kill('SIGKILL');
      await ends(terminal);
      expect(signet(['-c', ':put ok'])).toEqual({ status: 0, stdout: 'ok\n', stderr: '' });
    });
  });
}

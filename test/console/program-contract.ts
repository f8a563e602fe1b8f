import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTool } from '../../scripts/tools.ts';
import { patience } from '../patience.ts';
import { PseudoTerminal } from './pseudo-terminal.ts';

const window = { columns: 100, rows: 30, type: 'xterm-256color' };
const prompt = '[admin@router] >';

/** A program that prints what comes to a datagram socket, as systemd would hear it. */
const listening = `
import socket, sys
listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listening.bind(sys.argv[1])
print("listening", flush=True)
while True:
    print(listening.recv(4096).decode(), flush=True)
`;

/** What the program must do on every host. `program` is a command and its arguments; can it reach its supervisor? */
export function programContract(program: readonly string[], reachesSupervisor = true): void {
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

      it.each(['SIGTERM', 'SIGHUP'])('tells others who are there that it ends at %s, and they wait for the next one', async (signal) => {
        const first = await opened();
        const second = await opened();
        first.kill(signal);
        expect(await shows(second, 'The daemon has ended. Waiting for it to come back')).toBe(true);
        await opened();
        expect(await shows(second, 'The daemon is back.')).toBe(true);
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

    describe('as a daemon', () => {
      async function daemon(...args: string[]): Promise<PseudoTerminal> {
        const terminal = new PseudoTerminal([...program, '--store', store, ...args, 'daemon'], window);
        terminals.push(terminal);
        expect(await shows(terminal, 'the daemon runs on the store')).toBe(true);
        return terminal;
      }

      it('serves consoles until SIGTERM; they say so, and go on with the next one', async () => {
        const first = await daemon();
        const console = await opened('console');
        first.kill('SIGTERM');
        expect(await ends(first)).toBe(true);
        expect(first.status).toBe(0);
        expect(await shows(console, 'The daemon has ended.')).toBe(true);
        const second = await daemon();
        expect(await console.until(() => console.lines.at(-1) === prompt)).toBe(true);
        expect(console.lines).toContain('The daemon is back.');
        console.press(':put (40 + 2)\r');
        expect(await shows(console, '\n42')).toBe(true);
        second.kill('SIGKILL');
        expect(await console.until(() => console.lines.filter((line) => line.startsWith('The daemon has ended.')).length === 2)).toBe(true);
        console.press('\u0003');
        expect(await ends(console)).toBe(true);
        expect(console.status).toBe(1);
      });

      it('closes the store at SIGTERM, also while a key is made', async () => {
        const serving = await daemon();
        const console = await opened('console');
        console.press('/certificate/add name=a common-name=a key-size=8192; /certificate/sign a\r');
        expect(await shows(console, '%')).toBe(true);
        serving.kill('SIGTERM');
        expect(await ends(serving)).toBe(true);
        expect(serving.status).toBe(0);
        expect(existsSync(join(store, 'signet.db-wal'))).toBe(false);
      });

      it('listens where it is told', async () => {
        const socket = join(folder, 'elsewhere.sock');
        await daemon('--socket', socket);
        expect(existsSync(join(store, 'console.sock'))).toBe(false);
        expect(signet(['--socket', socket, '-c', ':put here'])).toEqual({ status: 0, stdout: 'here\n', stderr: '' });
        expect(signet(['console'])).toMatchObject({ status: 1, stderr: expect.stringContaining('console.sock') });
      });

      it('is as it was when it was new after a reset', async () => {
        const serving = await daemon();
        const console = await opened('console');
        console.press('/certificate/add name=a common-name=a key-size=prime256v1; /certificate/sign a\r');
        expect(await shows(console, 'done')).toBe(true);
        const key = readFileSync(join(store, 'device.key'));
        console.press('/system/reset-configuration\r');
        expect(await shows(console, 'Reset anyway?')).toBe(true);
        console.press('n\r');
        expect(await console.until(() => console.lines.at(-1) === prompt)).toBe(true);
        console.press('/system/reset-configuration\ry\r');
        expect(await ends(console)).toBe(true);
        expect(signet(['-c', ':put [:len [/certificate/find]]'])).toEqual({ status: 0, stdout: '0\n', stderr: '' });
        expect(signet(['-c', '/certificate/add name=b common-name=b key-size=prime256v1; /certificate/sign b'])).toMatchObject({
          status: 0,
        });
        expect(readFileSync(join(store, 'device.key')).equals(key)).toBe(false);
        serving.kill('SIGTERM');
        expect(await ends(serving)).toBe(true);
        expect(serving.status).toBe(0);
      });

      it("serves OpenSSH's SFTP client", async () => {
        await daemon();
        const server = join(folder, 'server.sh');
        const words = [...program, '--store', store, '-c', '/usr/lib/openssh/sftp-server'].map((word) => `'${word}'`);
        writeFileSync(server, `#!/bin/sh\nexec ${words.join(' ')}\n`);
        chmodSync(server, 0o755);
        const large = join(folder, 'large');
        // Lines of all kinds are to arrive as they are, and more of them than any buffer on their way holds.
        writeFileSync(
          large,
          Uint8Array.from({ length: 4_000_000 }, (_, i) => [0x0d, 0x0a, 0x03, 0x04, i & 0xff][i % 5] ?? 0),
        );
        const sftp = (...lines: readonly string[]) => {
          const client = findTool('sftp') ?? 'sftp';
          const batch = `${lines.join('\n')}\n`;
          const { status, stdout, stderr } = spawnSync(client, ['-q', '-b', '-', '-D', server], {
            input: batch,
            encoding: 'utf8',
            timeout: patience,
          });
          return { status, stdout, stderr };
        };
        expect(sftp('mkdir vpn', `put ${large} vpn/large`, `get vpn/large ${large}.back`, 'rename vpn/large vpn/ann.p12')).toMatchObject({
          status: 0,
          stderr: '',
        });
        expect(readFileSync(`${large}.back`).equals(readFileSync(large))).toBe(true);
        expect(signet(['console'], '/log/print\n').stdout).toMatch(
          /user admin logged in via sftp.*admin ran sftp put name=vpn\/large size=4000000.*user admin logged out via sftp/s,
        );
        expect(sftp('ls -l vpn', 'rm vpn/ann.p12', 'rmdir vpn')).toMatchObject({
          status: 0,
          stdout: expect.stringMatching(/^-rw-------.* 4000000 .* ann\.p12\n/m),
        });
        expect(signet(['console'], ':put [:len [/file/find]]\n')).toMatchObject({ stdout: '0\n' });
        expect(signet(['-c', 'internal-sftp'], 'no packet of SFTP')).toMatchObject({
          status: 1,
          stderr: expect.stringMatching(/^a packet has 1 to \d+ bytes, not \d+\n$/),
        });
      });

      it('serves no files where no daemon runs, nor to a terminal', async () => {
        expect(signet(['-c', '/usr/lib/sftp-server'])).toMatchObject({
          status: 1,
          stdout: '',
          stderr: expect.stringContaining('no daemon runs on the store'),
        });
        const terminal = new PseudoTerminal([...program, '--store', store, '-c', '/usr/lib/sftp-server'], window);
        terminals.push(terminal);
        expect(await shows(terminal, 'use sftp or scp')).toBe(true);
        expect(await ends(terminal)).toBe(true);
        expect(terminal.status).toBe(1);
      });

      it('gives no accounts where no daemon runs', () => {
        expect(signet(['accounts'])).toMatchObject({ status: 1, stderr: expect.stringContaining('no daemon runs on the store') });
      });

      it.runIf(reachesSupervisor)('tells its supervisor when it is ready and when it ends', async () => {
        const socket = join(folder, 'notify.sock');
        const supervisor = new PseudoTerminal(['python3', '-c', listening, socket], window);
        terminals.push(supervisor);
        expect(await shows(supervisor, 'listening')).toBe(true);
        const serving = new PseudoTerminal([...program, '--store', store, 'daemon'], window, { NOTIFY_SOCKET: socket });
        terminals.push(serving);
        expect(await shows(supervisor, 'READY=1')).toBe(true);
        expect(signet(['console'], ':put here\n')).toMatchObject({ status: 0 });
        serving.kill('SIGTERM');
        expect(await shows(supervisor, 'STOPPING=1')).toBe(true);
        expect(await ends(serving)).toBe(true);
      });

      it('asks for a first password, and then for a name and that password', async () => {
        await daemon();
        const login = (): PseudoTerminal => {
          const terminal = new PseudoTerminal([...program, '--store', store, 'login'], window);
          terminals.push(terminal);
          return terminal;
        };
        const first = login();
        for (const question of ['new password:', 'repeat new password:']) {
          expect(await first.until(() => first.lines.at(-1)?.trim() === question)).toBe(true);
          first.press('correct horse\r');
        }
        expect(await first.until(() => first.lines.at(-1) === prompt)).toBe(true);
        first.press('/quit\r');
        expect(await ends(first)).toBe(true);
        const second = login();
        for (const password of ['wrong', 'correct horse']) {
          expect(await second.until(() => second.lines.at(-1)?.trim() === 'router Login:')).toBe(true);
          second.press('admin\r');
          expect(await second.until(() => second.lines.at(-1)?.trim() === 'Password:')).toBe(true);
          second.press(`${password}\r`);
        }
        expect(await second.until(() => second.lines.at(-1) === prompt)).toBe(true);
        expect(second.lines.join('\n')).toContain('Login failed, incorrect username or password');
        second.press('/log/print where topics~"critical"\r');
        expect(await shows(second, 'login failure for user admin via local')).toBe(true);
      });
    });

    it('takes over the socket of one that was killed', async () => {
      const terminal = await opened();
      terminal.kill('SIGKILL');
      await ends(terminal);
      expect(signet(['-c', ':put ok'])).toEqual({ status: 0, stdout: 'ok\n', stderr: '' });
    });
  });
}

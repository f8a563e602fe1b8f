import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type IPty, spawn as spawnOnTerminal } from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeTerminal } from '../../../src/platform/node/terminal.ts';
import { bytesOf } from '../contract/bytes.ts';

const program = join(import.meta.dirname, 'terminal-program.ts');

describe('NodeTerminal on a terminal', () => {
  let pty: IPty;
  let screen: string;
  let status: number | undefined;

  beforeEach(async () => {
    screen = '';
    status = undefined;
    pty = spawnOnTerminal(process.execPath, [program], { cols: 100, rows: 30, name: 'xterm-256color' });
    pty.onData((text) => {
      screen += text;
    });
    pty.onExit(({ exitCode }) => {
      status = exitCode;
    });
    await shows('terminal xterm-256color 100x30');
  });
  afterEach(() => pty.kill());

  const shows = (text: string) => vi.waitUntil(() => screen.includes(`${text}\r\n`), { timeout: 10_000 });
  const ends = () => vi.waitUntil(() => status !== undefined, { timeout: 10_000 });

  it('gives keys as they are typed, Ctrl-C among them, and shows none by itself', async () => {
    pty.write('a');
    await shows('read 61');
    pty.write('\u0003');
    await shows('read 03');
    pty.write('\u001b[A');
    await shows('read 1b5b41');
    pty.write('q');
    await ends();
    expect(status).toBe(7);
    expect(screen).toBe(['terminal xterm-256color 100x30', 'read 61', 'read 03', 'read 1b5b41', 'read 71', 'bye', ''].join('\r\n'));
  });

  it('tells a new window size', async () => {
    pty.resize(80, 25);
    await expect(shows('resized 80x25')).resolves.toBe(true);
  });

  it('interrupts what runs at Ctrl-C, and forgets what was typed before it but not after', async () => {
    pty.write('w');
    await shows('working');
    pty.write('abc\u0003q');
    await shows('interrupted');
    await ends();
    expect(screen).toContain('interrupted\r\nread 71\r\n');
  });
});

describe('NodeTerminal on pipes', () => {
  it('is not interactive, has no size, and ends with its input', async () => {
    const child = spawn(process.execPath, [program], { stdio: 'pipe', env: { ...process.env, TERM: 'dumb' } });
    const output = text(child.stdout);
    const errors = text(child.stderr);
    child.stdin.end('\u0003');
    expect(await once(child, 'close')).toEqual([7, null]);
    expect(await output).toBe('pipe dumb 0x0\r\nread 03\r\n');
    expect(await errors).toBe('bye\r\n');
  });

  it('keeps what comes before it is read, and makes a fast writer wait', async () => {
    const input = new PassThrough();
    const terminal = new NodeTerminal(input, new PassThrough(), new PassThrough(), '');
    const sent = 400_000;
    for (let i = 0; i < sent; i += 1000) input.write(Buffer.alloc(1000, 1));
    input.end();
    await vi.waitUntil(() => input.isPaused());
    let received = 0;
    for (let bytes = await terminal.read(); bytes !== undefined; bytes = await terminal.read()) received += bytes.length;
    expect(received).toBe(sent);
    expect(await terminal.read()).toBeUndefined();
  });

  it('answers a waiting read when the session is closed', async () => {
    const terminal = new NodeTerminal(new PassThrough(), new PassThrough(), new PassThrough(), '');
    const before = process.exitCode;
    const read = terminal.read();
    await terminal.close(0);
    process.exitCode = before;
    expect(await read).toBeUndefined();
  });

  it('tells a writer that the other end is gone', async () => {
    const output = new PassThrough();
    const terminal = new NodeTerminal(new PassThrough(), output, new PassThrough(), '');
    output.destroy();
    await expect(terminal.write(bytesOf('x'))).rejects.toMatchObject({ code: 'closed' });
  });
});

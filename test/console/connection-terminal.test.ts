import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fromUtf8Lossy, utf8 } from '../../src/bytes/utf8.ts';
import { attach } from '../../src/console/attach.ts';
import { ConnectionTerminal } from '../../src/console/connection-terminal.ts';
import { encodeFrame, protocolVersion } from '../../src/console/protocol.ts';
import type { Connection } from '../../src/platform/network.ts';
import { loopback } from './loopback.ts';
import { TestTerminal } from './test-terminal.ts';

async function connected(person = new TestTerminal({ columns: 100, rows: 30 })) {
  const [daemon, client] = loopback();
  const status = attach(client, person);
  const terminal = await ConnectionTerminal.accept(daemon);
  return { person, terminal, status, client };
}

async function readText(terminal: ConnectionTerminal): Promise<string | undefined> {
  const bytes = await terminal.read();
  return bytes === undefined ? undefined : fromUtf8Lossy(bytes);
}

async function answerTo(connection: Connection): Promise<string> {
  let answer = '';
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined) return answer;
    answer += fromUtf8Lossy(bytes);
  }
}

const settled = () => sleep(2);

describe('a terminal at the far end of a connection', () => {
  it('tells what the person sits at', async () => {
    const { terminal } = await connected();
    expect([terminal.columns, terminal.rows, terminal.type, terminal.interactive]).toEqual([100, 30, 'xterm-256color', true]);
  });

  it('carries bytes both ways and ends with a status', async () => {
    const { person, terminal, status } = await connected();
    await person.press('abc');
    expect(await readText(terminal)).toBe('abc');
    await terminal.write(utf8('hello'));
    await terminal.writeError(utf8('oops'));
    await terminal.close(3);
    expect(await status).toBe(3);
    expect(person.screen).toBe('hello');
    expect(person.errors).toBe('oops');
  });

  it('follows the size of the window', async () => {
    const { person, terminal } = await connected();
    let told = 0;
    terminal.onResize(() => told++);
    await person.resize(132, 43);
    await settled();
    expect([terminal.columns, terminal.rows, told]).toEqual([132, 43, 1]);
  });

  it('brings Ctrl-C to a command that runs, and forgets what was typed before it', async () => {
    const { person, terminal } = await connected();
    let interrupts = 0;
    terminal.onInterrupt(() => interrupts++);
    await person.press('typed ahead\r');
    await person.press('more\u0003rest');
    await settled();
    expect(interrupts).toBe(1);
    expect(await readText(terminal)).toBe('rest');
  });

  it('gives Ctrl-C to whoever reads, as a key', async () => {
    const { person, terminal } = await connected();
    const read = readText(terminal);
    let interrupts = 0;
    terminal.onInterrupt(() => interrupts++);
    await person.press('\u0003');
    expect([await read, interrupts]).toEqual(['\u0003', 0]);
  });

  it('leaves the bytes of a script alone', async () => {
    const { person, terminal } = await connected(new TestTerminal({ interactive: false }));
    terminal.onInterrupt(() => expect.unreachable());
    await person.press('a\u0003b');
    await settled();
    expect(await readText(terminal)).toBe('a\u0003b');
  });

  it('reads to the end of input and not further', async () => {
    const { person, terminal } = await connected();
    await person.press('last');
    await person.end();
    await settled();
    expect([await readText(terminal), await readText(terminal)]).toEqual(['last', undefined]);
  });

  it('interrupts, ends input and refuses output when the other end hangs up', async () => {
    const { terminal, client, status } = await connected();
    status.catch(() => undefined);
    let interrupts = 0;
    terminal.onInterrupt(() => interrupts++);
    client.close();
    await settled();
    expect(interrupts).toBe(1);
    expect(await terminal.read()).toBeUndefined();
    await expect(terminal.write(utf8('x'))).rejects.toMatchObject({ code: 'closed' });
  });

  it('tells the person when the daemon goes away', async () => {
    const [daemon, client] = loopback();
    const status = attach(client, new TestTerminal());
    await daemon.read();
    daemon.close();
    await expect(status).rejects.toMatchObject({ code: 'closed', message: 'the daemon has ended' });
  });

  it('refuses another version with a message and status 1', async () => {
    const [daemon, client] = loopback();
    const accepted = ConnectionTerminal.accept(daemon).catch((error: unknown) => error);
    const hello = encodeFrame({ type: 'hello', version: protocolVersion + 1, columns: 0, rows: 0, interactive: true, terminal: '' });
    void client.write(hello);
    const answer = await answerTo(client);
    expect(answer).toContain('this daemon speaks version 1 of the console protocol, not 2');
    expect(answer.endsWith('\u0001')).toBe(true);
    expect(await accepted).toMatchObject({ code: 'version' });
  });

  it('refuses whoever does not say hello', async () => {
    const [daemon, client] = loopback();
    const accepted = ConnectionTerminal.accept(daemon).catch((error: unknown) => error);
    void client.write(encodeFrame({ type: 'interrupt' }));
    expect(await answerTo(client)).toContain('a console says hello first');
    expect(await accepted).toMatchObject({ code: 'unexpected' });
  });
});

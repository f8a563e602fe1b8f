import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fromUtf8Lossy, utf8 } from '../../src/bytes/utf8.ts';
import { type Attachment, attach } from '../../src/console/attach.ts';
import { ConnectionTerminal } from '../../src/console/connection-terminal.ts';
import { encodeFrame, protocolVersion } from '../../src/console/protocol.ts';
import { Cancelled, CancelSource, neverCancelled } from '../../src/platform/cancel.ts';
import type { Connection } from '../../src/platform/network.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { hello } from './hello.ts';
import { loopback } from './loopback.ts';
import { TestTerminal } from './test-terminal.ts';

const clock = new NodeClock();

const never = (): Promise<never> => new Promise(() => {});
const here: Attachment = { purpose: 'console', from: '', leaving: neverCancelled, again: never };

async function connected(person = new TestTerminal({ columns: 100, rows: 30 })) {
  const [daemon, client] = loopback();
  const status = attach(client, person, { ...here, purpose: person.interactive ? 'console' : 'script' });
  const terminal = await ConnectionTerminal.accept(daemon, clock);
  return { person, terminal, status, client };
}

/** One whose other end has said hello and does nothing by itself. */
async function greeted() {
  const [daemon, client] = loopback();
  void client.write(hello('script'));
  return { terminal: await ConnectionTerminal.accept(daemon, clock), client };
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

  it('takes what is still sent until the other end, which has its status, hangs up', async () => {
    const { terminal, client } = await greeted();
    const closed = terminal.close(0);
    await client.read();
    await settled();
    await client.write(encodeFrame({ type: 'input', bytes: utf8('too late') }));
    client.close();
    await closed;
    expect(await readText(terminal)).toBeUndefined();
  });

  it('hangs up on who has its status and stays', async () => {
    const { terminal, client } = await greeted();
    const closed = terminal.close(0);
    await client.read();
    await closed;
    await expect(client.write(encodeFrame({ type: 'interrupt' }))).rejects.toThrow('the other end is gone');
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

  it('tells where it is used from, if that is an address', async () => {
    for (const [from, told] of [
      ['192.0.2.7', '192.0.2.7'],
      ['fe80::1%eth0', 'fe80::1%eth0'],
      ['somewhere else\u001b[2J', undefined],
    ] as const) {
      const [daemon, client] = loopback();
      void attach(client, new TestTerminal(), { ...here, from });
      expect((await ConnectionTerminal.accept(daemon, clock)).from).toBe(told);
    }
  });

  it('refuses another version with a message and status 1', async () => {
    const [daemon, client] = loopback();
    const accepted = ConnectionTerminal.accept(daemon, clock).catch((error: unknown) => error);
    void client.write(hello('console', protocolVersion + 1));
    const answer = await answerTo(client);
    expect(answer).toContain('this daemon speaks version 3 of the console protocol, not 4');
    expect(answer.endsWith('\u0001')).toBe(true);
    expect(await accepted).toMatchObject({ code: 'version' });
  });

  it('refuses whoever does not say hello', async () => {
    const [daemon, client] = loopback();
    const accepted = ConnectionTerminal.accept(daemon, clock).catch((error: unknown) => error);
    void client.write(encodeFrame({ type: 'interrupt' }));
    expect(await answerTo(client)).toContain('a console says hello first');
    expect(await accepted).toMatchObject({ code: 'unexpected' });
  });
});

describe('a console whose daemon goes away', () => {
  /** A console whose daemon has just gone, and the next daemon to come. */
  async function left(person = new TestTerminal(), leaving = new CancelSource()) {
    const [daemon, client] = loopback();
    const [next, again] = loopback();
    let comes: () => void = () => undefined;
    const back = new Promise<void>((resolve) => {
      comes = resolve;
    });
    const status = attach(client, person, {
      ...here,
      purpose: person.interactive ? 'console' : 'script',
      leaving,
      again: (cancel) =>
        new Promise((found, refuse) => {
          void back.then(() => found(again));
          cancel.onCancel(() => refuse(new Cancelled()));
        }),
    });
    const terminal = await ConnectionTerminal.accept(daemon, clock);
    await terminal.write(utf8('[admin@router] > '));
    await terminal.close();
    await person.shows('The daemon has ended.');
    return { person, status, leaving, next, comes };
  }

  it('says so, and goes on with the next one', async () => {
    const { person, status, next, comes } = await left();
    expect(person.lines).toEqual(['[admin@router] >', 'The daemon has ended. Waiting for it to come back; Ctrl-C leaves.']);
    await person.press('typed in vain');
    comes();
    const terminal = await ConnectionTerminal.accept(next, clock);
    expect(terminal.columns).toBe(80);
    await terminal.write(utf8('[admin@router] > '));
    await person.press('abc');
    expect(await readText(terminal)).toBe('abc');
    await person.shows('is back.\n[admin@router] >');
    expect(person.lines.slice(2)).toEqual(['The daemon is back.', '[admin@router] >']);
    await terminal.close(0);
    expect(await status).toBe(0);
  });

  it.each(['\u0003', '\u0004'])('is left by %j', async (key) => {
    const { person, status } = await left();
    void person.press(key);
    await expect(status).rejects.toMatchObject({ code: 'closed', message: 'the daemon has ended' });
  });

  it('is left when nothing more can be typed', async () => {
    const { person, status } = await left();
    void person.end();
    await expect(status).rejects.toMatchObject({ code: 'closed' });
  });

  it('is left when its program is to end', async () => {
    const { leaving, status } = await left();
    leaving.cancel();
    await expect(status).rejects.toMatchObject({ code: 'closed' });
  });

  it('ends at once where a script was run', async () => {
    const [daemon, client] = loopback();
    const status = attach(client, new TestTerminal({ interactive: false }), { ...here, purpose: 'script' });
    const terminal = await ConnectionTerminal.accept(daemon, clock);
    await terminal.close();
    await expect(status).rejects.toMatchObject({ code: 'closed', message: 'the daemon has ended' });
  });
});

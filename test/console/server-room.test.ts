import { describe, expect, it, vi } from 'vitest';
import { concat } from '../../src/bytes/bytes.ts';
import { fromUtf8Lossy, utf8 } from '../../src/bytes/utf8.ts';
import { encodeFrame, type Frame, FrameDecoder } from '../../src/console/protocol.ts';
import type { Consoles } from '../../src/console/router-console.ts';
import { ConsoleServer } from '../../src/console/server.ts';
import type { SessionContext } from '../../src/console/session.ts';
import type { Connection } from '../../src/platform/network.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { patience } from '../patience.ts';
import { hello } from './hello.ts';
import { loopback } from './loopback.ts';
import { noAssistance } from './no-assistance.ts';

const finish: (() => void)[] = [];

/** A console whose every line runs until it is told to finish. */
const context: SessionContext = {
  person: () => ({ user: 'ann', policies: new Set() }),
  greeting: [],
  identity: () => 'gate',
  came: () => () => undefined,
  shell: async () => ({
    path: '/',
    isIncomplete: (text) => text.startsWith('{'),
    runLine: () =>
      new Promise((resolve) => {
        finish.push(resolve);
      }),
    async runScript(_text, { screen }) {
      await screen.line('done');
    },
    assistance: () => noAssistance,
    withoutSecrets: (text) => text,
  }),
};

const consoles: Consoles = {
  ownersFiles: () => ({ came: () => () => undefined, serve: () => Promise.resolve() }),
  accountsFiles: () => undefined,
  accounts: { list: () => 'end\n', onChange: () => () => undefined },
  owner: () => context,
  ofAccount: () => context,
  login: {
    identity: () => 'gate',
    withoutPassword: () => undefined,
    choosePassword: () => Promise.reject(new Error('nobody asked')),
    authenticate: () => Promise.resolve(undefined),
    pause: () => Promise.resolve(),
  },
};

const room = 1 << 20;

function newServer(): ConsoleServer {
  return new ConsoleServer(consoles, {
    clock: new NodeClock(),
    user: 900,
    tellsUsers: true,
    room,
    failed: (error) => {
      throw error;
    },
  });
}

const account = 20_002;
const tooMuch = 'too much is kept for all who use this router';

/** The other end of a connection, which sends what it likes. */
class Client {
  readonly #connection: Connection;
  readonly served: Promise<void>;
  shown = '';
  status: number | undefined;
  ended = false;

  constructor(server: ConsoleServer, user: number) {
    const [daemon, client] = loopback(user);
    this.#connection = client;
    this.served = server.serve(daemon);
    void this.#listen();
  }

  async #listen(): Promise<void> {
    const decoder = new FrameDecoder();
    for (let bytes = await this.#connection.read(); bytes !== undefined; bytes = await this.#connection.read())
      for (const frame of decoder.push(bytes)) this.#take(frame);
    this.ended = true;
  }

  #take(frame: Frame): void {
    if (frame.type === 'exit') this.status = frame.status;
    else if (frame.type === 'output' || frame.type === 'error') this.shown += fromUtf8Lossy(frame.bytes);
  }

  /** Not waited for: the server may make it wait. */
  send(...parts: readonly Uint8Array[]): void {
    this.#connection.write(concat(parts)).catch(() => undefined);
  }

  leave(): Promise<void> {
    this.#connection.close();
    return this.served;
  }

  async shows(text: string): Promise<void> {
    await vi.waitUntil(() => this.shown.includes(text), { timeout: patience });
  }
}

const typed = (text: string): Uint8Array => encodeFrame({ type: 'input', bytes: utf8(text) });

/** A script that waits for its end when so many bytes of it have come. */
function begunScript(server: ConsoleServer, user: number, length: number): Client {
  const client = new Client(server, user);
  client.send(hello('script'), typed(' '.repeat(length)));
  return client;
}

/** Can the owner run a script that takes all the room there is? */
async function isEmpty(server: ConsoleServer): Promise<boolean> {
  const client = begunScript(server, 0, Math.floor(room / 42));
  client.send(typed(''));
  await client.served;
  return client.shown === 'done\n';
}

describe('a client that takes nothing', () => {
  it.each([1, undefined])('does not keep its place when its console is ended: status %s', async (status) => {
    const server = newServer();
    const [daemon, client] = loopback(account);
    const served = server.serve(daemon);
    void client.write(concat([hello('script'), typed(' '), typed('')]));
    await vi.waitUntil(() => server.count === 1, { timeout: patience });
    const begun = performance.now();
    await server.stop(status);
    await served;
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(server.count).toBe(0);
  });
});

describe('what is kept for all together', () => {
  it('is bounded for scripts: whoever asks for more is told, and the others go on', async () => {
    const server = newServer();
    const scripts = [begunScript(server, account, 15_000), begunScript(server, account, 15_000)];
    const [, refused] = scripts;
    await refused?.shows(tooMuch);
    expect(refused?.status).toBe(1);
    scripts[0]?.send(typed(''));
    await Promise.all(scripts.map((each) => each.served));
    expect(scripts[0]?.shown).toBe('done\n');
    expect(await isEmpty(server)).toBe(true);
  });

  it('is bounded for frames that do not end, before the first one, too', async () => {
    const server = newServer();
    const half = encodeFrame({ type: 'input', bytes: new Uint8Array(65_536) }).subarray(0, 60_000);
    const clients = Array.from({ length: 30 }, () => new Client(server, account));
    for (const client of clients) client.send(half);
    await vi.waitUntil(() => clients.filter((each) => each.shown.includes(tooMuch)).length >= 12, { timeout: patience });
    // The owner is left a quarter.
    const owner = begunScript(server, 0, 5000);
    owner.send(typed(''));
    await owner.served;
    expect(owner.shown).toBe('done\n');
    await Promise.all(clients.map((each) => each.leave()));
    expect(await isEmpty(server)).toBe(true);
  });

  it('is bounded for what is typed ahead', async () => {
    const server = newServer();
    const clients = Array.from({ length: 20 }, () => new Client(server, account));
    for (const client of clients) {
      client.send(hello('console'), typed('run\r'));
      for (let i = 0; i < 8; i++) client.send(typed('x'.repeat(16_000)));
    }
    await vi.waitUntil(() => clients.filter((each) => each.ended).length >= 10, { timeout: patience });
    expect(clients.find((each) => each.ended)?.shown).toContain(tooMuch);
    expect(clients.filter((each) => !each.ended).length).toBeGreaterThan(2);
    for (const end of finish.splice(0)) end();
    await Promise.all(clients.map((each) => each.leave()));
    expect(await isEmpty(server)).toBe(true);
  });

  it('is bounded for a line, and for a command of many lines, which end the console: the rest of a paste must not run', async () => {
    const server = newServer();
    const line = new Client(server, account);
    line.send(hello('console'), typed(`${'a'.repeat(14_000)}\rrun\r`));
    await line.served;
    const block = new Client(server, account);
    block.send(hello('console'), ...Array.from({ length: 5 }, () => typed(`{${'b'.repeat(5000)}\r`)));
    await block.served;
    for (const client of [line, block]) expect(client.shown).toContain(tooMuch);
    expect(await isEmpty(server)).toBe(true);
  });
});

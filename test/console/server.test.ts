import { describe, expect, it, vi } from 'vitest';
import { fromUtf8Lossy, utf8 } from '../../src/bytes/utf8.ts';
import { attach } from '../../src/console/attach.ts';
import type { Purpose } from '../../src/console/protocol.ts';
import type { Consoles, FilesVisit } from '../../src/console/router-console.ts';
import { ConsoleServer } from '../../src/console/server.ts';
import type { SessionContext } from '../../src/console/session.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { SftpError } from '../../src/sftp/protocol.ts';
import { patience } from '../patience.ts';
import { loopback } from './loopback.ts';
import { noAssistance } from './no-assistance.ts';
import { TestTerminal } from './test-terminal.ts';

/** A console whose every line says who gave it. */
function contextOf(user: string, came: string): SessionContext {
  return {
    person: () => ({ user, policies: new Set() }),
    greeting: [],
    identity: () => 'gate',
    came: () => {
      visits.push(`${user} ${came}`);
      return () => visits.push(`${user} left`);
    },
    shell: async (_numbers, quit) => ({
      path: '/',
      isIncomplete: () => false,
      async runLine(text, { screen }) {
        if (text === 'quit') quit();
        else await screen.line(`${user} ${came}`);
      },
      async runScript(_text, { screen }) {
        await screen.line(`${user} ${came}`);
      },
      assistance: () => noAssistance,
      withoutSecrets: (text) => text,
    }),
  };
}

let accounts = 'account ann 20002 *\nend\n';
const heard = new Set<() => void>();

/** Files that are what is sent to them, in capitals, until a client breaks the protocol by a dot. */
function visitOf(user: string, came: string): FilesVisit {
  return {
    came: () => {
      visits.push(`${user} ${came}`);
      return () => visits.push(`${user} left`);
    },
    async serve(stream) {
      for (let bytes = await stream.read(); bytes !== undefined; bytes = await stream.read()) {
        const text = fromUtf8Lossy(bytes);
        if (text.includes('.')) throw new SftpError('a dot is no packet');
        await stream.write(utf8(text.toUpperCase()));
      }
    },
  };
}

let visits: string[] = [];

const consoles: Consoles = {
  ownersFiles: ({ via, from }) => visitOf('admin', `${via} ${from}`),
  accountsFiles: (uid, { via, from }) => (uid === 20_002 ? visitOf('ann', `${via} ${from}`) : undefined),
  accounts: {
    list: () => accounts,
    onChange(listener) {
      heard.add(listener);
      return () => heard.delete(listener);
    },
  },
  owner: ({ via, from }) => contextOf('admin', `${via} ${from}`),
  ofAccount: (uid, { via, from }) => (uid === 20_002 ? contextOf('ann', `${via} ${from}`) : undefined),
  login: {
    identity: () => 'gate',
    withoutPassword: () => undefined,
    choosePassword: () => Promise.reject(new Error('nobody asked')),
    authenticate: (user) => Promise.resolve(user === 'bob' ? contextOf('bob', 'by name') : undefined),
    pause: () => Promise.resolve(),
  },
};

const daemonsUser = 900;

function newServer(tellsUsers = true, room = 20 << 20): ConsoleServer {
  return new ConsoleServer(consoles, {
    clock: new NodeClock(),
    user: daemonsUser,
    tellsUsers,
    room,
    failed: (error) => {
      throw error;
    },
  });
}

/** The console of a process of this user; `from` as SSH tells it. */
function comes(server: ConsoleServer, user: number | undefined, purpose: Purpose, from = '') {
  const [daemon, client] = loopback(user);
  const person = new TestTerminal({ interactive: purpose === 'console' || purpose === 'login' });
  const served = server.serve(daemon);
  const status = attach(client, person, { purpose, from, leaving: neverCancelled, again: () => new Promise(() => {}) });
  return { person, status, served };
}

async function script(user: number | undefined, from = '') {
  const { person, status } = comes(newServer(user !== undefined), user, 'script', from);
  await person.end();
  return { status: await status, shown: person.screen, errors: person.errors };
}

describe('a process that attaches', () => {
  it.each([0, daemonsUser, undefined])('of root, of the store, or of who alone can open the socket, is the owner: %s', async (user) => {
    expect(await script(user)).toEqual({ status: 0, shown: 'admin local undefined', errors: '' });
    expect(await script(user, '192.0.2.7')).toMatchObject({ shown: 'admin ssh 192.0.2.7' });
  });

  it('of an account is the user whom it belongs to, who comes over SSH whatever it says', async () => {
    expect(await script(20_002)).toMatchObject({ status: 0, shown: 'ann ssh undefined' });
    expect(await script(20_002, '192.0.2.7')).toMatchObject({ shown: 'ann ssh 192.0.2.7' });
  });

  it('has logged in for a line over SSH, too, and for none at the machine itself', async () => {
    visits = [];
    await script(0);
    expect(visits).toEqual([]);
    await script(20_002);
    await script(0, '192.0.2.7');
    // The last has left once it has hung up.
    await expect.poll(() => visits, { timeout: patience }).toEqual(['ann ssh undefined', 'ann left', 'admin ssh 192.0.2.7', 'admin left']);
  });

  it('is a stranger where the host could tell and does not', async () => {
    const { person, status } = comes(newServer(), undefined, 'script');
    expect([await status, person.screen]).toEqual([1, '']);
  });

  it.each([1000, 20_003, 65_534])('of anybody else is refused: %i', async (user) => {
    expect(await script(user)).toEqual({
      status: 1,
      shown: '',
      errors: 'this account belongs to no user of this router who may log in by SSH\n',
    });
  });
});

describe('a login', () => {
  it('opens the console of whoever tells name and password', async () => {
    const { person, status } = comes(newServer(), 0, 'login');
    await person.shows('gate Login:');
    await person.press('bob\r');
    await person.shows('Password:');
    await person.press('correct horse\r');
    await person.shows('[bob@gate] >');
    await person.press('who\r');
    await person.shows('bob by name\n[bob@gate] >');
    expect(person.lines.slice(-2)).toEqual(['bob by name', '[bob@gate] >']);
    await person.press('quit\r');
    expect(await status).toBe(0);
  });

  it('is not for the accounts of users, who could ask others for their passwords', async () => {
    const { person, status } = comes(newServer(), 20_002, 'login');
    expect(await status).toBe(1);
    expect(person.errors).toBe('only root and the owner of the store may ask others for their password\n');
  });
});

describe('a program that keeps accounts', () => {
  it('is told of them, and again when they change', async () => {
    const { person } = comes(newServer(), 0, 'accounts');
    await person.shows('ann');
    for (const listener of heard) listener();
    accounts = 'account bob 20003 *\nend\n';
    for (const listener of heard) listener();
    await person.shows('bob');
    expect(person.written).toBe('account ann 20002 *\nend\naccount bob 20003 *\nend\n');
    await person.end();
    await vi.waitUntil(() => heard.size === 0, { timeout: patience });
  });

  it('is refused where it is a user: hashes of passwords are among what is told', async () => {
    const { person, status } = comes(newServer(), 20_002, 'accounts');
    expect(await status).toBe(1);
    expect(person.written).toBe('');
  });
});

describe('a server', () => {
  it('refuses more than a hundred connections, and takes new ones when others left', async () => {
    const server = newServer();
    const first = comes(server, 0, 'console');
    await first.person.shows('[admin@gate] >');
    const others = Array.from({ length: 99 }, () => loopback(0));
    const served = others.map(([daemon]) => server.serve(daemon));
    const { person, status } = comes(server, 0, 'script');
    expect(await status).toBe(1);
    expect(person.errors).toBe('too many consoles are open on this router: 100\n');
    for (const [, client] of others) client.close();
    await Promise.all(served);
    expect(server.count).toBe(1);
    await first.person.press('\u0004');
    expect(await first.status).toBe(0);
    const late = comes(server, 0, 'script');
    await late.person.end();
    expect(await late.status).toBe(0);
  });

  it('ends with every console, login and script; they learn that the daemon goes', async () => {
    const server = newServer();
    const people = [comes(server, 0, 'console'), comes(server, 0, 'login')];
    const running = comes(server, 0, 'script');
    await vi.waitUntil(() => server.count === 3, { timeout: patience });
    await server.stop();
    await expect(running.status).rejects.toMatchObject({ code: 'closed' });
    for (const { person } of people) await person.shows('The daemon has ended.');
    expect(server.count).toBe(0);
  });

  it('ends them with a status where it is for good', async () => {
    const server = newServer();
    const { person, status } = comes(server, 0, 'console');
    await person.shows('[admin@gate] >');
    await server.stop(1);
    expect(await status).toBe(1);
  });
});

describe('a client of files', () => {
  /** What it is told when it sent that, and ended. */
  async function files(user: number, text: string, from = '') {
    visits = [];
    const { person, status, served } = comes(newServer(), user, 'files', from);
    await person.press(text);
    await person.end();
    const outcome = { status: await status, shown: person.written, errors: person.errors };
    await served;
    return outcome;
  }

  it('is the owner, or the user of the account, who comes by SFTP', async () => {
    expect(await files(0, 'ls', '192.0.2.7')).toEqual({ status: 0, shown: 'LS', errors: '' });
    expect(visits).toEqual(['admin sftp 192.0.2.7', 'admin left']);
    expect(await files(20_002, 'put\r\n')).toEqual({ status: 0, shown: 'PUT\r\n', errors: '' });
    expect(visits).toEqual(['ann sftp undefined', 'ann left']);
  });

  it('is refused where its account may not use them', async () => {
    expect(await files(20_003, 'ls')).toEqual({
      status: 1,
      shown: '',
      errors: 'this account belongs to no user of this router with the policies ssh and ftp\n',
    });
    expect(visits).toEqual([]);
  });

  it('that does not keep to the protocol is told, and has left', async () => {
    expect(await files(0, 'l.s')).toEqual({ status: 1, shown: '', errors: 'a dot is no packet\n' });
    expect(visits).toEqual(['admin sftp undefined', 'admin left']);
  });

  it('ends with the daemon', async () => {
    const server = newServer();
    const { status } = comes(server, 0, 'files');
    await vi.waitUntil(() => server.count === 1, { timeout: patience });
    await server.stop();
    await expect(status).rejects.toMatchObject({ code: 'closed' });
    expect(visits.at(-1)).toBe('admin left');
  });
});

import { once } from 'node:events';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { utf8 } from '../../src/bytes/utf8.ts';
import { Headers } from '../../src/http/headers.ts';
import type { Handler } from '../../src/http/server.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { Scheduler } from '../../src/services/scheduler.ts';
import { type ServiceChange, Services } from '../../src/services/services.ts';
import { Web, type WebClient } from '../../src/services/web.ts';
import { Router } from '../certificates/router.ts';
import { freePort } from '../free-port.ts';
import { patience } from '../patience.ts';

const [www, wwwSsl] = [1, 2];

/** The web services of a router, which answer who asks and how. */
async function started(handler: (client: WebClient) => Handler = echo) {
  const router = await Router.start();
  const clock = new NodeClock();
  const services = new Services(router.store);
  const log: string[] = [];
  const say = (severity: string, _: unknown, message: string): void => void log.push(`${severity}: ${message}`);
  const web = new Web({
    network: new NodeNetwork(),
    clock,
    services,
    identity: (id) => router.certificates.serverIdentity(id),
    now: () => undefined,
    site: () => Promise.resolve(handler),
    log: say,
  });
  const scheduler = new Scheduler({ clock, random: new NodeRandom(), isBelievable: () => true, log: say }, []);
  services.set([www], { disabled: true });
  scheduler.add(web);
  const stop = router.store.onChange(() => scheduler.changed());
  const end = scheduler.run();
  onTestFinished(async () => {
    stop();
    scheduler.stop();
    await end;
    await web.close();
  });
  const set = async (id: number, change: ServiceChange) => {
    services.set([id], change);
    await vi.waitFor(() => expect([...web.due()]).toEqual([]), patience);
  };
  return { router, services, web, log, set };
}

const echo =
  ({ address, secure }: WebClient): Handler =>
  ({ target }) =>
    Promise.resolve({ status: 200, headers: new Headers(), content: utf8(`${target.path.join('/')} ${address} ${secure}`) });

async function open(port: number): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function openTls(port: number): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** The body of the answer. */
async function ask(socket: Socket, path: string): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: r\r\n\r\n`);
  let answer = '';
  for (;;) {
    const [piece] = (await once(socket, 'data')) as [Buffer];
    answer += piece.toString();
    const end = answer.indexOf('\r\n\r\n');
    const body = answer.slice(end + 4);
    if (end >= 0 && body.length === Number(/Content-Length: (\d+)/.exec(answer)?.[1])) return body;
  }
}

describe('www', () => {
  it('listens on its port when it is enabled, on another when that is set, and on none when it is disabled', async () => {
    const { set } = await started();
    const [first, second] = [await freePort(), await freePort()];
    await set(www, { disabled: false, port: first });
    const socket = await open(first);
    expect(await ask(socket, '/a')).toBe('a 127.0.0.1 false');
    await set(www, { port: second });
    expect(await ask(await open(second), '/b')).toBe('b 127.0.0.1 false');
    // Who is there already is not put off by that.
    expect(await ask(socket, '/c')).toBe('c 127.0.0.1 false');
    await expect(open(first)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const gone = once(socket, 'close');
    socket.on('error', () => undefined);
    await set(www, { disabled: true });
    await gone;
    await expect(open(second)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('listens once, on the last port, when that is set twice at the same time', async () => {
    const { services, set, web } = await started();
    const [first, second] = [await freePort(), await freePort()];
    await set(www, { disabled: false, port: await freePort() });
    services.set([www], { port: first });
    await setTimeout(1);
    await set(www, { port: second });
    expect(await ask(await open(second), '/')).toBe(' 127.0.0.1 false');
    await expect(open(first)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await web.close();
    await expect(open(second)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('drops who comes while the store can not be read, and serves them later', async () => {
    const { services, set, log } = await started();
    const port = await freePort();
    await set(www, { disabled: false, port });
    const withName = vi.spyOn(services, 'withName').mockImplementation(() => {
      throw new Error('the store can not be read');
    });
    const socket = await open(port);
    socket.on('error', () => undefined);
    await once(socket, 'close');
    expect(log).toEqual([expect.stringContaining('the store can not be read')]);
    withName.mockRestore();
    expect(await ask(await open(port), '/')).toBe(' 127.0.0.1 false');
  });

  it('says what keeps it from listening, and tries again', async () => {
    const { services, set, log, web } = await started();
    const taken = createServer().listen(0, '0.0.0.0');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    services.set([www], { disabled: false, port });
    await vi.waitFor(() => expect(services.withName('www')?.problem).toMatch(/in use/), patience);
    expect(log).toEqual([expect.stringMatching(new RegExp(`^error: service: www can not listen on port ${port}: .*in use`))]);
    expect(web.due().size).toBe(1);
    const free = await freePort();
    await set(www, { port: free });
    expect(services.withName('www')?.problem).toBeUndefined();
    expect(await ask(await open(free), '/')).toBe(' 127.0.0.1 false');
    taken.close();
  });

  it('is not for addresses that are not named', async () => {
    const { set } = await started();
    const port = await freePort();
    await set(www, { disabled: false, port, address: ['192.0.2.0/24', '2001:db8::/32'] });
    const socket = await open(port);
    socket.on('error', () => undefined);
    await once(socket, 'close');
    await set(www, { address: ['192.0.2.0/24', '127.0.0.0/8'] });
    expect(await ask(await open(port), '/')).toBe(' 127.0.0.1 false');
  });

  it('lets the one that is silent for longest go where there are too many', async () => {
    const { set } = await started();
    const port = await freePort();
    await set(www, { disabled: false, port, maxSessions: 2 });
    const sockets = [await open(port), await open(port)] as const;
    await ask(sockets[0], '/0');
    await ask(sockets[1], '/1');
    const ended = once(sockets[0], 'close');
    sockets[0].on('error', () => undefined);
    const third = await open(port);
    expect(await ask(third, '/2')).toBe('2 127.0.0.1 false');
    await ended;
    expect(await ask(sockets[1], '/3')).toBe('3 127.0.0.1 false');
  });

  it('is not taken down by thousands who say nothing', async () => {
    const { set } = await started();
    const port = await freePort();
    await set(www, { disabled: false, port });
    for (let opened = 0; opened < 1000; opened++) {
      const silent = await open(port);
      silent.on('error', () => undefined);
    }
    expect(await ask(await open(port), '/still')).toBe('still 127.0.0.1 false');
  });

  it('keeps who is being answered', async () => {
    let answer: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { set } = await started((client) => async (request) => {
      if (request.target.path[0] === 'slow') await waiting;
      return echo(client)(request);
    });
    const port = await freePort();
    await set(www, { disabled: false, port, maxSessions: 1 });
    const socket = await open(port);
    const slow = ask(socket, '/slow');
    await setTimeout(50);
    const other = await open(port);
    other.on('error', () => undefined);
    await once(other, 'close');
    answer();
    expect(await slow).toBe('slow 127.0.0.1 false');
  });
});

describe('www-ssl', () => {
  it('shows the certificate that it is given, and a new one from the next handshake on, without a connection dropped', async () => {
    const { router, set } = await started();
    await router.newCa('root');
    await router.newCa('other');
    await router.issue('one', 'root');
    await router.issue('two', 'other');
    const port = await freePort();
    await set(wwwSsl, { disabled: false, port, certificate: router.item('one').id });
    const before = await openTls(port);
    expect(before.getPeerCertificate().subject.CN).toBe('one');
    expect(await ask(before, '/a')).toBe('a 127.0.0.1 true');
    await set(wwwSsl, { certificate: router.item('two').id });
    const after = await openTls(port);
    expect(after.getPeerCertificate().subject.CN).toBe('two');
    expect(await ask(before, '/b')).toBe('b 127.0.0.1 true');
    expect(await ask(after, '/c')).toBe('c 127.0.0.1 true');
  });

  it('sends the CAs between its certificate and the root', async () => {
    const { router, set } = await started();
    await router.newCa('root');
    router.add({ name: 'middle', commonName: 'middle', keyUsage: ['key-cert-sign', 'crl-sign'] });
    await router.sign('middle', { ca: 'root' });
    await router.issue('server', 'middle');
    const port = await freePort();
    await set(wwwSsl, { disabled: false, port, certificate: router.item('server').id });
    const { issuerCertificate } = (await openTls(port)).getPeerCertificate(true);
    expect(issuerCertificate.subject.CN).toBe('middle');
    expect(issuerCertificate.issuerCertificate).toBeUndefined();
  });

  it('speaks TLS 1.2 alone where that is wanted', async () => {
    const { router, set } = await started();
    await router.newCa('root');
    await router.issue('server', 'root');
    const port = await freePort();
    await set(wwwSsl, { disabled: false, port, certificate: router.item('server').id, tlsVersion: 'only-1.2' });
    expect((await openTls(port)).getProtocol()).toBe('TLSv1.2');
    await set(wwwSsl, { tlsVersion: 'any' });
    expect((await openTls(port)).getProtocol()).toBe('TLSv1.3');
  });

  it('is spoken to in vain without a certificate, and the log says why', async () => {
    const { router, set, log } = await started();
    await router.newCa('root');
    const port = await freePort();
    await set(wwwSsl, { disabled: false, port, certificate: router.item('root').id });
    router.certificates.remove([router.item('root').id]);
    await expect(openTls(port)).rejects.toThrow(/disconnected|reset/);
    await vi.waitFor(() => expect(log).toEqual(['info: www-ssl: 127.0.0.1: it has no certificate: set certificate=']), patience);
  });

  it('does not mind what is no TLS', async () => {
    const { router, set, log } = await started();
    await router.newCa('root');
    const port = await freePort();
    await set(wwwSsl, { disabled: false, port, certificate: router.item('root').id });
    const socket = await open(port);
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: r\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    await vi.waitFor(() => expect(log).toEqual([expect.stringMatching(/^info: www-ssl: 127.0.0.1: /)]), patience);
    expect(await ask(await openTls(port), '/')).toBe(' 127.0.0.1 true');
  });
});

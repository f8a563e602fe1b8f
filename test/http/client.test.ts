import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, type ClientOptions, type ClientRequest, type ClientResponse } from '../../src/http/client.ts';
import { Headers } from '../../src/http/headers.ts';
import { usualLimits } from '../../src/http/limits.ts';
import { urlOf } from '../../src/http/url.ts';
import { CancelSource, neverCancelled } from '../../src/platform/cancel.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { patience } from '../patience.ts';
import { kinds, selfSigned } from '../platform/contract/tls-identity.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

const options: ClientOptions = {
  limits: usualLimits,
  patience: 20_000,
  total: 60_000,
  cancel: neverCancelled,
  mayAsk: () => undefined,
  trust: () => Promise.reject(new Error('nobody is trusted here')),
};

function get(url: string, given: Partial<ClientOptions> = {}, more: Partial<ClientRequest> = {}): Promise<ClientResponse> {
  return ask(new NodeNetwork(), new NodeClock(), { method: 'GET', url: urlOf(url), ...more }, { ...options, ...given });
}

async function textOf(response: ClientResponse): Promise<string> {
  try {
    return Buffer.from(await response.body.bytes()).toString('latin1');
  } finally {
    response.close();
  }
}

/** What a server that says just this is understood as. */
async function answered(answer: string, given: Partial<ClientOptions> = {}, method = 'GET'): Promise<string> {
  const port = await listening(
    createSocketServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(Buffer.from(answer, 'latin1')));
    }),
  );
  return textOf(await get(`http://127.0.0.1:${port}/`, given, { method }));
}

describe('a client', () => {
  it("asks Node's server, and reads what it answers", async () => {
    const asked: IncomingMessage[] = [];
    const port = await listening(
      createServer((request, response) => {
        asked.push(request);
        request.setEncoding('utf8').on('data', (text) => response.write(`heard ${text}`));
        request.on('end', () => response.end(', done'));
      }),
    );
    const content = new Uint8Array(Buffer.from('words'));
    const response = await get(
      `http://localhost:${port}/path?query`,
      {},
      { method: 'POST', headers: new Headers([['X-Test', 'yes']]), content },
    );
    expect(response.status).toBe(200);
    expect(await textOf(response)).toBe('heard words, done');
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: '/path?query',
      headers: { host: `localhost:${port}`, 'x-test': 'yes', 'content-length': '5', connection: 'close', 'accept-encoding': 'identity' },
    });
  });

  it('sends a body of unknown length in chunks', async () => {
    const heard = vi.fn<(text: string) => void>();
    const port = await listening(
      createServer((request, response) => {
        request.setEncoding('utf8').on('data', heard);
        request.on('end', () => response.end(request.headers['transfer-encoding']));
      }),
    );
    const pieces = (async function* pieces() {
      for (const piece of ['a', 'b']) yield await Promise.resolve(new Uint8Array(Buffer.from(piece)));
    })();
    expect(await textOf(await get(`http://127.0.0.1:${port}/`, {}, { method: 'PUT', content: { pieces } }))).toBe('chunked');
    expect(heard.mock.calls.flat().join('')).toBe('ab');
  });

  describe('over TLS', () => {
    const identity = selfSigned(kinds['P-256']());

    async function secure(handle: RequestListener): Promise<number> {
      return listening(createSecureServer({ cert: readFileSync(identity.certificateFile), key: readFileSync(identity.keyFile) }, handle));
    }

    it('shows the certificate before it sends anything, and goes on where that is trusted', async () => {
      const handle = vi.fn<RequestListener>((_, response) => response.end('secret'));
      const port = await secure(handle);
      const trust = vi.fn<ClientOptions['trust']>(() => {
        expect(handle).not.toHaveBeenCalled();
        return Promise.resolve();
      });
      expect(await textOf(await get(`https://localhost:${port}/`, { trust }))).toBe('secret');
      expect(trust).toHaveBeenCalledExactlyOnceWith(identity.settings.certificates, 'localhost');
    });

    it('takes no answer that may have been cut', async () => {
      const port = await secure((_, response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\n\r\nhalf of it');
      });
      await expect(get(`https://localhost:${port}/`, { trust: () => Promise.resolve() })).rejects.toThrow('does not say where it ends');
    });

    it('sends nothing to who is not trusted', async () => {
      const handle = vi.fn<RequestListener>((_, response) => response.end());
      const port = await secure(handle);
      await expect(get(`https://localhost:${port}/`)).rejects.toThrow('nobody is trusted here');
      expect(handle).not.toHaveBeenCalled();
    });
  });

  it('asks nobody who may not be asked', async () => {
    const handle = vi.fn<RequestListener>((_, response) => response.end());
    const port = await listening(createServer(handle));
    const mayAsk = (peer: string): void => {
      throw new Error(`${peer} is not to be asked`);
    };
    await expect(get(`http://localhost:${port}/`, { mayAsk })).rejects.toThrow(/^(127\.0\.0\.1|\[::1\]):\d+ is not to be asked$/);
    expect(handle).not.toHaveBeenCalled();
  });

  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody and more', 'body'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n', 'body'],
    ['the end', 'HTTP/1.1 200 OK\r\n\r\nbody', 'body'],
    ['the end, as before', 'HTTP/1.0 200 OK\r\n\r\nbody', 'body'],
    ['no reason', 'HTTP/1.1 200 \r\nContent-Length: 4\r\n\r\nbody', 'body'],
    ['interim answers', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody', 'body'],
    ['nothing', 'HTTP/1.1 204 No Content\r\n\r\nbody', ''],
  ])('finds the body by %s', async (_, answer, body) => {
    expect(await answered(answer)).toBe(body);
  });

  it('knows that an answer to HEAD has no body', async () => {
    expect(await answered('HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n', {}, 'HEAD')).toBe('');
  });

  it.each([
    ['noise', '\u0015\u0003\u0003\u0000\u0002\u0002\n\n', 'HttpError'],
    ['SSH', 'SSH-2.0-dropbear\r\n', 'HttpError'],
    ['a status that is none', 'HTTP/1.1 2000 OK\r\n\r\n', 'HttpError'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n', 'HttpError'],
    ['nothing', '', 'Interrupted'],
    ['half a header', 'HTTP/1.1 200 OK\r\nContent-', 'Interrupted'],
    ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nbody', 'Interrupted'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nbody', 'Interrupted'],
    ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n', 'Interrupted'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody', 'HttpError'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'HttpError'],
    ['too much', 'HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n', 'HttpError'],
    ['too much, without saying so', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1_100_000)}`, 'HttpError'],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', 'HttpError'],
    ['interim answers without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20), 'HttpError'],
    ['a header without end', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(5000)}`, 'HttpError'],
    ['lone line feeds', 'HTTP/1.1 200 OK\nContent-Length: 4\n\nbody', 'HttpError'],
    [
      'compressed bytes',
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n${gzipSync('x'.repeat(100_000)).toString('latin1')}`,
      'HttpError',
    ],
  ])('refuses a server that says %s', async (_, answer, name) => {
    await expect(answered(answer)).rejects.toThrow(expect.objectContaining({ name }));
  });

  it('does not wait for ever for a server that sends a byte now and then', async () => {
    const port = await listening(
      createSocketServer((socket) => {
        socket.on('error', () => undefined);
        const drip = setInterval(() => socket.write('x'), 10);
        socket.on('close', () => clearInterval(drip));
      }),
    );
    await expect(get(`http://127.0.0.1:${port}/`, { total: 100 })).rejects.toThrow(expect.objectContaining({ code: 'unreachable' }));
  });

  it('does not wait for ever for a server that takes nothing, and can be cancelled', async () => {
    const port = await listening(createSocketServer((socket) => socket.pause().on('error', () => undefined)));
    const url = `http://127.0.0.1:${port}/`;
    const content = new Uint8Array(50_000_000);
    await expect(get(url, { patience: 50 }, { method: 'PUT', content })).rejects.toThrow(expect.objectContaining({ code: 'unreachable' }));
    const source = new CancelSource();
    const asking = get(url, { cancel: source }, { method: 'PUT', content });
    setTimeout(() => source.cancel(), 50);
    await expect(asking).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
  });

  it('leaves no connection behind that was read to its end', async () => {
    const server = createServer((_, response) => response.end('body'));
    const port = await listening(server);
    await (await get(`http://127.0.0.1:${port}/`)).body.bytes();
    const connections = (): Promise<number> =>
      new Promise((resolve) => {
        server.getConnections((_, count) => resolve(count));
      });
    await expect.poll(connections, { interval: 5, timeout: patience }).toBe(0);
  });

  it.each([
    ['a method', { method: 'GET / HTTP/1.1\r\nX: y\r\n\r\n' }],
    ['a target', { url: { scheme: 'http', host: '127.0.0.1', port: 0, target: '/ HTTP/1.1\r\nX:' } }],
    ['a field of its own', { headers: new Headers([['Content-Length', '7']]) }],
  ] as const)('lets nobody write a message with %s', async (_, more) => {
    const asked = vi.fn<RequestListener>((_request, response) => response.end());
    const port = await listening(createServer(asked));
    const url = 'url' in more ? { ...more.url, port } : urlOf(`http://127.0.0.1:${port}/`);
    await expect(get('http://127.0.0.1/', {}, { ...more, url })).rejects.toThrow(RangeError);
    expect(asked).not.toHaveBeenCalled();
  });

  it.each([
    ['says nothing', ''],
    ['stops in its header', 'HTTP/1.1 200 OK\r\nX: '],
    ['stops in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbo'],
  ])('does not wait for ever for a server that %s, and can be cancelled', async (_, part) => {
    const port = await listening(
      createSocketServer((socket) => {
        socket.on('error', () => undefined);
        socket.write(part);
      }),
    );
    const url = `http://127.0.0.1:${port}/`;
    await expect(get(url, { patience: 50 }).then(textOf)).rejects.toThrow(
      expect.objectContaining({ name: 'NetworkError', code: 'unreachable' }),
    );
    const source = new CancelSource();
    const asking = get(url, { cancel: source }).then(textOf);
    setTimeout(() => source.cancel(), 20);
    await expect(asking).rejects.toThrow(expect.objectContaining({ name: 'Cancelled' }));
  });
});

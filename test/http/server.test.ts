import { describe, expect, it, vi } from 'vitest';
import { HttpError } from '../../src/http/error.ts';
import { Headers } from '../../src/http/headers.ts';
import type { Request } from '../../src/http/request.ts';
import { type Handler, type Response, serveHttp } from '../../src/http/server.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { patience } from '../patience.ts';
import { converse } from './conversation.ts';
import { hostileChunks, hostileRequests } from './hostile.ts';

function text(content: string, status = 200): Response {
  return { status, headers: new Headers([['Content-Type', 'text/plain']]), content: new Uint8Array(Buffer.from(content)) };
}

/** Says what it was asked. */
const echo: Handler = async (request) => {
  const body = Buffer.from(await request.body.bytes()).toString();
  return text(`${request.method} ${JSON.stringify(request.target)} ${body}`);
};

const next = 'GET /next HTTP/1.1\r\nHost: router.lan\r\n\r\n';

describe('a hostile request', () => {
  it.each(hostileRequests)('%s is refused, and what follows it not heard', async (_, message, status) => {
    const handle = vi.fn<Handler>(echo);
    const { statuses, failures, answer } = await converse(`${message}${next}`, handle);
    expect(statuses).toEqual([status]);
    expect(handle).not.toHaveBeenCalled();
    expect(failures).toEqual([expect.objectContaining({ name: 'HttpError', status })]);
    expect(answer).toContain('Connection: close\r\n');
  });

  it.each(hostileRequests)('%s is refused byte by byte', async (_, message, status) => {
    expect((await converse(message, echo, { pieces: 1 })).statuses).toEqual([status]);
  });

  it.each(hostileChunks)('of chunks: %s', async (_, body, status) => {
    const message = `POST / HTTP/1.1\r\nHost: router.lan\r\nTransfer-Encoding: chunked\r\n\r\n${body}${next}`;
    const { statuses } = await converse(message, echo);
    expect(statuses).toEqual([status]);
    expect((await converse(message, echo, { pieces: 7 })).statuses).toEqual([status]);
    // Also where the handler does not care for the body.
    expect((await converse(message, () => Promise.resolve(text('done')))).statuses).toEqual([200]);
  });

  it.each([
    'GET / HTTP/1.1\r\nHost: rou',
    'POST / HTTP/1.1\r\nHost: r\r\nContent-Length: 9\r\n\r\nabc',
    'POST / HTTP/1.1\r\nHost: r\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
  ])('that ends too early is answered with nothing: %j', async (message) => {
    expect(await converse(message, echo)).toEqual({ answer: '', statuses: [], failures: [] });
  });
});

describe('a server', () => {
  it('answers one request after the other on one connection', async () => {
    const { answer, statuses } = await converse(
      'GET /a/b%20c/?x=1+2&y=%C3%A9&z&x= HTTP/1.1\r\nHost: router.lan\r\n\r\n' +
        'POST /d HTTP/1.1\r\nhost: router.lan:8080\r\ncontent-length: 4\r\n\r\nbody' +
        'PUT /e HTTP/1.1\r\nHost: [fe80::1]\r\nTransfer-Encoding: Chunked\r\n\r\n2;q="a"\r\nbo\r\n2\r\ndy\r\n0\r\nTrailer: x\r\n\r\n' +
        '\r\nGET http://router.lan/f?g HTTP/1.1\r\nHost: router.lan\r\n\r\n',
      echo,
    );
    expect(statuses).toEqual([200, 200, 200, 200]);
    expect(answer).toContain('GET {"path":["a","b c"],"query":[["x","1 2"],["y","é"],["z",""],["x",""]]}'.replace('é', '\u00c3\u00a9'));
    expect(answer).toContain('POST {"path":["d"],"query":[]} body');
    expect(answer).toContain('PUT {"path":["e"],"query":[]} body');
    expect(answer).toContain('GET {"path":["f"],"query":[["g",""]]}');
    expect(answer).toContain('Date: Sun, 09 Sep 2001 01:46:40 GMT\r\n');
    expect(answer).not.toContain('Connection:');
  });

  it.each([
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: r\r\nConnection: upgrade, Close\r\n\r\n',
  ])('ends the connection where the client wants it: %j', async (message) => {
    const { answer, statuses } = await converse(message + next, echo);
    expect(statuses).toEqual([200]);
    expect(answer).toContain('Connection: close\r\n');
  });

  it('sends bodies of unknown length in chunks, and to HTTP/1.0 up to the end', async () => {
    const streaming: Handler = () =>
      Promise.resolve({
        status: 200,
        headers: new Headers(),
        content: {
          pieces: (async function* pieces() {
            for (const piece of ['first ', '', 'second']) yield await Promise.resolve(new Uint8Array(Buffer.from(piece)));
          })(),
        },
      });
    expect((await converse(next, streaming)).answer).toMatch(
      /Transfer-Encoding: chunked\r\n.*\r\n\r\n6\r\nfirst \r\n6\r\nsecond\r\n0\r\n\r\n$/s,
    );
    expect((await converse('GET / HTTP/1.0\r\n\r\n', streaming)).answer).toMatch(/Connection: close\r\n\r\nfirst second$/);
  });

  it('sends no body where there is none, and says how long it would be', async () => {
    expect((await converse(`HEAD / HTTP/1.1\r\nHost: r\r\n\r\n${next}`, () => Promise.resolve(text('four')))).answer).toMatch(
      /^HTTP\/1\.1 200 OK\r\n.*Content-Length: 4\r\n.*?\r\n\r\nHTTP\/1\.1 200 OK/s,
    );
    for (const status of [204, 304]) {
      const { answer } = await converse(next, () =>
        Promise.resolve({ status, headers: new Headers([['ETag', '"a"']]), content: new Uint8Array() }),
      );
      expect(answer).toMatch(/\r\n\r\n$/);
      expect(answer).not.toMatch(/Content-Length|Transfer-Encoding/);
    }
  });

  it('tells a client to go on when somebody reads its body, and not before', async () => {
    const message = 'POST / HTTP/1.1\r\nHost: r\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n';
    const read = await converse(`${message}body`, echo);
    expect(read.statuses).toEqual([100, 200]);
    const unread = await converse(message, () => Promise.resolve(text('no', 413)));
    expect(unread.statuses).toEqual([413]);
    expect(unread.answer).toContain('Connection: close');
  });

  it('goes on after a body that nobody read, and ends after a long one', async () => {
    const post = (length: number): string => `POST / HTTP/1.1\r\nHost: r\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`;
    const deaf: Handler = () => Promise.resolve(text('done'));
    expect((await converse(post(1000) + next, deaf)).statuses).toEqual([200, 200]);
    expect((await converse(post(1_000_000) + next, deaf, { pieces: 10_000 })).statuses).toEqual([200]);
  });

  it('answers what a handler throws, and tells nobody what it was', async () => {
    const failure = new Error('the secret reason');
    const { answer, statuses, failures } = await converse(next, () => Promise.reject(failure));
    expect(statuses).toEqual([500]);
    expect(answer).not.toContain('secret');
    expect(failures).toEqual([failure]);
    const refused = await converse(next + next, () => Promise.reject(new HttpError(415, 'no such type')));
    expect(refused.statuses).toEqual([415, 415]);
    expect(refused.answer).toContain('no such type');
  });

  it('does not let a field write another one', async () => {
    const { statuses, failures } = await converse(next, () =>
      Promise.resolve({ ...text('x'), headers: new Headers([['X', 'a\r\nSet-Cookie: b']]) }),
    );
    expect(statuses).toEqual([500]);
    expect(failures).toHaveLength(1);
  });

  it('says in the log that a body is not as long as it was said to be', async () => {
    for (const length of [3, 5]) {
      const pieces = (async function* pieces() {
        yield await Promise.resolve(new Uint8Array(4));
      })();
      const { failures } = await converse(next, () =>
        Promise.resolve({ status: 200, headers: new Headers(), content: { pieces, length } }),
      );
      expect(failures).toEqual([expect.any(RangeError)]);
    }
  });

  describe('does not wait for ever', () => {
    const times = { idle: 30, header: 30, body: 30 };

    it.each([
      ['a first byte', ''],
      ['the rest of a header', 'GET / HTTP/1.1\r\nHost: r'],
    ])('for %s', async (_, message) => {
      const { answer } = await converse(message, echo, { hangs: true, times });
      expect(answer).toBe('');
    });

    it('for the rest of a body', async () => {
      const handle = vi.fn<(request: Request) => Promise<Response>>(echo);
      const { statuses } = await converse('POST / HTTP/1.1\r\nHost: r\r\nContent-Length: 9\r\n\r\nabc', handle, { hangs: true, times });
      expect(statuses).toEqual([]);
      expect(handle).toHaveBeenCalledOnce();
    });

    it('for the next request', async () => {
      expect((await converse(next, echo, { hangs: true, times })).statuses).toEqual([200]);
    });

    it('for a client that takes nothing', async () => {
      const network = new NodeNetwork();
      const options = { clock: new NodeClock(), times, now: () => undefined, failed: () => undefined };
      const handle: Handler = () => Promise.resolve({ status: 200, headers: new Headers(), content: new Uint8Array(50_000_000) });
      const served: Promise<void>[] = [];
      const listener = await network.listenTcp(0, '127.0.0.1', (connection) => served.push(serveHttp(connection, handle, options)));
      const client = await network.connectTcp('127.0.0.1', Number(listener.address.replace(/.*:/, '')), neverCancelled);
      await client.write(new Uint8Array(Buffer.from(next)));
      await vi.waitUntil(() => served.length === 1, { interval: 1, timeout: patience });
      await expect(served[0]).resolves.toBeUndefined();
      client.close();
      await listener.close();
    });

    it('but lets a handler take its time', async () => {
      const slow: Handler = async () => {
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
        return text('at last');
      };
      expect((await converse(next, slow, { hangs: true, times })).answer).toContain('at last');
    });
  });
});

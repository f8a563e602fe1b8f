import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, expect } from 'vitest';
import { findTool } from '../../scripts/tools.ts';
import { Headers } from '../../src/http/headers.ts';
import { serveHttp } from '../../src/http/server.ts';
import type { Listener } from '../../src/platform/network.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { newPath, testWith } from '../judges/run.ts';
import { kinds, selfSigned } from '../platform/contract/tls-identity.ts';

const listeners: Listener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

const identity = selfSigned(kinds['P-256']());

/** A server that says how long the body was that it was sent. */
async function counting(secure: boolean): Promise<string> {
  const clock = new NodeClock();
  const listener = await new NodeNetwork().listenTcp(0, '127.0.0.1', (connection) => {
    void (secure ? connection.serveTls(identity.settings) : Promise.resolve(connection)).then((ready) =>
      serveHttp(
        ready,
        async ({ method, body }) => {
          let length = 0;
          for await (const piece of body) length += piece.length;
          return { status: 200, headers: new Headers([['X-Method', method]]), content: new Uint8Array(Buffer.from(`${length} bytes`)) };
        },
        { clock, now: () => clock.now(), failed: (error) => expect.unreachable(String(error)) },
      ),
    );
  });
  listeners.push(listener);
  return listener.address.replace('127.0.0.1', 'router.lan');
}

async function curl(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(findTool('curl') ?? 'curl', ['--silent', '--show-error', '--fail', ...args]);
  return stdout;
}

const judged = testWith('curl');

judged('curl is served over TLS, one request after the other on one connection', async () => {
  const at = await counting(true);
  const port = at.replace(/.*:/, '');
  const url = `https://${at}/x`;
  const trust = ['--resolve', `router.lan:${port}:127.0.0.1`, '--cacert', identity.certificateFile];
  const said = await curl(...trust, '--write-out', ' %{num_connects}\n', url, url, url);
  expect(said).toBe('0 bytes 1\n0 bytes 0\n0 bytes 0\n');
});

judged('curl sends large bodies: with a length, after being told to go on, and in chunks', async () => {
  const at = await counting(false);
  const port = at.replace(/.*:/, '');
  const file = newPath('.bin');
  writeFileSync(file, Buffer.alloc(1_000_000, 7));
  const there = ['--resolve', `router.lan:${port}:127.0.0.1`, `http://${at}/`];
  expect(await curl('--data-binary', `@${file}`, ...there)).toBe('1000000 bytes');
  expect(await curl('--data-binary', `@${file}`, '--header', 'Expect: 100-continue', ...there)).toBe('1000000 bytes');
  expect(await curl('--upload-file', file, '--header', 'Transfer-Encoding: chunked', ...there)).toBe('1000000 bytes');
  expect(await curl('--head', ...there)).toMatch(/^HTTP\/1\.1 200 OK\r\nX-Method: HEAD\r\nContent-Length: 7\r\nDate: .* GMT\r\n/);
  expect(await curl('--http1.0', ...there)).toBe('0 bytes');
});

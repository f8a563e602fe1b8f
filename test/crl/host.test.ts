import { describe, expect, it } from 'vitest';
import { CrlHost } from '../../src/crl/host.ts';
import { CrlIssuer, crlLifetime } from '../../src/crl/issue.ts';
import type { Handler } from '../../src/http/server.ts';
import { decodeCrl } from '../../src/x509/crl.ts';
import { day, noon, Router } from '../certificates/router.ts';
import { converse } from '../http/conversation.ts';

async function started() {
  const router = await Router.start();
  await router.newCa('root', {}, { caCrlHosts: ['crl.example'] });
  await router.issue('server', 'root');
  const { store, clock, crypto } = router;
  const host = new CrlHost(new CrlIssuer({ store, clock, crypto, builtAt: noon - day, log: () => undefined }), clock);
  store.onChange(() => host.forget());
  const handler: Handler = (request) => host.answer(request, request.target.path.slice(1));
  const ask = async (path: string, fields: Readonly<Record<string, string>> = {}, method = 'GET') => {
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const { answer } = await converse(`${method} /crl/${path} HTTP/1.1\r\nHost: r\r\n${lines.join('')}\r\n`, handler);
    const end = answer.indexOf('\r\n\r\n');
    const header: Readonly<Record<string, string>> = Object.fromEntries(
      [...answer.slice(0, end).matchAll(/^([^:\r\n]+): ([^\r\n]*)/gm)].map(([, name = '', value = '']): [string, string] => [name, value]),
    );
    return { status: Number(answer.slice(9, 12)), header, body: Buffer.from(answer.slice(end + 4), 'latin1') };
  };
  return { router, ask };
}

describe('a CRL over HTTP', () => {
  it('is served as what it is, and may be kept until its nextUpdate', async () => {
    const { ask } = await started();
    const { status, header, body } = await ask('1.crl');
    expect(status).toBe(200);
    expect(header).toMatchObject({
      'Content-Type': 'application/pkix-crl',
      'Cache-Control': `max-age=${crlLifetime}`,
      'Last-Modified': new Date(noon * 1000).toUTCString(),
    });
    expect(header['ETag']).toMatch(/^"[0-9a-f]{16}-[0-9]+"$/);
    expect(body.length).toBe(Number(header['Content-Length']));
  });

  it('is not sent to who has it', async () => {
    const { ask } = await started();
    const { header } = await ask('1.crl');
    const tag = header['ETag'] ?? '';
    for (const fields of [
      { 'If-None-Match': tag },
      { 'If-None-Match': `"x", W/${tag}` },
      { 'If-None-Match': '*' },
      { 'If-Modified-Since': header['Last-Modified'] ?? '' },
    ]) {
      const { status, header: again, body } = await ask('1.crl', fields);
      expect({ status, body: body.length, tag: again['ETag'] }, JSON.stringify(fields)).toEqual({ status: 304, body: 0, tag });
    }
    // RFC 9110 13.1.3: where both are given, the tag counts.
    expect((await ask('1.crl', { 'If-None-Match': '"x"', 'If-Modified-Since': header['Last-Modified'] ?? '' })).status).toBe(200);
    expect((await ask('1.crl', { 'If-Modified-Since': 'yesterday' })).status).toBe(200);
  });

  it('is not said to be good for long, nor unchanged, by a clock that is behind it', async () => {
    const { router, ask } = await started();
    const { header } = await ask('1.crl');
    router.clock.time = 86_400;
    const behind = await ask('1.crl');
    expect([behind.status, behind.header['Cache-Control']]).toEqual([200, 'no-cache']);
    const later = new Date((noon + 86_400) * 1000).toUTCString();
    expect((await ask('1.crl', { 'If-Modified-Since': later })).status).toBe(200);
    expect((await ask('1.crl', { 'If-Modified-Since': header['Last-Modified'] ?? '' })).status).toBe(304);
  });

  it('is not unchanged by its date, where two were made in one second', async () => {
    const { router, ask } = await started();
    const { header } = await ask('1.crl');
    router.certificates.revoke([router.item('server').id]);
    const second = await ask('1.crl', { 'If-Modified-Since': header['Last-Modified'] ?? '' });
    expect([second.status, second.header['Last-Modified']]).toEqual([200, header['Last-Modified']]);
  });

  it('is not served when it is out of date', async () => {
    const { router, ask } = await started();
    await ask('1.crl');
    router.certificates.set([router.item('root').id], { name: 'old' });
    router.clock.time = (router.item('old').invalidAfter ?? 0) + crlLifetime;
    expect((await ask('1.crl')).status).toBe(503);
  });

  it('is another one from a revocation on', async () => {
    const { router, ask } = await started();
    const first = await ask('1.crl');
    router.clock.time += 60;
    router.certificates.revoke([router.item('server').id]);
    const second = await ask('1.crl', { 'If-None-Match': first.header['ETag'] ?? '' });
    expect(second.status).toBe(200);
    expect(decodeCrl(new Uint8Array(second.body)).revoked).toHaveLength(1);
  });

  it.each(['2.crl', '0.crl', '01.crl', '1', '1.crl.', '1.CRL', '-1.crl', '1e0.crl', 'x', '9999999999.crl'])(
    'is not found as %s',
    async (path) => {
      const { ask } = await started();
      expect((await ask(path)).status).toBe(404);
    },
  );

  it('can be read, and nothing else', async () => {
    const { ask } = await started();
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'get']) {
      const { status, header } = await ask('1.crl', {}, method);
      expect([status, header['Allow']], method).toEqual([405, 'GET, HEAD']);
    }
    const { status, header, body } = await ask('1.crl', {}, 'HEAD');
    expect([status, body.length]).toEqual([200, 0]);
    expect(Number(header['Content-Length'])).toBeGreaterThan(100);
  });
});

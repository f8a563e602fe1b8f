import { beforeEach, describe, expect, it } from 'vitest';
import { command, directory, nothing } from '../../src/menu/command.ts';
import type { AuditRecord } from '../../src/menu/invoke.ts';
import { Cancelled } from '../../src/platform/cancel.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { request } from './request.ts';
import { RestRouter } from './rest-router.ts';

let rest: RestRouter;

beforeEach(async () => {
  rest = await RestRouter.start();
});

describe('a path', () => {
  it.each([
    ['GET', '/nothing', 406, 'no such command or directory (nothing)'],
    ['GET', '/system', 406, 'no such command or directory (print)'],
    ['GET', '/system/backup/x', 406, 'no such command or directory (x)'],
    ['DELETE', '/log/*1', 406, 'no such command or directory (remove)'],
    ['POST', '/certificate/signs', 406, 'no such command or directory (signs)'],
    ['POST', '/cert/print', 406, 'no such command or directory (cert)'],
    ['POST', '/certificate/*1/sign', 406, 'no such command or directory (*1)'],
    ['POST', '/constructor', 406, 'no such command or directory (constructor)'],
    ['PATCH', '/certificate', 400, 'missing or invalid resource identifier'],
    ['DELETE', '/certificate', 400, 'missing or invalid resource identifier'],
    ['PATCH', '/system/identity', 400, 'missing or invalid resource identifier'],
  ])('%s %s is refused by %i', async (method, path, status, detail) => {
    const { json } = await rest.ask(method, path);
    expect(json).toMatchObject({ detail, error: status });
  });

  it.each([
    ['OPTIONS', '/certificate', 'GET, HEAD, PUT, PATCH, DELETE, POST'],
    ['constructor', '/certificate', 'GET, HEAD, PUT, PATCH, DELETE, POST'],
    ['POST', '/certificate', 'GET, PUT'],
    ['PUT', '/certificate/CA', 'GET, PATCH, DELETE'],
    ['GET', '/certificate/sign', 'POST'],
  ])('%s %s is refused with what may be asked', async (method, path, allowed) => {
    const { status, headers } = await rest.ask(method, path);
    expect([status, headers.get('Allow')]).toEqual([405, allowed]);
  });

  it('names an item by its name, even by that of a command', async () => {
    await rest.ask('PUT', '/certificate', { name: 'sign', 'common-name': 'x' });
    expect(await rest.json('GET', '/certificate/sign')).toMatchObject({ name: 'sign' });
  });

  it('names a file in a folder', async () => {
    await rest.ask('PUT', '/file', { name: 'vpn', type: 'directory' });
    await rest.ask('PUT', '/file', { name: 'vpn/a.txt', contents: 'text' });
    expect(await rest.json('GET', '/file/vpn/a.txt')).toMatchObject({ name: 'vpn/a.txt', contents: 'text' });
  });
});

describe('a list', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b']) await rest.ask('PUT', '/certificate', { name, 'common-name': `${name}.lan`, trusted: name === 'a' });
  });

  it.each([
    ['?name=a', ['a']],
    ['?trusted=true', ['a']],
    ['?trusted=yes&name=b', []],
    ['?.id=*2', ['b']],
    ['?.id=*99', []],
    ['?days-valid=365', ['a', 'b']],
    ['?subject-alt-name=', ['a', 'b']],
  ])('%s has what is equal', async (query, names) => {
    expect(await rest.json('GET', `/certificate${query}${query.includes('?') ? '&' : '?'}.proplist=name`)).toEqual(
      names.map((name) => ({ name })),
    );
  });

  it('has the properties that are asked for, by GET and by POST', async () => {
    const both = [
      { '.id': '*1', 'common-name': 'a.lan' },
      { '.id': '*2', 'common-name': 'b.lan' },
    ];
    expect(await rest.json('GET', '/certificate?.proplist=common-name,.id')).toEqual(both);
    expect(await rest.json('POST', '/certificate/print', { '.proplist': 'common-name,.id' })).toEqual(both);
    expect(await rest.json('POST', '/certificate/print', { '.proplist': ['.id', 'common-name'], detail: '' })).toEqual(both);
  });

  it('has its keys in alphabetical order', async () => {
    const { text } = await rest.ask('GET', '/certificate/a');
    const keys = [...text.matchAll(/"([^"]+)":/g)].map(([, key = '']) => key);
    expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it.each(['?shoe-size=4', '?.query=name', '?.proplist=name&.proplist=ca', '?__proto__=x'])('%s is refused', async (query) => {
    expect(await rest.ask('GET', `/certificate${query}`)).toMatchObject({
      status: 400,
      json: { detail: expect.stringContaining('unknown parameter') },
    });
  });

  it.each([
    [{ where: 'name=a' }, 'where is of the console: give .query'],
    [{ file: 'all' }, 'file is of the console'],
    [{ '.proplist': 'shoe-size' }, 'input does not match any value of proplist'],
    [{ '.id': '*1' }, 'unknown parameter .id'],
  ])('%j is refused', async (body, detail) => {
    expect(await rest.ask('POST', '/certificate/print', body)).toMatchObject({ status: 400, json: { detail } });
  });

  it('is sent in pieces where it is long, and read while it is', async () => {
    for (let i = 0; i < 60; i++) await rest.ask('PUT', '/certificate', { name: `c${i}`, 'common-name': 'c'.repeat(60) });
    const answers = (await rest.json('GET', '/certificate')) as unknown[];
    expect(answers.length).toBe(62);
  });
});

describe('an item', () => {
  it.each([
    ['?.proplist=shoe-size', 'unknown parameter shoe-size'],
    ['?name=a', 'unknown parameter name'],
  ])('%s is refused', async (query, detail) => {
    await rest.ask('PUT', '/certificate', { name: 'a' });
    expect(await rest.ask('GET', `/certificate/a${query}`)).toMatchObject({ status: 400, json: { detail } });
  });

  it.each([
    ['/file', { name: 'a.txt', contents: 'a' }, { name: 'b.txt', contents: 'b' }],
    ['/user', { name: 'ann', group: 'read' }, { name: 'eve', group: 'write', disabled: true }],
    ['/user/group', { name: 'ops', policy: 'read' }, { name: 'dev', comment: 'developers' }],
  ])('of %s is changed by its name, to another name', async (path, made, change) => {
    await rest.json('PUT', path, made);
    const changed = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, String(value)]));
    expect(await rest.json('PATCH', `${path}/${made.name}`, change)).toMatchObject(changed);
    expect(await rest.ask('GET', `${path}/${made.name}`)).toMatchObject({ status: 404, text: '{"error":404,"message":"Not Found"}' });
    expect(await rest.ask('DELETE', `${path}/${change.name}`)).toMatchObject({ status: 204 });
  });

  it('is refused by two names of itself', async () => {
    await rest.ask('PUT', '/certificate', { name: 'a' });
    expect(await rest.ask('PATCH', '/certificate/*1', { '.id': '*2', name: 'b' })).toMatchObject({ status: 400 });
    expect(await rest.ask('PATCH', '/certificate/*1', { numbers: '*1', name: 'b' })).toMatchObject({ status: 400 });
  });

  it('is one: a list of them is none', async () => {
    for (const name of ['a', 'b']) await rest.ask('PUT', '/certificate', { name });
    expect(await rest.ask('DELETE', '/certificate/a,b')).toMatchObject({ status: 404 });
  });
});

describe('a command', () => {
  it('gives the id of what it made, a value, ids, or a number as ret', async () => {
    expect(await rest.json('POST', '/certificate/add', { name: 'a', 'key-usage': 'crl-sign,key-cert-sign' })).toEqual({ ret: '*1' });
    expect(await rest.json('POST', '/certificate/get', { number: 'a', 'value-name': 'key-usage' })).toEqual({
      ret: 'key-cert-sign;crl-sign',
    });
    expect(await rest.json('POST', '/certificate/find', { '.query': 'name=a' })).toEqual({ ret: '*1' });
    expect(await rest.json('POST', '/certificate/print', { 'count-only': '' })).toEqual({ ret: '1' });
  });

  it('takes an item by .id, and refuses it twice', async () => {
    await rest.ask('PUT', '/certificate', { name: 'a' });
    expect(await rest.json('POST', '/certificate/set', { '.id': '*1', name: 'b' })).toEqual([]);
    expect(await rest.ask('POST', '/certificate/set', { '.id': '*1', numbers: 'b' })).toMatchObject({ status: 400 });
  });

  it('knows no numbers of a print', async () => {
    await rest.ask('PUT', '/certificate', { name: 'a' });
    expect(await rest.ask('POST', '/certificate/remove', { numbers: '0' })).toMatchObject({ status: 404 });
    expect(await rest.ask('POST', '/certificate/remove', { numbers: 0 })).toMatchObject({ status: 404 });
  });

  it.each([true, 'yes', 'true'])('takes %j for yes', async (trusted) => {
    expect(await rest.json('PUT', '/certificate', { name: 'a', trusted })).toMatchObject({ trusted: 'true' });
  });

  it('asks nobody for a passphrase', async () => {
    await rest.ask('PUT', '/certificate', { name: 'a', 'common-name': 'a' });
    expect(await rest.ask('POST', '/certificate/create-certificate-request', { template: 'a' })).toMatchObject({
      status: 400,
      json: { detail: 'missing value(s) of argument(s) key-passphrase' },
    });
  });

  it('is refused to who may not, and says so', async () => {
    expect(await rest.ask('POST', '/certificate/add', { name: 'a' }, ['read', 'rest-api'])).toMatchObject({
      status: 403,
      json: { detail: 'not enough permissions (9)', error: 403, message: 'Forbidden' },
    });
  });

  it('that adds gives the id alone to who may not read', async () => {
    expect(await rest.ask('PUT', '/certificate', { name: 'a' }, ['write'])).toMatchObject({ status: 201, json: { '.id': '*1' } });
  });

  it('gives no secret to who lists', async () => {
    expect(JSON.stringify(await rest.json('GET', '/user'))).not.toContain('password');
  });

  it('is not for pages of other sites', async () => {
    const from = (origin: string) => rest.send(request('POST', '/certificate/print', undefined, { Host: 'router.lan', Origin: origin }));
    expect(await from('https://evil.example')).toMatchObject({ status: 403 });
    expect(await from('null')).toMatchObject({ status: 403 });
    expect(await from('https://router.lan')).toMatchObject({ status: 200 });
  });
});

describe('a command that takes its time', () => {
  const slow = (audited: AuditRecord[] = []) => {
    let now = 0;
    const clock = { monotonic: () => now, sleep: new NodeClock().sleep.bind(new NodeClock()) };
    const steps = command({
      does: 'go on',
      needs: [],
      changes: true,
      args: {},
      run: (_, call) => {
        for (const sample of ['1%', '2%', '50%', '99%', 'done']) {
          call.progress(sample);
          now += 400;
        }
        return nothing;
      },
    });
    const forever = command({
      does: 'never end',
      needs: [],
      changes: true,
      args: {},
      run: (_, call) => {
        call.progress('started');
        return new Promise((_resolve, reject) => {
          call.cancel.onCancel(() => reject(new Cancelled()));
        });
      },
    });
    return RestRouter.start({ tree: directory('all', { steps, forever }), clock, audit: (record) => audited.push(record) });
  };

  it('tells how far it is, about once a second, and at its end', async () => {
    expect(await (await slow()).json('POST', '/steps', {})).toEqual([
      { '.section': '0', progress: '1%' },
      { '.section': '1', progress: '99%' },
      { '.section': '2', progress: 'done' },
    ]);
  });

  it('tells only the last with once', async () => {
    expect(await (await slow()).json('POST', '/steps', { once: '' })).toEqual([{ progress: 'done' }]);
  });

  it('is cancelled after its duration, and what it told until then is the answer', async () => {
    expect(await (await slow()).json('POST', '/forever', { duration: '00:00:00.01' })).toEqual([{ '.section': '0', progress: 'started' }]);
  });

  it('is cancelled after a minute', async () => {
    const minutes: number[] = [];
    const clock = { monotonic: () => 0, sleep: (milliseconds: number) => Promise.resolve(void minutes.push(milliseconds)) };
    let cancelled = false;
    const forever = command({
      does: 'never end',
      needs: [],
      args: {},
      run: (_, { cancel }) =>
        new Promise<never>(() => {
          cancel.onCancel(() => {
            cancelled = true;
          });
        }),
    });
    const router = await RestRouter.start({ tree: directory('all', { forever }), clock });
    expect(await router.ask('POST', '/forever')).toMatchObject({
      status: 400,
      text: '{"detail":"Session closed","error":400,"message":"Bad Request"}',
    });
    expect([minutes, cancelled]).toEqual([[60_000], true]);
  });
});

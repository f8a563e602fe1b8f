import { beforeEach, describe, expect, it } from 'vitest';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { authenticated, type RestService } from '../../src/rest/authenticated.ts';
import { restHandler } from '../../src/rest/handler.ts';
import { request } from './request.ts';
import { type Answer, answerOf, RestRouter } from './rest-router.ts';

const unauthorized = '{"error":401,"message":"Unauthorized"}';

let rest: RestRouter;
let service: RestService;

beforeEach(async () => {
  rest = await RestRouter.start();
  const { tree, audit, access } = rest.router;
  service = authenticated(restHandler({ tree, audit, version: '1', clock: new NodeClock() }), access);
  await rest.json('PUT', '/user', { name: 'ann', group: 'read', password: 'correct horse' });
});

async function ask(who: string | undefined, method = 'GET', path = '/certificate', from = '192.0.2.7'): Promise<Answer> {
  const fields: Record<string, string> = who === undefined ? {} : { Authorization: `Basic ${Buffer.from(who).toString('base64')}` };
  const asked = request(method, path, method === 'GET' ? undefined : {}, fields);
  return answerOf(await service(asked, asked.target.path.slice(1), from));
}

describe('REST', () => {
  it('is for who has a name and a password', async () => {
    expect(await ask('ann:correct horse')).toMatchObject({ status: 200, text: '[]' });
  });

  it.each([undefined, 'ann:wrong', 'eve:correct horse', 'admin:', 'ann:'])(
    '%j is answered as all others who are not let in',
    async (who) => {
      const { status, headers, text } = await ask(who);
      expect([status, text, headers.get('WWW-Authenticate')]).toEqual([401, unauthorized, 'Basic realm="signet", charset="UTF-8"']);
    },
  );

  it('is not for a group without rest-api', async () => {
    await rest.json('PUT', '/user/group', { name: 'local', policy: 'read,write,local' });
    await rest.json('PUT', '/user', { name: 'bob', group: 'local', password: 'battery staple' });
    expect(await ask('bob:battery staple')).toMatchObject({ status: 401, text: unauthorized });
  });

  it('does what the group of its user may do', async () => {
    expect(await ask('ann:correct horse', 'PUT')).toMatchObject({ status: 403 });
  });

  it('says that it is busy where too many wait', async () => {
    const busy = authenticated(restHandler({ tree: rest.router.tree, audit: rest.router.audit, version: '1', clock: new NodeClock() }), {
      authenticateRequest: () => Promise.reject(Object.assign(new Error('too many wait to be let in'), { code: 'too-many' })),
    });
    const asked = request('GET', '/log', undefined, { Authorization: 'Basic YTpi' });
    expect(await answerOf(await busy(asked, ['log'], undefined))).toMatchObject({
      status: 503,
      json: { detail: 'too many wait to be let in' },
    });
  });
});

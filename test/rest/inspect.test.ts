import { beforeEach, describe, expect, it } from 'vitest';
import { NetworkLanguage } from '../../src/console/network-language.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { withConsole } from '../../src/rest/console-commands.ts';
import { restHandler } from '../../src/rest/handler.ts';
import { type Policy, policies } from '../../src/users/policies.ts';
import { request } from './request.ts';
import { type Answer, answerOf, RestRouter } from './rest-router.ts';

let rest: RestRouter;
let ask: (path: string, body: unknown, may?: readonly Policy[]) => Promise<Answer>;

beforeEach(async () => {
  rest = await RestRouter.start();
  const { tree, audit } = rest.router;
  const clock = new NodeClock();
  const world = { tree, clock, audit, isCrowded: () => false, saveFile: () => Promise.resolve() };
  const handle = restHandler({ tree: withConsole(tree, new NetworkLanguage(world)), audit, version: '1', clock });
  ask = async (path, body, may = policies) =>
    answerOf(await handle(request('POST', path, body), path.split('/').slice(1), { user: 'admin', policies: new Set(may) }));
});

const inspect = async (body: object): Promise<unknown> => (await ask('/console/inspect', body)).json;

describe('/console/inspect', () => {
  it('tells the children of a menu, of a command, and of an argument', async () => {
    expect(await inspect({ request: 'child', path: '' })).toContainEqual({ type: 'child', name: 'certificate', 'node-type': 'dir' });
    expect(await inspect({ request: 'child', path: '' })).toContainEqual({ type: 'child', name: 'system', 'node-type': 'path' });
    expect(await inspect({ request: 'child', path: 'certificate' })).toContainEqual({ type: 'child', name: 'sign', 'node-type': 'cmd' });
    expect(await inspect({ request: 'child', path: 'certificate,sign' })).toContainEqual({ type: 'child', name: 'ca', 'node-type': 'arg' });
    expect(await inspect({ request: 'child', path: ['certificate', 'sign', 'ca'] })).toEqual([]);
    expect(await inspect({ request: 'self', path: 'certificate,sign' })).toEqual([{ type: 'self', name: 'sign', 'node-type': 'cmd' }]);
  });

  it('refuses a path that leads nowhere', async () => {
    expect(await inspect({ request: 'child', path: 'certificate,nothing' })).toMatchObject({
      error: 406,
      detail: 'no such command or directory (nothing)',
    });
    expect(await inspect({ request: 'child', path: '__proto__' })).toMatchObject({ error: 406 });
  });

  it('tells what an argument takes', async () => {
    expect(await inspect({ request: 'syntax', path: 'certificate,import,trusted' })).toEqual([
      { type: 'syntax', symbol: '', 'symbol-type': 'explanation', text: 'whether the certificates are trusted: yes | no' },
    ]);
  });

  it('completes as the console does', async () => {
    const word = (completion: string, style: string, offset: string) => ({
      type: 'completion',
      completion,
      style,
      offset,
      preference: '96',
      show: 'true',
    });
    expect(await inspect({ request: 'completion', input: '/certificate si' })).toEqual([
      word('sign', 'cmd', '13'),
      word('sign-certificate-request', 'cmd', '13'),
    ]);
    expect(await inspect({ request: 'completion', path: 'certificate', input: 'export' })).toEqual([
      word('export-certificate', 'cmd', '0'),
    ]);
    expect(await inspect({ request: 'completion', path: 'certificate,add', input: 'key-u' })).toEqual([word('key-usage', 'arg', '0')]);
    expect(await inspect({ request: 'completion', path: 'certificate,add', input: 'trusted=n' })).toEqual([word('no', 'none', '8')]);
  });

  it('colours each character', async () => {
    const styles = ['none', ...Array.from({ length: 11 }, () => 'dir'), 'none', 'cmd', 'cmd', 'cmd', 'cmd', 'cmd'];
    expect(await inspect({ request: 'highlight', input: '/certificate print' })).toEqual([
      { type: 'highlight', highlight: styles.join(',') },
    ]);
    expect(await inspect({ request: 'highlight', path: 'certificate,print', input: 'detail' })).toEqual([
      { type: 'highlight', highlight: 'arg,arg,arg,arg,arg,arg' },
    ]);
  });

  it('tells what is wrong', async () => {
    expect(await inspect({ request: 'error', input: '/certificate print' })).toEqual([]);
    expect(await inspect({ request: 'error', input: '/certificate prnt' })).toEqual([
      { type: 'error', text: expect.stringContaining('bad command') },
    ]);
  });

  it('reads no endless line', async () => {
    expect(await inspect({ request: 'highlight', input: ' '.repeat(8193) })).toMatchObject({ error: 400 });
  });
});

describe('/execute', () => {
  const execute = async (script: string, may?: readonly Policy[]): Promise<unknown> =>
    (await ask('/execute', { script, 'as-string': '' }, may)).json;

  it('gives what a script shows', async () => {
    expect(await execute(':put 1; :put [/system/identity/get name]')).toEqual({ ret: '1\r\nrouter\r\n' });
    expect(await execute('/quit')).toEqual({ ret: '' });
  });

  it('says where a script failed', async () => {
    expect(await execute(':put 1\n/certificate/remove nothing')).toEqual({
      detail: 'no such item (/certificate/remove; line 2)',
      error: 400,
      message: 'Bad Request',
    });
  });

  it('may what its caller may', async () => {
    expect(await execute('/certificate/add name=a', ['read'])).toMatchObject({
      error: 400,
      detail: expect.stringContaining('not enough permissions (9)'),
    });
  });

  it('starts nothing that goes on behind it', async () => {
    expect(await ask('/execute', { script: ':put 1' })).toMatchObject({
      status: 400,
      json: { detail: 'missing value(s) of argument(s) as-string' },
    });
  });

  it('ends a script that shows without end, and takes none that is long', async () => {
    expect(await execute(':while (true) do={:put "0123456789012345678901234567890123456789012345678901234567890123456789"}')).toMatchObject(
      {
        error: 400,
        detail: expect.stringContaining('shows at most'),
      },
    );
    expect(await execute(' '.repeat(65_537))).toMatchObject({ error: 400 });
  });
});

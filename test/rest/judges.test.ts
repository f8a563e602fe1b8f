import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import { findTool } from '../../scripts/tools.ts';
import { NetworkLanguage } from '../../src/console/network-language.ts';
import { HttpError } from '../../src/http/error.ts';
import { type Handler, serveHttp } from '../../src/http/server.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { authenticated } from '../../src/rest/authenticated.ts';
import { withConsole } from '../../src/rest/console-commands.ts';
import { restHandler } from '../../src/rest/handler.ts';
import { policies } from '../../src/users/policies.ts';
import { testWith } from '../judges/run.ts';
import { schemathesis } from '../judges/schemathesis.ts';
import { routerIn } from '../router-for-tests.ts';
import { request } from './request.ts';

/** Seconds: half of them go by with each operation's corners, which are tried in any case. */
const limit = 40;

/** A clock that nobody sets: the tests run as whoever runs them. */
class StubbornClock extends NodeClock {
  override set(): void {
    // It is as late as it is.
  }
}

const failures: unknown[] = [];

/** REST of a new router for somebody who may do everything; with `password` for ann who has it, and nobody else. */
async function served(password?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-schemathesis-'));
  const clock = new StubbornClock();
  const router = await routerIn(folder, { clock, reset: () => Promise.resolve() });
  const { tree, audit, access } = router;
  const language = new NetworkLanguage({ tree, clock, audit, isCrowded: () => false, saveFile: () => Promise.resolve() });
  const handle = restHandler({ tree: withConsole(tree, language), audit, version: '1', clock });
  if (password !== undefined) {
    const body = { name: 'ann', group: 'full', password };
    await handle(request('PUT', '/user', body), ['user'], { user: 'admin', policies: new Set(policies) });
  }
  const service = authenticated(handle, access);
  const caller = { user: 'admin', policies: new Set(policies) };
  const listener = await new NodeNetwork().listenTcp(0, '127.0.0.1', (connection) => {
    const options = { clock, now: () => clock.now(), failed: (error: unknown) => failures.push(error) };
    const answer: Handler = (asked) => {
      const path = asked.target.path.slice(1);
      return password === undefined ? handle(asked, path, caller) : service(asked, path, connection.peer);
    };
    void serveHttp(connection, answer, options);
  });
  onTestFinished(async () => {
    await listener.close();
    await router.close();
    rmSync(folder, { recursive: true });
  });
  return `http://${listener.address}/rest`;
}

const judged = testWith('pyca');
const withCurl = testWith('curl');

withCurl('curl makes, changes and removes an item as the manual of RouterOS shows it', async () => {
  const url = await served('correct horse');
  const curl = async (...args: readonly string[]): Promise<string> => {
    const shown = ['--silent', '--show-error', '--write-out', ' %{http_code}', ...args];
    return (await promisify(execFile)(findTool('curl') ?? 'curl', shown)).stdout;
  };
  const json = (method: string, body: string): string[] => ['-X', method, '-H', 'content-type: application/json', '--data', body];
  const ann = ['-u', 'ann:correct horse'];
  expect(await curl(`${url}/certificate`)).toBe('{"error":401,"message":"Unauthorized"} 401');
  expect(await curl('-u', 'ann:wrong', `${url}/certificate`)).toBe('{"error":401,"message":"Unauthorized"} 401');
  expect(await curl(...ann, `${url}/certificate`)).toBe('[] 200');
  expect(await curl(...ann, ...json('PUT', '{"name":"a","days-valid":"0x10"}'), `${url}/certificate`)).toMatch(
    /^\{"\.id":"\*1",.*"days-valid":"16".* 201$/,
  );
  expect(await curl(...ann, ...json('PATCH', '{"trusted":true}'), `${url}/certificate/*1?`)).toMatch(/"trusted":"true".* 200$/);
  expect(await curl(...ann, ...json('POST', '{"numbers":"a"}'), `${url}/certificate/remove`)).toBe('[] 200');
  expect(await curl(...ann, '-X', 'DELETE', `${url}/certificate/*1`)).toBe('{"error":404,"message":"Not Found"} 404');
  expect(await curl(...ann, '--data', 'name=a', `${url}/certificate/add`)).toMatch(/"error":415.* 415$/);
  expect(await curl(...ann, '--head', `${url}/certificate`)).toMatch(/^HTTP\/1\.1 200 OK/);
});

judged(
  'schemathesis finds nothing that the router fails at, and every answer as it is described',
  { timeout: 3 * limit * 1000 },
  async () => {
    const said = await schemathesis(`${await served()}/openapi.json`, limit);
    expect(said).toMatch(/Tested: \d+/);
    expect(failures.filter((error) => !(error instanceof HttpError))).toEqual([]);
  },
);

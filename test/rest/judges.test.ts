import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { NetworkLanguage } from '../../src/console/network-language.ts';
import { HttpError } from '../../src/http/error.ts';
import { serveHttp } from '../../src/http/server.ts';
import { NodeClock } from '../../src/platform/node/clock.ts';
import { NodeNetwork } from '../../src/platform/node/network.ts';
import { withConsole } from '../../src/rest/console-commands.ts';
import { restHandler } from '../../src/rest/handler.ts';
import { policies } from '../../src/users/policies.ts';
import { testWith } from '../judges/run.ts';
import { schemathesis } from '../judges/schemathesis.ts';
import { routerIn } from '../router-for-tests.ts';

/** Seconds: half of them go by with each operation's corners, which are tried in any case. */
const limit = 40;

/** A clock that nobody sets: the tests run as whoever runs them. */
class StubbornClock extends NodeClock {
  override set(): void {
    // It is as late as it is.
  }
}

const failures: unknown[] = [];

/** REST of a new router for somebody who may do everything. */
async function served(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'signet-schemathesis-'));
  const clock = new StubbornClock();
  const router = await routerIn(folder, { clock, reset: () => Promise.resolve() });
  const { tree, audit } = router;
  const language = new NetworkLanguage({ tree, clock, audit, isCrowded: () => false, saveFile: () => Promise.resolve() });
  const handle = restHandler({ tree: withConsole(tree, language), audit, version: '1', clock });
  const caller = { user: 'admin', policies: new Set(policies) };
  const listener = await new NodeNetwork().listenTcp(0, '127.0.0.1', (connection) => {
    const options = { clock, now: () => clock.now(), failed: (error: unknown) => failures.push(error) };
    void serveHttp(connection, (request) => handle(request, request.target.path.slice(1), caller), options);
  });
  onTestFinished(async () => {
    await listener.close();
    await router.close();
    rmSync(folder, { recursive: true });
  });
  return `http://${listener.address}/rest`;
}

const judged = testWith('pyca');

judged(
  'schemathesis finds nothing that the router fails at, and every answer as it is described',
  { timeout: 3 * limit * 1000 },
  async () => {
    const said = await schemathesis(`${await served()}/openapi.json`, limit);
    expect(said).toMatch(/Tested: \d+/);
    expect(failures.filter((error) => !(error instanceof HttpError))).toEqual([]);
  },
);

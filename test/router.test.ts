import { expect, it, onTestFinished } from 'vitest';
import { DatabaseError, type Databases } from '../src/platform/database.ts';
import { NodeClock } from '../src/platform/node/clock.ts';
import { NodeDatabases } from '../src/platform/node/database.ts';
import { day, noon, Router } from './certificates/router.ts';
import { routerIn } from './router-for-tests.ts';
import { temporaryFolder } from './store/opened.ts';

/** Databases whose disk is full: no transaction is to be had. */
const full: Databases = {
  open(path) {
    const database = new NodeDatabases().open(path);
    return {
      execute: (sql) => database.execute(sql),
      prepare: (sql) => database.prepare(sql),
      transact: () => {
        throw new DatabaseError('full', 'database or disk is full');
      },
      close: () => database.close(),
    };
  },
};

it('a router whose disk is full goes on when it can not note that it spoke of a coming end', async () => {
  const folder = temporaryFolder();
  (await routerIn(folder)).close();
  const before = await Router.startIn(folder);
  await before.newCa('root', { daysValid: 3 });
  before.store.close();

  const log: string[] = [];
  const router = await routerIn(folder, {
    databases: full,
    clock: Object.assign(new NodeClock(), { now: () => noon + day }),
    logSink: { write: ({ severity, message }) => log.push(`${severity}: ${message}`) },
  });
  onTestFinished(() => router.close());
  expect(log).toEqual([expect.stringMatching(/^error: .*no room left on the disk/)]);
});

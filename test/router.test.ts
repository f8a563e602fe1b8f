import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { DatabaseError, type Databases } from '../src/platform/database.ts';
import type { Files } from '../src/platform/files.ts';
import { NodeClock } from '../src/platform/node/clock.ts';
import { NodeDatabases } from '../src/platform/node/database.ts';
import { NodeFiles } from '../src/platform/node/files.ts';
import { openStoreFolder } from '../src/platform/node/store-folder.ts';
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
  await (await routerIn(folder)).close();
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

it('a router that is closed, for a reset too, is done with what it writes, and writes nothing more', async () => {
  const folder = temporaryFolder();
  const places = await openStoreFolder(join(folder, 'store'));
  let goOn: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const router = await routerIn(folder, {
    async openFiles() {
      const files = await places.openFiles();
      return Object.assign(files, {
        replace: async (...[name, content]: Parameters<Files['replace']>) => {
          await slow;
          await NodeFiles.of(join(folder, 'store', 'files')).replace(name, content);
        },
      });
    },
  });
  const upload = router.files.replace('first', new Uint8Array(1));
  let closed = false;
  const closing = (async () => {
    await router.close();
    closed = true;
  })();
  await setImmediate();
  expect(closed).toBe(false);
  goOn();
  await closing;
  await upload;
  await expect(router.files.replace('second', new Uint8Array(1))).rejects.toMatchObject({
    code: 'failed',
    message: 'the router was closed',
  });
  expect(readdirSync(join(folder, 'store', 'files'))).toEqual(['first']);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RouterCore } from '../../src/router.ts';
import { routerIn } from '../router-for-tests.ts';
import { type Difference, ours, theirs } from './differences.ts';
import { matcher, pathsOf, routerosPaths } from './routeros-tree.ts';

/** The menus of RouterOS 7.24 that signet has, with all they hold. */
const menus = ['/certificate', '/file', '/user', '/system/identity', '/system/clock', '/system/resource', '/log', '/ip'];

const folder = mkdtempSync(join(tmpdir(), 'signet-tree-'));
let router: RouterCore;
let missing: readonly string[];
let added: readonly string[];

beforeAll(async () => {
  router = await routerIn(folder);
  const here = new Set(pathsOf(router.tree));
  const there = new Set(routerosPaths(menus));
  missing = [...there].filter((path) => !here.has(path));
  added = [...here].filter((path) => !there.has(path) && path !== '/' && path !== '/system/');
});

afterAll(async () => {
  await router.close();
  rmSync(folder, { recursive: true });
});

function unexplained(paths: readonly string[], differences: readonly Difference[]): string[] {
  const explains = differences.map((difference) => matcher(difference.paths));
  return paths.filter((path) => !explains.some((matches) => matches(path)));
}

test('what RouterOS has and we have not is listed with its reason', () => {
  expect(unexplained(missing, theirs)).toEqual([]);
});

test('what we have beyond RouterOS is listed with its reason', () => {
  expect(unexplained(added, ours)).toEqual([]);
});

test('nothing is listed that is no difference', () => {
  const idle = (differences: readonly Difference[], paths: readonly string[]): string[] =>
    differences.map((each) => each.paths).filter((pattern) => !paths.some(matcher(pattern)));
  expect(idle(theirs, missing)).toEqual([]);
  expect(idle(ours, added)).toEqual([]);
});

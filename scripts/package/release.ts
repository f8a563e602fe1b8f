import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools.ts';

/** What all packages of one build say of themselves. */
export interface Release {
  readonly version: string;
  /** Of all files in packages: seconds since 1970 UTC. */
  readonly time: number;
}

export const summary = 'certificate manager of a router: a private CA at a RouterOS console';

/** Its lines stand in the fields of packages that describe them. */
export const description = [
  'signet holds the private CA of a router, its keys and its certificates,',
  'and is operated from a console that speaks the /certificate language of',
  'MikroTik RouterOS.',
];

export const maintainer = 'The signet project <signet@packages.invalid>';

/**
 * The version is package.json's; the time SOURCE_DATE_EPOCH's, else that of the commit that is built: then whoever builds it again gets the
 * same bytes. Throws where neither is known.
 */
export function readRelease(): Release {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const given = process.env['SOURCE_DATE_EPOCH'] ?? '';
  const time = given === '' ? timeOfCommit() : given;
  if (!/^\d{1,10}$/.test(time)) throw new Error(`the time of the release is no number of seconds: "${time}"; set SOURCE_DATE_EPOCH`);
  return { version, time: Number(time) };
}

function timeOfCommit(): string {
  return spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).stdout.trim();
}

/** A file of packaging/, which is shipped as it is. */
export function shipped(path: string): string {
  return readFileSync(join(root, 'packaging', path), 'utf8');
}

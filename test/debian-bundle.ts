import { existsSync, readFileSync } from 'node:fs';
import { test } from 'vitest';
import { inCi } from '../scripts/tools.ts';

/** The public CAs of Debian's ca-certificates, as PEM. */
const path = '/etc/ssl/certs/ca-certificates.crt';

/** Vitest's `test` where Debian's bundle is here, else `test.skip`; in CI a missing bundle fails the test. */
export const testWithBundle: typeof test | typeof test.skip = inCi || existsSync(path) ? test : test.skip;

export function debianBundle(): string {
  return readFileSync(path, 'utf8');
}

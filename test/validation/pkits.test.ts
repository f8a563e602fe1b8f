import { describe, expect, test } from 'vitest';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { validate } from '../../src/validation/validate.ts';
import { testWith } from '../judges/run.ts';
import { outcomeOf } from './outcome.ts';
import { pkitsTests, requestOf } from './pkits.ts';

const tests = pkitsTests();

/** How many tests the sections 4.1 to 4.16 of the suite have; some are run with several settings. */
const sections = [6, 8, 11, 21, 8, 17, 5, 20, 8, 14, 11, 10, 38, 35, 10, 2];

test('every test of the sections 4.1 to 4.16 is there', () => {
  const expected = sections.flatMap((count, i) => Array.from({ length: count }, (_, j) => `4.${i + 1}.${j + 1}`));
  expect([...new Set(tests.map(({ number }) => number))]).toEqual(expected);
});

describe('NIST PKITS', () => {
  testWith('pyca').each(tests.map((one) => [one.number, one.title, one] as const))('%s %s', async (_number, _title, one) => {
    const outcome = await outcomeOf(() => validate(requestOf(one), new NodeCrypto()));
    expect(outcome.split(':', 1)[0], outcome).toBe(one.expected);
  });
});

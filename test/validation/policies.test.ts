import { describe, expect, test } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import { validate } from '../../src/validation/validate.ts';
import type { Extension } from '../../src/x509/extensions.ts';
import { encodeCertificatePolicies } from '../../src/x509/issuer-information.ts';
import { encodeInhibitAnyPolicy, encodePolicyConstraints, encodePolicyMappings } from '../../src/x509/policy-extensions.ts';
import { crypto } from '../x509/samples.ts';
import { certify, certifyServer, party, requestFor } from './authorities.ts';
import { outcomeOf } from './outcome.ts';

const root = party('Root');
const parties = Array.from({ length: 8 }, (_, i) => party(`CA ${i}`));

const policies = (...found: string[]): Extension => encodeCertificatePolicies(found.map((policy) => ({ policy, qualifiers: [] })));
const mapping = (...pairs: (readonly [string, string])[]): Extension =>
  encodePolicyMappings(pairs.map(([issuerDomainPolicy, subjectDomainPolicy]) => ({ issuerDomainPolicy, subjectDomainPolicy })));

/** What comes of a chain whose certificates below the anchor, the server's last, have these extensions, when the policy is asked for. */
async function outcome(wanted: string, ...chain: readonly (readonly Extension[])[]): Promise<string> {
  const issuers = [root, ...parties];
  const links = chain.slice(0, -1).map((extensions, i) => certify(issuers[i] ?? root, issuers[i + 1] ?? root, { extensions }));
  const server = await certifyServer(issuers[chain.length - 1] ?? root, { extensions: chain.at(-1) ?? [] });
  const request = requestFor(server, [await certify(root, root)], await Promise.all(links));
  const result = await outcomeOf(() =>
    validate({ ...request, policies: { initialPolicies: [wanted], requireExplicitPolicy: true } }, crypto),
  );
  return result.split(':', 1)[0] ?? '';
}

describe('a policy that is asked for', () => {
  test.each([
    ['is in every certificate', 'valid', [[policies('1.2.3')], [policies('1.2.3')]]],
    ['is missing in the CA', 'policy', [[policies('1.2.4')], [policies('1.2.3')]]],
    ['is missing in the certificate', 'policy', [[policies('1.2.3')], []]],
    ['is any in the CA', 'valid', [[policies(oids.anyPolicy)], [policies('1.2.3')]]],
    ['is any in the certificate', 'valid', [[policies('1.2.3')], [policies(oids.anyPolicy)]]],
    ['is mapped', 'valid', [[policies('1.2.3'), mapping(['1.2.3', '1.2.4'])], [policies('1.2.4')]]],
    ['is mapped away', 'policy', [[policies('1.2.3'), mapping(['1.2.3', '1.2.4'])], [policies('1.2.3')]]],
    ['is mapped from any', 'policy', [[policies(oids.anyPolicy), mapping([oids.anyPolicy, '1.2.4'])], [policies('1.2.4')]]],
    [
      'is mapped against the word of the CA above',
      'policy',
      [
        [policies('1.2.3'), encodePolicyConstraints({ inhibitPolicyMapping: 0 })],
        [policies('1.2.3'), mapping(['1.2.3', '1.2.4'])],
        [policies('1.2.4')],
      ],
    ],
    ['is any where that no longer counts', 'policy', [[policies('1.2.3'), encodeInhibitAnyPolicy(0)], [policies(oids.anyPolicy)]]],
    ['is there twice', 'malformed', [[policies('1.2.3', '1.2.3')], [policies('1.2.3')]]],
  ])('and %s: %s', async (_, expected, chain) => {
    expect(await outcome('1.2.3', ...chain)).toBe(expected);
  });
});

test('a tree that would double with every certificate takes no more than its certificates (CVE-2023-0464)', async () => {
  // Each of n policies is mapped to all n of the next certificate: n to the power of 8 leaves in the tree of RFC 5280.
  const all = Array.from({ length: 16 }, (_, i) => `1.2.${i}`);
  const link = [policies(...all), mapping(...all.flatMap((from) => all.map((to) => [from, to] as const)))];
  const chain = Array.from({ length: 8 }, () => link);
  expect(await outcome('1.2.99', ...chain, [policies(...all)])).toBe('policy');
  expect(await outcome('1.2.3', ...chain, [policies(...all)])).toBe('valid');
});

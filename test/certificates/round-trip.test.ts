import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GivenProperties, keyUsages, trustStores } from '../../src/certificates/properties.ts';
import { sortTrustStores } from '../../src/certificates/template.ts';
import { Router } from './router.ts';

/** Text of a subject: any script, no control characters and no halves of characters. */
const text = (longest: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: longest })
    .filter((value) => !/[\p{Cc}\p{Cs}]/u.test(value) && [...value].length <= longest);
const host = fc.domain().filter((name) => name.length < 200);
const altName = fc.oneof(
  host.map((name) => `DNS:${name}`),
  host.map((name) => `DNS:*.${name}`),
  fc.ipV4().map((address) => `IP:${address}`),
  host.map((name) => `email:noc@${name}`),
);

const template: fc.Arbitrary<GivenProperties> = fc.record({
  commonName: text(64),
  country: fc.option(fc.constantFrom('LV', 'us'), { nil: undefined }),
  state: fc.option(text(128), { nil: undefined }),
  locality: fc.option(text(128), { nil: undefined }),
  organization: fc.option(text(64), { nil: undefined }),
  unit: fc.option(text(64), { nil: undefined }),
  subjectAltNames: fc.option(fc.array(altName, { minLength: 1, maxLength: 8 }), { nil: undefined }),
  keyUsage: fc.subarray([...keyUsages], { minLength: 1 }),
  daysValid: fc.integer({ min: 1, max: 4_294_967_295 }),
  trusted: fc.boolean(),
  trustStore: fc.subarray([...trustStores]),
});

it('a certificate says what its template said, whatever that was', async () => {
  const router = await Router.start();
  await router.newCa('root', { daysValid: 4_294_967_295 });
  await fc.assert(
    fc.asyncProperty(template, fc.boolean(), async (given, byCa) => {
      const id = router.add({ name: 'x', keySize: 'ed25519', ...given });
      const said = router.item('x');
      await router.sign('x', byCa ? { ca: 'root' } : {});
      const { commonName, country, state, locality, organization, unit, subjectAltNames, keyUsage, trusted } = said;
      const asSaid = { commonName, country, state, locality, organization, unit, subjectAltNames, keyUsage, trusted };
      expect(router.item('x')).toMatchObject({ ...asSaid, id, trustStore: sortTrustStores(given.trustStore ?? []) });
      expect(router.certificate('x').notAfter).toBe(router.item('x').invalidAfter);
      router.certificates.remove([id]);
    }),
    { numRuns: 100 },
  );
});

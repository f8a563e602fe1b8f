import { describe, expect } from 'vitest';
import { encodePem } from '../../src/pem/pem.ts';
import { type ValidationRequest, validate } from '../../src/validation/validate.ts';
import type { Certificate } from '../../src/x509/certificate.ts';
import { type Extension, encodeExtendedKeyUsage } from '../../src/x509/extensions.ts';
import { encodeCertificatePolicies } from '../../src/x509/issuer-information.ts';
import { encodeNameConstraints } from '../../src/x509/name-constraints.ts';
import { encodePolicyConstraints } from '../../src/x509/policy-extensions.ts';
import { openssl } from '../judges/openssl.ts';
import { fileOf, JudgeRefused, testWith } from '../judges/run.ts';
import { crypto, newYear } from '../x509/samples.ts';
import { at, certify, certifyServer, party, requestFor, type Terms } from './authorities.ts';
import { outcomeOf } from './outcome.ts';

const root = party('Root');
const middle = party('Middle');
const lower = party('Lower');

const purposes = (...usages: Parameters<typeof encodeExtendedKeyUsage>[0]): Extension[] =>
  [encodeExtendedKeyUsage(usages)].filter((one) => one !== undefined);
const policies = (...found: string[]): Extension => encodeCertificatePolicies(found.map((policy) => ({ policy, qualifiers: [] })));
const permit = (value: string): Extension => encodeNameConstraints({ permitted: [{ type: 'dns', value }], excluded: [] });
const exclude = (value: string): Extension => encodeNameConstraints({ permitted: [], excluded: [{ type: 'dns', value }] });
const explicit = encodePolicyConstraints({ requireExplicitPolicy: 0 });

/** What a CA may say, and what a server below two CAs may say: every one is tried with every other. */
const cas: Readonly<Record<string, Terms>> = {
  'a CA': {},
  'no CA': { ca: false },
  'a CA with path length 0': { pathLength: 0 },
  'a CA with path length 1': { pathLength: 1 },
  'a CA that may not sign certificates': { usages: ['crl-sign'] },
  'a CA of servers': { extensions: purposes('tls-server') },
  'a CA of clients': { extensions: purposes('tls-client') },
  'a CA of a.example': { extensions: [permit('a.example')] },
  'a CA of b.example': { extensions: [permit('b.example')] },
  'a CA of all but a.example': { extensions: [exclude('a.example')] },
  'a CA with an unknown critical extension': { extensions: [{ oid: '1.2.3', critical: true, value: Uint8Array.of(5, 0) }] },
  'a CA that expired': { notAfter: newYear + 60 },
  'a CA with a policy': { extensions: [policies('1.2.3')] },
  'a CA that wants a policy': { extensions: [policies('1.2.3'), explicit] },
};
const servers: Readonly<Record<string, Terms>> = {
  'a server': {},
  'a server by its usages': { usages: ['digital-signature'], extensions: purposes('tls-server') },
  'a client': { usages: ['digital-signature'], extensions: purposes('tls-client') },
  'a server elsewhere': { alternativeNames: 'DNS:server.b.example' },
  'a server with the policy': { extensions: [policies('1.2.3')] },
  'a server that expired': { notAfter: newYear + 60 },
};

describe('OpenSSL says the same of', () => {
  testWith('openssl').each(
    Object.entries(cas).flatMap(([first, above]) =>
      Object.entries(servers).map(([second, below]) => [second, first, below, above] as const),
    ),
  )('%s below %s', async (_server, _ca, below, above) => {
    const anchor = await certify(root, root);
    for (const [upper, under] of [
      [above, {}],
      [{}, above],
    ] as const) {
      const links = [await certify(root, middle, upper), await certify(middle, lower, under)];
      const request = {
        ...requestFor(await certifyServer(lower, below), [anchor], links),
        purpose: 'tls-server',
        host: 'server.a.example',
      } as const;
      const ours = await outcomeOf(() => validate(request, crypto));
      const theirs = opensslOutcome(request);
      expect(ours === 'valid', `ours: ${ours}; theirs: ${theirs}`).toBe(theirs === 'valid');
    }
  });
});

function opensslOutcome({ certificate, anchors, intermediates }: ValidationRequest): string {
  const files = [anchors, intermediates, [certificate]].map((some) => fileOf(some.map((one) => pemOf(one)).join(''), '.pem'));
  const [trusted = '', untrusted = '', leaf = ''] = files;
  const asked = ['-purpose', 'sslserver', '-verify_hostname', 'server.a.example', '-attime', String(at), '-policy_check'];
  try {
    openssl(['verify', '-no-CApath', ...asked, '-CAfile', trusted, '-untrusted', untrusted, leaf]);
    return 'valid';
  } catch (error) {
    if (error instanceof JudgeRefused) return error.message;
    throw error;
  }
}

function pemOf({ der }: Certificate): string {
  return encodePem('CERTIFICATE', der);
}

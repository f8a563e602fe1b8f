import { describe, expect, test } from 'vitest';
import { decodePem } from '../../src/pem/pem.ts';
import { NodeCrypto } from '../../src/platform/node/crypto.ts';
import { crlOf } from '../../src/validation/crl.ts';
import { type ValidationRequest, validate } from '../../src/validation/validate.ts';
import { decodeCertificate } from '../../src/x509/certificate.ts';
import { decodeCrl } from '../../src/x509/crl.ts';
import { decodeSubjectAltName } from '../../src/x509/extensions.ts';
import { type LimboCase, limboCases } from './limbo.ts';
import { outcomeOf } from './outcome.ts';

/** Cases that are left out by the beginning of their names, and why. */
const namespacesLeftOut: Readonly<Record<string, string>> = {
  'webpki::cn::':
    'want a common name refused that is no alternative name, as the Baseline Requirements do; 40 valid cases of the same file have one, and RFC 9525 does not look at it',
};

/** Cases that are left out by what they need, and why. */
const featuresLeftOut: Readonly<Record<string, string>> = {
  'pedantic-rfc5280': 'wants an authorityKeyIdentifier in a cross-signed anchor, which cve::cve-2024-0567, a valid case, lacks',
};

/** When `validation_time` says that it is now. */
const now = '2026-06-01T00:00:00Z';

const all = limboCases();
const cases = all.filter(({ id, features }) => !isLeftOut(id, features));

function isLeftOut(id: string, features: readonly string[]): boolean {
  return Object.keys(namespacesLeftOut).some((prefix) => id.startsWith(prefix)) || features.some((feature) => feature in featuresLeftOut);
}

test('at most 5 % of the cases are left out', () => {
  expect(all).toHaveLength(755);
  expect(all.length - cases.length).toBeLessThanOrEqual(all.length * 0.05);
});

describe('x509-limbo', () => {
  test.each(cases.map((one) => [one.id, one] as const))('%s', async (_, one) => {
    const outcome = await outcomeOf(() => validate(requestOf(one), new NodeCrypto()));
    expect(outcome, one.description).toMatch(one.expected_result === 'SUCCESS' ? /^valid$/ : /^[a-z-]+: /);
  });

  test.each(
    cases.filter((one) => one.expected_result === 'SUCCESS' && one.expected_peer_names.length > 0).map((one) => [one.id, one] as const),
  )('%s: names', (_, one) => {
    const extension = decodeCertificate(derOf(one.peer_certificate)).extensions.find(({ oid }) => oid === '2.5.29.17');
    const names = extension === undefined ? [] : decodeSubjectAltName(extension);
    expect(names).toEqual(one.expected_peer_names.map(({ value }) => ({ type: 'email', value })));
  });
});

/** Its rules are those of the web: RFC 5280 and the Baseline Requirements. */
function requestOf(one: LimboCase): ValidationRequest {
  const crls = one.crls.map((pem) => crlOf(decodeCrl(derOf(pem))));
  return {
    certificate: decodeCertificate(derOf(one.peer_certificate)),
    anchors: one.trusted_certs.map((pem) => decodeCertificate(derOf(pem))),
    intermediates: one.untrusted_intermediates.map((pem) => decodeCertificate(derOf(pem))),
    at: Math.floor(Date.parse(one.validation_time ?? now) / 1000),
    profile: 'web',
    purpose: one.validation_kind === 'CLIENT' ? 'tls-client' : 'tls-server',
    ...(one.expected_peer_name === null ? {} : { host: one.expected_peer_name.value }),
    ...(crls.length === 0 ? {} : { crls }),
    ...(one.max_chain_depth === null ? {} : { maxIntermediates: one.max_chain_depth }),
  };
}

function derOf(pem: string): Uint8Array {
  return decodePem(pem)[0]?.der ?? new Uint8Array();
}

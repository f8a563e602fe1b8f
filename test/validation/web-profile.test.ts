import { describe, expect, test } from 'vitest';
import { type ValidationRequest, validate } from '../../src/validation/validate.ts';
import { type Extension, encodeAuthorityKeyIdentifier, encodeExtendedKeyUsage } from '../../src/x509/extensions.ts';
import { keyIdentifier } from '../../src/x509/public-key.ts';
import { crypto } from '../x509/samples.ts';
import { certify, certifyServer, party, requestFor } from './authorities.ts';
import { outcomeOf } from './outcome.ts';

const root = party('Root');

const authority = encodeAuthorityKeyIdentifier({ keyIdentifier: keyIdentifier(root.holder.key.publicKey, crypto) });
const purpose = encodeExtendedKeyUsage(['tls-server']) ?? authority;

/** The outcome by section 6 alone, and with the rules of the web. */
async function outcomes(request: ValidationRequest): Promise<string[]> {
  return [await outcomeOf(() => validate(request, crypto)), await outcomeOf(() => validate({ ...request, profile: 'web' }, crypto))];
}

async function requestWith(...extensions: Extension[]): Promise<ValidationRequest> {
  return requestFor(await certifyServer(root, { extensions }), [await certify(root, root)]);
}

describe('the web wants', () => {
  test('nothing more of a path that has the form of RFC 5280 and the Baseline Requirements', async () => {
    expect(await outcomes(await requestWith(authority, purpose))).toEqual(['valid', 'valid']);
  });

  test('an authorityKeyIdentifier', async () => {
    const missing = 'form: CN=server: authorityKeyIdentifier: expected with a keyIdentifier';
    expect(await outcomes(await requestWith(purpose))).toEqual(['valid', missing]);
  });

  test('an extendedKeyUsage', async () => {
    expect(await outcomes(await requestWith(authority))).toEqual(['valid', 'form: CN=server: extendedKeyUsage: expected']);
  });

  test('an extendedKeyUsage that is not critical', async () => {
    expect(await outcomes(await requestWith(authority, { ...purpose, critical: true }))).toEqual([
      'valid',
      'form: CN=server: extension 2.5.29.37: expected not to be critical',
    ]);
  });

  test('no wildcard for all of a top-level domain', async () => {
    const server = await certifyServer(root, { alternativeNames: 'DNS:*.example', extensions: [authority, purpose] });
    expect(await outcomes(requestFor(server, [await certify(root, root)]))).toEqual([
      'valid',
      'form: CN=server: subjectAltName: expected no wildcard right below a top-level domain',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { validate } from '../../src/validation/validate.ts';
import { type Certificate, decodeCertificate } from '../../src/x509/certificate.ts';
import { X509Error } from '../../src/x509/errors.ts';
import { type Extension, encodeExtendedKeyUsage } from '../../src/x509/extensions.ts';
import type { KeyUsage } from '../../src/x509/key-usage.ts';
import { formatName } from '../../src/x509/name.ts';
import { flipped } from '../bytes.ts';
import { unlessRefused } from '../mutations.ts';
import { crypto, newYear, tenYearsLater } from '../x509/samples.ts';
import { at, certify, certifyServer, counting, party, requestFor } from './authorities.ts';
import { outcomeOf } from './outcome.ts';

const root = party('Root');
const other = party('Other root');
const intermediate = party('Intermediate');

function names(path: readonly Certificate[]): string[] {
  return path.map(({ subject }) => formatName(subject));
}

function purposes(...usages: KeyUsage[]): Extension[] {
  return [encodeExtendedKeyUsage(usages) ?? { oid: '', critical: false, value: new Uint8Array() }];
}

describe('a path', () => {
  test('goes from the certificate over intermediate ones, in whatever order they came, to the anchor', async () => {
    const second = party('Second');
    const server = await certifyServer(second);
    const anchor = await certify(root, root);
    const bundle = [await certify(root, intermediate), await certify(other, other), await certify(intermediate, second)];
    expect(names(await validate(requestFor(server, [anchor], bundle), crypto))).toEqual([
      'CN=server',
      'CN=Second',
      'CN=Intermediate',
      'CN=Root',
    ]);
  });

  test('is the certificate alone if that is an anchor itself', async () => {
    const self = await certifyServer(root);
    expect(names(await validate(requestFor(self, [self]), crypto))).toEqual(['CN=server']);
  });

  test('goes around an expired root that signed a younger one', async () => {
    const anchors = [await certify(intermediate, intermediate)];
    const cross = await certify(root, intermediate, { notAfter: newYear + 60 });
    const server = await certifyServer(intermediate);
    expect(names(await validate(requestFor(server, anchors, [cross, await certify(root, root)]), crypto))).toEqual([
      'CN=server',
      'CN=Intermediate',
    ]);
  });

  test('is found among issuers of one name with different keys', async () => {
    const [first, second] = [party('Intermediate'), party('Intermediate')];
    const bundle = [await certify(root, first), await certify(root, second)];
    const path = await validate(requestFor(await certifyServer(second), [await certify(root, root)], bundle), crypto);
    expect(path[1]).toBe(bundle[1]);
  });

  test('is not led in circles by CAs that certify each other', async () => {
    const circle = [await certify(root, intermediate), await certify(intermediate, root), await certify(root, root)];
    expect(await outcomeOf(async () => validate(requestFor(await certifyServer(root), [], circle), crypto))).toMatch(/^no-issuer: /);
  });
});

describe('the one reason', () => {
  test.each([
    ['no-issuer: CN=server: issuer: no certificate of its issuer is there', async () => requestFor(await certifyServer(root), [])],
    ['no-issuer: CN=Root: issuer: it is not trusted itself', async () => requestFor(await certify(root, root), [])],
    [
      'validity: CN=server: notAfter: expired',
      async () => ({ ...requestFor(await certifyServer(root), [await certify(root, root)]), at: tenYearsLater + 1 }),
    ],
    [
      'validity: CN=server: notBefore: not valid yet',
      async () => ({ ...requestFor(await certifyServer(root), [await certify(root, root)]), at: newYear - 1 }),
    ],
    [
      'validity: CN=Root: notAfter: expired',
      async () => requestFor(await certifyServer(root), [await certify(root, root, { notAfter: newYear })]),
    ],
    [
      'signature: CN=server: signature: not made by the key of CN=Root',
      async () => requestFor(await certifyServer(party('Root')), [await certify(root, root)]),
    ],
    [
      'not-ca: CN=Root: basicConstraints: expected a CA',
      async () => requestFor(await certifyServer(root), [await certify(root, root, { ca: false })]),
    ],
    [
      'key-usage: CN=Root: keyUsage: expected key-cert-sign',
      async () => requestFor(await certifyServer(root), [await certify(root, root, { usages: ['crl-sign'] })]),
    ],
    [
      'chain-length: CN=Root: pathLenConstraint: 1 CA certificates follow',
      async () =>
        requestFor(await certifyServer(intermediate), [await certify(root, root, { pathLength: 0 })], [await certify(root, intermediate)]),
    ],
    [
      'unknown-extension: CN=server: the critical extension 1.2.3 is not known',
      async () =>
        requestFor(await certifyServer(root, { extensions: [{ oid: '1.2.3', critical: true, value: Uint8Array.of(5, 0) }] }), [
          await certify(root, root),
        ]),
    ],
    [
      'purpose: CN=server: extendedKeyUsage: expected tls-server',
      async () => ({
        ...requestFor(await certifyServer(root, { extensions: purposes('tls-client') }), [await certify(root, root)]),
        purpose: 'tls-server' as const,
      }),
    ],
    [
      'purpose: CN=Root: extendedKeyUsage: expected tls-server',
      async () => ({
        ...requestFor(await certifyServer(root), [await certify(root, root, { extensions: purposes('code-sign') })]),
        purpose: 'tls-server' as const,
      }),
    ],
    [
      'key-usage: CN=server: keyUsage: expected digital-signature or key-agreement for tls-client',
      async () => ({
        ...requestFor(await certifyServer(root, { usages: ['data-encipherment'] }), [await certify(root, root)]),
        purpose: 'tls-client' as const,
      }),
    ],
    [
      'host: CN=server: subjectAltName: expected b.example',
      async () => ({ ...requestFor(await certifyServer(root), [await certify(root, root)]), host: 'b.example' }),
    ],
  ])('%s', async (reason, request) => {
    const asked = await request();
    expect(await outcomeOf(() => validate(asked, crypto))).toBe(reason);
  });

  test('is that of the path that came furthest', async () => {
    const server = await certifyServer(intermediate);
    const stray = await certify(other, intermediate);
    const revoked = await certify(root, intermediate);
    const asked = { ...requestFor(server, [await certify(root, root)], [stray, revoked]), crls: [] };
    expect(await outcomeOf(() => validate(asked, crypto))).toBe('crl: CN=server: no CRL tells whether it is revoked: none for it is there');
  });
});

describe('hostile certificates', () => {
  test('that all certify each other are given up on after a number of signatures', async () => {
    const parties = Array.from({ length: 12 }, (_, i) => party(`CA ${i}`));
    const bundle = await Promise.all(parties.flatMap((one) => parties.filter((two) => two !== one).map((two) => certify(one, two))));
    const [first = root] = parties;
    const counted = counting();
    const asked = requestFor(await certifyServer(first), [await certify(root, root)], bundle);
    expect(await outcomeOf(() => validate(asked, counted.crypto))).toMatch(/^limit: gave up: too many (signatures|candidates) to look at$/);
    expect(counted.count()).toBeLessThanOrEqual(128);
  });

  test('of one name are given up on after a number of them', async () => {
    const bundle = await Promise.all(
      Array.from({ length: 200 }, (_, serialNumber) => certify(root, party('Intermediate'), { serialNumber: serialNumber % 120 })),
    );
    const counted = counting();
    const asked = requestFor(await certifyServer(intermediate), [await certify(root, root)], bundle);
    expect(await outcomeOf(() => validate(asked, counted.crypto))).toBe('limit: gave up: too many signatures to look at');
    expect(counted.count()).toBe(128);
  });

  test('in a path that is too long are not followed', async () => {
    const parties = [root, ...Array.from({ length: 16 }, (_, i) => party(`CA ${i}`))];
    const bundle = await Promise.all(parties.slice(1).map((one, i) => certify(parties[i] ?? root, one)));
    const asked = requestFor(await certifyServer(parties.at(-1) ?? root), [await certify(root, root)], bundle);
    expect(await outcomeOf(() => validate(asked, crypto))).toMatch(/^chain-length: .*: expected at most 16 certificates in a path$/);
  });

  test('cut short or with any bit turned over are refused, or as good as the right one', async () => {
    const anchor = await certify(root, root);
    const link = await certify(root, intermediate);
    const server = await certifyServer(intermediate);
    const damaged = (der: Uint8Array): Certificate[] =>
      [
        ...Array.from({ length: der.length }, (_, i) => der.slice(0, i)),
        ...Array.from({ length: der.length * 8 }, (_, bit) => flipped(der, bit)),
      ].flatMap((bytes) => unlessRefused([DerError, X509Error], () => decodeCertificate(bytes)));
    for (const one of damaged(server.der))
      expect(await outcomeOf(() => validate(requestFor(one, [anchor], [link]), crypto))).not.toBe('valid');
    for (const one of damaged(link.der))
      expect(await outcomeOf(() => validate(requestFor(server, [anchor], [one]), crypto))).not.toBe('valid');
  });
});

test('at the very ends of the validity it is valid', async () => {
  const asked = requestFor(await certifyServer(root), [await certify(root, root)]);
  for (const moment of [newYear, at, tenYearsLater])
    expect(await outcomeOf(() => validate({ ...asked, at: moment }, crypto))).toBe('valid');
});

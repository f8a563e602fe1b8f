import { describe, expect, test } from 'vitest';
import { type Crl, crlOf } from '../../src/validation/crl.ts';
import { validate } from '../../src/validation/validate.ts';
import type { RevokedCertificate } from '../../src/x509/crl.ts';
import { type CrlReason, encodeCrlNumber, encodeCrlReason, encodeDeltaCrlIndicator } from '../../src/x509/crl-extensions.ts';
import type { Extension } from '../../src/x509/extensions.ts';
import { encodeIssuingDistributionPoint, type IssuingDistributionPoint } from '../../src/x509/issuing-distribution-point.ts';
import { crypto, newYear } from '../x509/samples.ts';
import { certify, certifyServer, counting, party, requestFor, revoke } from './authorities.ts';
import { outcomeOf } from './outcome.ts';

const root = party('Root');
const intermediate = party('Intermediate');

function entry(serialNumber: number, reason: CrlReason = 'unspecified', extensions: readonly Extension[] = []): RevokedCertificate {
  const said = encodeCrlReason(reason);
  return {
    serialNumber: Uint8Array.of(1 + serialNumber),
    revocationDate: newYear,
    extensions: [...(said === undefined ? [] : [said]), ...extensions],
  };
}

/** What is said of a server with the serial number 5 under the intermediate CA, which has 6. */
async function outcome(crls: readonly Crl[], others: Partial<Parameters<typeof validate>[0]> = {}): Promise<string> {
  const anchor = await certify(root, root);
  const link = await certify(root, intermediate, { serialNumber: 6 });
  const server = await certifyServer(intermediate, { serialNumber: 5 });
  return outcomeOf(() => validate({ ...requestFor(server, [anchor], [link]), crls, ...others }, crypto));
}

async function crlsOf(...lists: ReturnType<typeof revoke>[]): Promise<Crl[]> {
  return (await Promise.all(lists)).map((list) => crlOf(list));
}

const unknown: Extension = { oid: '1.2.3', critical: true, value: Uint8Array.of(5, 0) };
const about = (point: Partial<IssuingDistributionPoint>): Extension =>
  encodeIssuingDistributionPoint({
    fullName: [],
    onlyContainsUserCerts: false,
    onlyContainsCACerts: false,
    indirectCRL: false,
    onlyContainsAttributeCerts: false,
    ...point,
  });
const nothing = 'crl: CN=server: no CRL tells whether it is revoked';

describe('with CRLs', () => {
  test('a path that none speaks of is valid', async () => {
    expect(await outcome(await crlsOf(revoke(root, [entry(5)]), revoke(intermediate, [entry(6)])))).toBe('valid');
  });

  test('a certificate is revoked by its issuer', async () => {
    const crls = await crlsOf(revoke(root, []), revoke(intermediate, [entry(5, 'keyCompromise')]));
    expect(await outcome(crls)).toBe('revoked: CN=server: revoked: keyCompromise');
  });

  test('a CA is revoked by its issuer', async () => {
    const crls = await crlsOf(revoke(root, [entry(6)]), revoke(intermediate, []));
    expect(await outcome(crls)).toBe('revoked: CN=Intermediate: revoked: unspecified');
  });

  test('each certificate but the anchor wants one', async () => {
    expect(await outcome(await crlsOf(revoke(root, [])))).toBe(`${nothing}: none for it is there`);
    expect(await outcome(await crlsOf(revoke(intermediate, [])))).toBe(
      'crl: CN=Intermediate: no CRL tells whether it is revoked: none for it is there',
    );
  });

  test.each([
    ['signed by another key', `signature: not made by the key of CN=Intermediate`, () => revoke(party('Intermediate'), [])],
    ['with a critical extension that is not known', 'the critical extension 1.2.3 is not known', () => revoke(intermediate, [], [unknown])],
    [
      'with such an extension in an entry',
      'the critical extension 1.2.3 is not known',
      () => revoke(intermediate, [entry(9, 'unspecified', [unknown])]),
    ],
  ])('one %s is not used', async (_, why, list) => {
    expect(await outcome(await crlsOf(revoke(root, []), list()))).toBe(`${nothing}: CRL of CN=Intermediate: ${why}`);
  });

  test.each([
    ['nextUpdate: out of date', newYear + 7 * 86_400 + 1],
    ['thisUpdate: not valid yet', newYear - 1],
  ])('one that is not of this day is not used: %s', async (why, day) => {
    const anchor = await certify(root, root);
    const server = await certifyServer(root);
    const crls = (await crlsOf(revoke(root, []))).map((crl) => ({ ...crl, thisUpdate: crl.thisUpdate + (day < newYear ? 2 * 86_400 : 0) }));
    const at = Math.max(day, newYear);
    expect(await outcomeOf(() => validate({ ...requestFor(server, [anchor]), crls, at }, crypto))).toBe(
      `${nothing}: CRL of CN=Root: ${why}`,
    );
  });

  test('a good one counts beside a bad one', async () => {
    const crls = await crlsOf(revoke(root, []), revoke(party('Intermediate'), []), revoke(intermediate, []));
    expect(await outcome(crls)).toBe('valid');
  });

  test('one that is for other certificates is not used', async () => {
    const crls = await crlsOf(revoke(root, []), revoke(intermediate, [], [about({ onlyContainsCACerts: true })]));
    expect(await outcome(crls)).toBe(`${nothing}: none for it is there`);
  });

  test('those for some reasons count together', async () => {
    const some = (...onlySomeReasons: number[]) => revoke(intermediate, [], [about({ onlySomeReasons })]);
    expect(await outcome(await crlsOf(revoke(root, []), some(1, 2)))).toBe(`${nothing}: those at hand are not for every reason`);
    expect(await outcome(await crlsOf(revoke(root, []), some(1, 2), some(3, 4, 5, 6, 7, 8)))).toBe('valid');
  });

  test('the key of a CA that may not sign CRLs does not', async () => {
    const link = await certify(root, intermediate, { serialNumber: 6, usages: ['key-cert-sign'] });
    const crls = await crlsOf(revoke(root, []), revoke(intermediate, []));
    expect(await outcome(crls, { intermediates: [link] })).toBe(`${nothing}: CN=Intermediate: keyUsage: expected crl-sign`);
  });

  test('a key of its own may sign the CRLs of a CA', async () => {
    const signer = { name: 'Intermediate', holder: party('').holder };
    const link = await certify(root, intermediate, { serialNumber: 6 });
    const certificate = await certify(root, signer, { ca: false, usages: ['crl-sign'], serialNumber: 7 });
    const crls = await crlsOf(revoke(root, []), revoke(signer, [entry(5)]));
    expect(await outcome(crls, { intermediates: [link, certificate] })).toBe('revoked: CN=server: revoked: unspecified');
  });

  test('a revoked key of its own does not', async () => {
    const signer = { name: 'Intermediate', holder: party('').holder };
    const link = await certify(root, intermediate, { serialNumber: 6 });
    const certificate = await certify(root, signer, { ca: false, usages: ['crl-sign'], serialNumber: 7 });
    const crls = await crlsOf(revoke(root, [entry(7)]), revoke(signer, []));
    expect(await outcome(crls, { intermediates: [link, certificate] })).toBe(`${nothing}: CN=Intermediate: revoked: unspecified`);
  });
});

describe('a delta CRL', () => {
  const delta = async (base: number, ...revoked: RevokedCertificate[]): ReturnType<typeof revoke> => {
    const made = await revoke(intermediate, revoked, [encodeDeltaCrlIndicator(base)]);
    // A number after that of the CRL that `revoke` makes: later, the more it revokes.
    return { ...made, extensions: [...made.extensions.slice(1), encodeCrlNumber(2 + revoked.length)] };
  };

  test('that is the newest counts', async () => {
    const crls = await crlsOf(revoke(root, []), revoke(intermediate, []), delta(1), delta(1, entry(5)));
    expect(await outcome(crls)).toBe('revoked: CN=server: revoked: unspecified');
  });

  test('adds to its base', async () => {
    expect(await outcome(await crlsOf(revoke(root, []), revoke(intermediate, []), delta(1, entry(5))))).toBe(
      'revoked: CN=server: revoked: unspecified',
    );
  });

  test('takes away from its base', async () => {
    const crls = await crlsOf(revoke(root, []), revoke(intermediate, [entry(5, 'certificateHold')]), delta(1, entry(5, 'removeFromCRL')));
    expect(await outcome(crls)).toBe('valid');
  });

  test('of a newer base says nothing', async () => {
    expect(await outcome(await crlsOf(revoke(root, []), revoke(intermediate, []), delta(2, entry(5))))).toBe('valid');
  });

  test('without its base is no CRL', async () => {
    expect(await outcome(await crlsOf(revoke(root, []), delta(1)))).toBe(`${nothing}: none for it is there`);
  });
});

test('any number of CRLs of one name is given up on', async () => {
  const counted = counting();
  const strangers = await Promise.all(Array.from({ length: 200 }, () => revoke(party('Root'), [])));
  const asked = { ...requestFor(await certifyServer(root), [await certify(root, root)]), crls: strangers.map((list) => crlOf(list)) };
  expect(await outcomeOf(() => validate(asked, counted.crypto))).toBe('limit: gave up: too many signatures to look at');
  expect(counted.count()).toBe(128);
});

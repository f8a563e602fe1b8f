import { describe, expect, it } from 'vitest';
import { CrlIssuer, crlInterval, crlLifetime } from '../../src/crl/issue.ts';
import { oids } from '../../src/der/oids.ts';
import { decodeCrl } from '../../src/x509/crl.ts';
import { decodeCrlNumber, decodeCrlReason } from '../../src/x509/crl-extensions.ts';
import { decodeAuthorityKeyIdentifier, decodeSubjectKeyIdentifier, extensionOf } from '../../src/x509/extensions.ts';
import { day, noon, Router } from '../certificates/router.ts';
import { opensslVerify } from '../judges/openssl.ts';
import { fileOf, testWith } from '../judges/run.ts';

const crlHosts = { caCrlHosts: ['crl.example'] };

async function started() {
  const router = await Router.start();
  await router.newCa('root', {}, crlHosts);
  await router.issue('server', 'root');
  const log: string[] = [];
  const issuer = issuerOf(router, log);
  const key = router.contents('root').publicKeyId;
  const current = async () => {
    const issued = await issuer.current(1);
    if (issued === undefined) throw new Error('there is no CRL');
    return { ...issued, ...decodeCrl(issued.der) };
  };
  return { router, issuer, key, current, log };
}

function issuerOf({ store, clock, crypto }: Router, log: string[]): CrlIssuer {
  return new CrlIssuer({ store, clock, crypto, builtAt: noon - day, log: (severity, _, message) => log.push(`${severity}: ${message}`) });
}

describe('the CRL of a CA with ca-crl-host', () => {
  it('is due as soon as the CA is signed, and then once a day', async () => {
    const { router, issuer, key } = await started();
    expect([...issuer.due()]).toEqual([[key, 0]]);
    await issuer.makeIfDue(key);
    expect([...issuer.due()]).toEqual([[key, noon + crlInterval]]);
    const first = router.store.issuedCrls.of(key);
    router.clock.time += crlInterval - 1;
    await issuer.makeIfDue(key);
    expect(router.store.issuedCrls.of(key)).toEqual(first);
    router.clock.time += 1;
    await issuer.makeIfDue(key);
    expect(router.store.issuedCrls.of(key)).toMatchObject({ thisUpdate: noon + day, nextUpdate: noon + day + crlLifetime });
  });

  it('names the key of its CA, and has a number that grows', async () => {
    const { router, current } = await started();
    const first = await current();
    const [akid, skid] = [
      extensionOf(first, oids.authorityKeyIdentifier),
      extensionOf(router.certificate('root'), oids.subjectKeyIdentifier),
    ];
    expect(akid && decodeAuthorityKeyIdentifier(akid).keyIdentifier).toEqual(skid && decodeSubjectKeyIdentifier(skid));
    router.certificates.revoke([router.item('server').id]);
    const second = await current();
    expect(second.number).toBe(first.number + 1);
    const number = extensionOf(second, oids.cRLNumber);
    expect(number && Buffer.from(decodeCrlNumber(number)).readUIntBE(0, 4)).toBe(second.number);
  });

  it('is made anew at a revocation, and tells its reason', async () => {
    const { router, issuer, key, current } = await started();
    await router.issue('client', 'root');
    expect((await current()).revoked).toEqual([]);
    router.clock.time += 60;
    router.certificates.revoke([router.item('server').id], 'key-compromise');
    router.certificates.revoke([router.item('client').id]);
    expect([...issuer.due()]).toEqual([[key, 0]]);
    const { revoked, thisUpdate } = await current();
    expect(thisUpdate).toBe(noon + 60);
    expect(
      revoked.map(({ serialNumber, revocationDate, extensions: [reason] }) => [
        Buffer.from(serialNumber).toString('hex'),
        revocationDate,
        reason && decodeCrlReason(reason),
      ]),
    ).toEqual(
      [
        [router.item('server').serialNumber, noon + 60, 'keyCompromise'],
        [router.item('client').serialNumber, noon + 60, undefined],
      ].toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    );
  });

  it('is whole although something is revoked while it is signed', async () => {
    const { router, issuer, key, current } = await started();
    const under = issuer.makeIfDue(key);
    router.certificates.revoke([router.item('server').id]);
    await under;
    expect((await current()).revoked).toHaveLength(1);
  });

  it('lists an expired certificate once more at its daily turn, and then no longer (RFC 5280 3.3)', async () => {
    const { router, issuer, key, current } = await started();
    await router.issue('short', 'root', { daysValid: 1 });
    router.certificates.revoke([router.item('short').id]);
    await current();
    const lengths: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      router.clock.time += day + 1;
      await issuer.makeIfDue(key);
      lengths.push((await current()).revoked.length);
    }
    expect(lengths).toEqual([1, 0, 0]);
  });

  it('does not count a CRL that a revocation made as such a turn', async () => {
    const { router, current } = await started();
    await router.issue('short', 'root', { daysValid: 1 });
    router.certificates.revoke([router.item('short').id]);
    await current();
    router.clock.time += day + 10;
    await current();
    router.clock.time += 10;
    router.certificates.revoke([router.item('server').id]);
    expect((await current()).revoked.length).toBe(1);
  });

  it('is one for a CA and for another certificate of the same key', async () => {
    const { router, issuer, key } = await started();
    const privateKey = router.privateKey('root');
    router.keyGenerator.next = { privateKey, publicKey: router.crypto.publicKeyOf(privateKey) };
    router.clock.time += 10;
    await router.newCa('renewed', { commonName: 'root' }, crlHosts);
    expect([...issuer.due().keys()]).toEqual([key]);
    expect(await issuer.current(2)).toBeUndefined();
  });

  it('stands as it is while the clock is wrong, and the log says so', async () => {
    const { router, issuer, key, current, log } = await started();
    const good = await current();
    router.certificates.revoke([router.item('server').id]);
    router.clock.time = 86_400;
    await expect(issuer.makeIfDue(key)).rejects.toMatchObject({ code: 'clock' });
    expect((await current()).der).toEqual(good.der);
    expect(log).toEqual([expect.stringMatching(/^warning: the CRL 1.crl could not be made anew: the clock is wrong/)]);
    // However often somebody asks.
    await current();
    await current();
    expect(log).toHaveLength(1);
    router.clock.time = noon + 100;
    for (let second = 0; second < 60; second++) router.clock.monotonic();
    expect((await current()).revoked).toHaveLength(1);
  });

  it('fails for all who wait, where it fails, with one try', async () => {
    const { router, issuer, key, current } = await started();
    await current();
    router.certificates.revoke([router.item('server').id]);
    let tries = 0;
    const sign = router.crypto.sign.bind(router.crypto);
    router.crypto.sign = () => {
      tries++;
      return Promise.reject(Object.assign(new Error('no room left'), { code: 'full' }));
    };
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => issuer.makeIfDue(key)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
    router.crypto.sign = sign;
    expect((await current()).revoked).toHaveLength(1);
  });

  it('is made anew, with all that is revoked, when the clock was ahead and is set back', async () => {
    const { router, issuer, key, current } = await started();
    router.certificates.revoke([router.item('server').id]);
    router.clock.time += 300 * day;
    await current();
    router.clock.time = noon + 100;
    expect([...issuer.due()]).toEqual([[key, 0]]);
    const first = await current();
    expect([first.thisUpdate, first.revoked.length]).toEqual([noon + 100, 1]);
    expect([...issuer.due()]).toEqual([[key, noon + 100 + crlInterval]]);
    router.clock.time += crlInterval;
    expect((await current()).revoked).toHaveLength(1);
  });

  it('ends with the CA', async () => {
    const { router, issuer } = await started();
    router.clock.time = (router.item('root').invalidAfter ?? 0) + 1;
    expect([...issuer.due()]).toEqual([]);
  });

  it('has a number that grows over a restored backup, which knows nothing of the last ones', async () => {
    const { router, current } = await started();
    await current();
    const { sealing } = router.store;
    const backup = router.store.snapshot(sealing);
    router.clock.time += 1000;
    router.certificates.revoke([router.item('server').id]);
    const { number } = await current();
    router.clock.time += 1000;
    router.store.restore(backup, sealing);
    const after = await current();
    expect(after.number).toBeGreaterThan(number);
    expect(after.thisUpdate).toBe(noon + 2000);
  });
});

it('a CA without ca-crl-host, or without crl-sign in its key-usage, has none', async () => {
  const router = await Router.start();
  await router.newCa('silent');
  await router.newCa('unable', { keyUsage: ['key-cert-sign'] }, crlHosts);
  const issuer = issuerOf(router, []);
  expect([...issuer.due()]).toEqual([]);
  expect(await issuer.current(1)).toBeUndefined();
  expect(await issuer.current(99)).toBeUndefined();
});

testWith('openssl').each(['prime256v1', 'secp521r1', '2048', 'ed25519'] as const)(
  'OpenSSL believes the CRL of a CA with a key of %s, before a revocation and after it',
  async (keySize) => {
    const router = await Router.start();
    // OpenSSL looks at the real time.
    router.clock.time = Math.floor(Date.now() / 1000);
    await router.newCa('root', { keySize }, crlHosts);
    await router.issue('server', 'root');
    const issuer = issuerOf(router, []);
    const check = async () => {
      const { der = new Uint8Array() } = (await issuer.current(1)) ?? {};
      opensslVerify(router.pem('server'), router.pem('root'), '', ['-crl_check', '-CRLfile', fileOf(der, '.crl')]);
    };
    await check();
    router.certificates.revoke([router.item('server').id]);
    await expect(check()).rejects.toThrow('certificate revoked');
  },
);

import { describe, expect, it } from 'vitest';
import { silentJob } from '../../src/job/job.ts';
import { day, noon, pemOf, Router } from './router.ts';

async function withServer(): Promise<Router> {
  const router = await Router.start();
  await router.newCa('root');
  await router.issue('server', 'root');
  return router;
}

function revocations(router: Router, ca: string) {
  const key = router.store.certificates.byName(ca)?.contents?.publicKeyId;
  return key === undefined ? [] : router.store.revocations.of(key);
}

describe('issued-revoke', () => {
  it('marks the certificate and remembers its serial number for the CRL', async () => {
    const router = await withServer();
    router.clock.time += 100;
    router.certificates.revoke([router.item('server').id]);
    expect(router.letters('server')).toBe('KIR');
    expect(router.item('server').revoked).toBe(noon + 100);
    expect(revocations(router, 'root')).toEqual([
      {
        issuerKeyId: router.contents('root').publicKeyId,
        serialNumber: router.certificate('server').serialNumber,
        revokedAt: noon + 100,
        reason: undefined,
        invalidAfter: router.item('server').invalidAfter,
      },
    ]);
  });

  it.each([
    ['key-compromise', 'key-compromise'],
    ['unspecified', undefined],
  ] as const)('with the reason %s remembers %s', async (reason, remembered) => {
    const router = await withServer();
    router.certificates.revoke([router.item('server').id], reason);
    expect(revocations(router, 'root').map((each) => each.reason)).toEqual([remembered]);
  });

  it('is remembered when the certificate is removed', async () => {
    const router = await withServer();
    const { id } = router.item('server');
    router.certificates.revoke([id]);
    router.certificates.remove([id]);
    expect(revocations(router, 'root')).toHaveLength(1);
  });

  it('holds when the certificate was removed and comes back by import, so that a revoked CA issues nothing', async () => {
    const router = await withServer();
    await router.issue('sub', 'root', { keyUsage: ['key-cert-sign'] });
    const file = router.pem('sub') + pemOf('PRIVATE KEY', router.privateKey('sub'));
    router.certificates.revoke([router.item('sub').id]);
    router.clock.time += day;
    router.certificates.remove([router.item('sub').id]);
    router.writeFile('sub.pem', file);
    await router.certificates.importFile({ fileName: 'sub.pem', name: 'sub' }, silentJob);
    expect(router.letters('sub')).toBe('KART');
    expect(router.item('sub').revoked).toBe(noon);
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a', { ca: 'sub' }))).toBe('sub is revoked');
  });

  it('is refused for what was not issued by a CA of this router', async () => {
    const router = await withServer();
    expect(() => router.certificates.revoke([router.item('root').id])).toThrow('root was not issued by a CA of this router');
    const template = router.add({ name: 'template' });
    expect(() => router.certificates.revoke([template])).toThrow('template was not issued by a CA of this router');
  });

  it('is refused for what is revoked already', async () => {
    const router = await withServer();
    const { id } = router.item('server');
    router.certificates.revoke([id]);
    const before = router.snapshot();
    router.clock.time += 100;
    expect(() => router.certificates.revoke([id])).toThrow('server is revoked already');
    expect(router.snapshot()).toBe(before);
  });

  it('revokes all or none', async () => {
    const router = await withServer();
    const ids = ['server', 'root'].map((name) => router.item(name).id);
    expect(() => router.certificates.revoke(ids)).toThrow('root was not issued by a CA of this router');
    expect(router.letters('server')).toBe('KI');
    expect(revocations(router, 'root')).toEqual([]);
  });

  it('warns when the CA may not sign CRLs', async () => {
    const router = await Router.start();
    await router.newCa('root', { keyUsage: ['key-cert-sign'] });
    const { id } = await router.issue('server', 'root');
    router.certificates.revoke([id]);
    expect(router.log).toEqual([
      'certificate warning: server is revoked, but its CA root has no crl-sign in its key-usage and can tell nobody',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { VerifiedLink, VerifyOptions } from '../../src/certificates/verify.ts';
import { silentJob } from '../../src/job/job.ts';
import { importFile, keyPem } from './importing.ts';
import { day, noon, Router } from './router.ts';

function verify(router: Router, options: VerifyOptions): Promise<readonly VerifiedLink[]> {
  return router.certificates.verify(options, silentJob);
}

/** A router with a trusted root, a CA below it, and a server of that. */
async function withChain(): Promise<Router> {
  const router = await Router.start();
  await router.newCa('root');
  await router.issue('middle', 'root', { keyUsage: ['key-cert-sign', 'crl-sign'] });
  await router.issue('server', 'middle', { subjectAltNames: ['DNS:www.a.example'] });
  trust(router, 'root', true);
  return router;
}

function trust(router: Router, name: string, trusted: boolean): void {
  router.certificates.set([router.item(name).id], { trusted });
}

function idOf(router: Router, name: string): number {
  return router.item(name).id;
}

describe('verify', () => {
  it('gives the chain from the certificate to the trusted one', async () => {
    const router = await withChain();
    expect(await verify(router, { id: idOf(router, 'server'), purpose: 'tls-server', host: 'www.a.example' })).toEqual(
      ['server', 'middle', 'root'].map((name) => ({
        subject: `CN=${name}`,
        fingerprint: router.item(name).fingerprint,
        invalidAfter: router.item(name).invalidAfter,
        item: name,
        trusted: name === 'root',
      })),
    );
  });

  it('ends at the first certificate that is trusted', async () => {
    const router = await withChain();
    trust(router, 'middle', true);
    expect((await verify(router, { id: idOf(router, 'server') })).map(({ item }) => item)).toEqual(['server', 'middle']);
    trust(router, 'server', true);
    expect((await verify(router, { id: idOf(router, 'server') })).map(({ item }) => item)).toEqual(['server']);
  });

  it('takes the first certificate of a file, and the others to stand between', async () => {
    const [router, other] = [await Router.start(), await withChain()];
    router.writeFile('root.crt', other.pem('root'));
    await importFile(router, { fileName: 'root.crt', name: 'theirs' });
    router.writeFile('chain.pem', other.pem('server') + keyPem(other, 'server') + other.pem('middle'));
    const chain = await verify(router, { fileName: 'chain.pem' });
    expect(chain.map(({ subject, item, trusted }) => [subject, item, trusted])).toEqual([
      ['CN=server', undefined, false],
      ['CN=middle', undefined, false],
      ['CN=root', 'theirs', true],
    ]);
    expect(router.hasFile('chain.pem')).toBe(true);
    expect(router.names()).toEqual(['theirs']);
  });

  it.each<[string, Omit<VerifyOptions, 'id'>]>([
    ['CN=server: subjectAltName: expected b.example', { host: 'b.example' }],
    ['CN=server: extendedKeyUsage: expected tls-client', { purpose: 'tls-client' }],
    ['CN=server: notBefore: not valid yet', { at: noon - day }],
    ['CN=server: notAfter: expired', { at: noon + 10_000 * day }],
  ])('fails with one reason: %s', async (reason, options) => {
    const router = await withChain();
    expect(await router.refusal(() => verify(router, { id: idOf(router, 'server'), ...options }))).toBe(reason);
  });

  it('fails where nothing is trusted', async () => {
    const router = await withChain();
    trust(router, 'root', false);
    expect(await router.refusal(() => verify(router, { id: idOf(router, 'server') }))).toBe('CN=root: issuer: it is not trusted itself');
  });

  it('fails for what this router revoked, and for what that issued', async () => {
    const router = await withChain();
    router.clock.time = noon + day;
    router.certificates.revoke([idOf(router, 'middle')]);
    expect(await router.refusal(() => verify(router, { id: idOf(router, 'server') }))).toBe('CN=middle: revoked on this router as middle');
    expect(await verify(router, { id: idOf(router, 'server'), at: noon })).toHaveLength(3);
  });

  it('wants a certificate: an item or a file with one', async () => {
    const router = await withChain();
    router.add({ name: 'template' });
    router.writeFile('key.pem', keyPem(router, 'server'));
    const either = 'expected either a number or a file-name';
    expect(await router.refusal(() => verify(router, {}))).toBe(either);
    expect(await router.refusal(() => verify(router, { id: idOf(router, 'server'), fileName: 'key.pem' }))).toBe(either);
    expect(await router.refusal(() => verify(router, { fileName: 'key.pem' }))).toBe('key.pem holds no certificate');
    expect(await router.refusal(() => verify(router, { id: idOf(router, 'template') }))).toBe(
      'template is a template, not a certificate: sign it first',
    );
  });
});

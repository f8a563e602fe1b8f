import { describe, expect, it } from 'vitest';
import { pathLengthOf } from '../../src/certificates/contents.ts';
import { silentJob } from '../../src/job/job.ts';
import type { Instant } from '../../src/platform/clock.ts';
import { signCertificate } from '../../src/x509/certificate.ts';
import { encodeBasicConstraints, encodeKeyUsage } from '../../src/x509/extensions.ts';
import { nameOf } from '../../src/x509/name.ts';
import { signerFor } from '../../src/x509/signer.ts';
import { newKey } from '../x509/keys.ts';
import { day, noon, pemOf, Router } from './router.ts';

/** A root of another program's making, imported with its key. */
async function importedCa(
  router: Router,
  { pathLength, ca = true, notBefore = noon }: { pathLength?: number; ca?: boolean; notBefore?: Instant },
): Promise<void> {
  const key = newKey('prime256v1');
  const subject = nameOf({ commonName: 'elsewhere' });
  const usage = encodeKeyUsage(['key-cert-sign']);
  const certificate = await signCertificate(
    {
      serialNumber: Uint8Array.of(7),
      issuer: subject,
      subject,
      notBefore,
      notAfter: noon + 100 * day,
      publicKey: key.publicKey,
      extensions: [encodeBasicConstraints(pathLength === undefined ? { ca } : { ca, pathLength }), ...(usage === undefined ? [] : [usage])],
    },
    signerFor(key.privateKey, 'sha256', router.crypto),
  );
  router.writeFile('ca.pem', pemOf('CERTIFICATE', certificate.der) + pemOf('PRIVATE KEY', key.privateKey));
  await router.certificates.importFile({ fileName: 'ca.pem', name: 'elsewhere' }, silentJob);
}

describe('signing is refused', () => {
  it('for a certificate', async () => {
    const router = await Router.start();
    await router.newCa('root');
    expect(await router.refusal(() => router.sign('root'))).toBe('root is a certificate already, not a template');
  });

  it('for an item that is not there', async () => {
    const router = await Router.start();
    expect(await router.refusal(() => router.certificates.sign(7, {}, silentJob))).toBe('no such item');
  });

  it('under a name that another item has', async () => {
    const router = await Router.start();
    for (const name of ['a', 'b']) router.add({ name, commonName: name });
    expect(await router.refusal(() => router.sign('a', { name: 'b' }))).toBe('certificate with the same name already exists');
  });

  it('under a name with escape codes', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a', { name: '\u001b[2J' }))).toBe('name: expected no control characters');
  });

  it('by a CA whose certificate is another when the key is made: it may be no CA any more', async () => {
    const router = await Router.start();
    await importedCa(router, {});
    router.add({ name: 'a', commonName: 'a' });
    const signer = signerFor(router.privateKey('elsewhere'), 'sha256', router.crypto);
    const { der } = await signCertificate(
      { ...router.certificate('elsewhere'), extensions: [encodeBasicConstraints({ ca: false })] },
      signer,
    );
    router.writeFile('ca.crt', der);
    router.keyGenerator.meanwhile = async () => {
      await router.certificates.importFile({ fileName: 'ca.crt' }, silentJob);
    };
    await expect(router.sign('a', { ca: 'elsewhere' })).rejects.toThrow('elsewhere was changed or removed meanwhile');
    expect(router.item('a').kind).toBe('template');
  });

  it('by itself without a subject, since an issuer has a name', async () => {
    const router = await Router.start();
    router.add({ name: 'a', subjectAltNames: ['DNS:a.example'] });
    expect(await router.refusal(() => router.sign('a'))).toBe(
      'a certificate that signs has a subject: set common-name or another part of it first',
    );
  });

  it('by a CA for what has neither subject nor alternative name', async () => {
    const router = await Router.start();
    await router.newCa('root');
    router.add({ name: 'a', keyUsage: ['tls-server'] });
    expect(await router.refusal(() => router.sign('a', { ca: 'root' }))).toBe(
      'a certificate has a subject or an alternative name: set common-name or subject-alt-name first',
    );
  });

  it('with MD5 and an EC key, for which there is no algorithm', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a', digestAlgorithm: 'md5' });
    expect(await router.refusal(() => router.sign('a'))).toBe('digest-algorithm: there is no ecdsa signature with md5');
    expect(router.keyGenerator.made).toEqual([]);
  });
});

describe('a CA is refused', () => {
  it('that is a template', async () => {
    const router = await Router.start();
    for (const name of ['a', 'b']) router.add({ name, commonName: name });
    expect(await router.refusal(() => router.sign('a', { ca: 'b' }))).toBe('b is a template, not a certificate: sign it first');
  });

  it('without key-cert-sign', async () => {
    const router = await Router.start();
    await router.newCa('root', { keyUsage: ['digital-signature', 'crl-sign'] });
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a', { ca: 'root' }))).toBe('root is no CA: its key-usage has no key-cert-sign');
  });

  it('whose basic constraints do not say that it is one', async () => {
    const router = await Router.start();
    await importedCa(router, { ca: false });
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a', { ca: 'elsewhere' }))).toBe(
      'elsewhere is no CA: its basic constraints do not say that it is one',
    );
  });

  it('whose private key is elsewhere', async () => {
    const router = await Router.start();
    const other = await Router.start();
    await other.newCa('root');
    router.writeFile('root.crt', other.pem('root'));
    await router.certificates.importFile({ fileName: 'root.crt', name: 'root' }, silentJob);
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a', { ca: 'root' }))).toBe('the private key of root is not on this router');
  });

  it('that has expired', async () => {
    const router = await Router.start();
    await router.newCa('root', { daysValid: 1 });
    router.clock.time += day + 1;
    router.add({ name: 'a', commonName: 'a' });
    expect(router.letters('root')).toBe('KAET');
    expect(await router.refusal(() => router.sign('a', { ca: 'root' }))).toBe('root expired on 2026-11-24 12:00:00');
  });

  it('that is not valid yet', async () => {
    const router = await Router.start();
    await importedCa(router, { notBefore: noon + 60 });
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a', { ca: 'elsewhere' }))).toBe('elsewhere is not valid before 2026-11-23 12:01:00');
  });

  it('that was revoked', async () => {
    const router = await Router.start();
    await router.newCa('root');
    const sub = await router.issue('sub', 'root', { keyUsage: ['key-cert-sign'] });
    router.certificates.revoke([sub.id]);
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a', { ca: 'sub' }))).toBe('sub is revoked');
  });

  it('whose path length leaves no room for another CA', async () => {
    const router = await Router.start();
    await importedCa(router, { pathLength: 0 });
    expect(pathLengthOf(router.certificate('elsewhere'))).toBe(0);
    router.add({ name: 'sub', commonName: 'sub', keyUsage: ['key-cert-sign'] });
    expect(await router.refusal(() => router.sign('sub', { ca: 'elsewhere' }))).toBe(
      'elsewhere allows no CA below elsewhere: its path length is 0',
    );
    await router.issue('server', 'elsewhere');
    expect(router.item('server').ca).toBe('elsewhere');
  });

  it('below one whose path length leaves no room for another CA', async () => {
    const router = await Router.start();
    await importedCa(router, { pathLength: 1 });
    await router.issue('sub', 'elsewhere', { keyUsage: ['key-cert-sign'] });
    router.add({ name: 'deeper', commonName: 'deeper', keyUsage: ['key-cert-sign'] });
    expect(await router.refusal(() => router.sign('deeper', { ca: 'sub' }))).toBe('elsewhere allows no CA below sub: its path length is 1');
  });
});

describe('a clock that can not be right', () => {
  const advice = 'set it with /system/clock set date=YYYY-MM-DD time=HH:MM:SS';

  it('is before this program was built', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a' });
    router.clock.time = 60;
    expect(await router.refusal(() => router.sign('a'))).toBe(
      `the clock is wrong: 1970-01-01 00:01:00 is before this program was built; ${advice}`,
    );
  });

  it('is before what was signed on this router', async () => {
    const router = await Router.start();
    await router.newCa('root');
    router.clock.time -= 10;
    router.add({ name: 'a', commonName: 'a' });
    expect(await router.refusal(() => router.sign('a'))).toBe(
      `the clock is wrong: 2026-11-23 11:59:50 is before root was signed, on 2026-11-23 12:00:00; ${advice}`,
    );
  });

  it('is not known by what was imported', async () => {
    const router = await Router.start();
    const other = await Router.start();
    other.clock.time += day;
    await other.newCa('tomorrow');
    router.writeFile('tomorrow.crt', other.pem('tomorrow'));
    await router.certificates.importFile({ fileName: 'tomorrow.crt' }, silentJob);
    await router.newCa('root');
    expect(router.item('root').kind).toBe('certificate');
  });
});

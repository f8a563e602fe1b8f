import { describe, expect, it } from 'vitest';
import { silentJob } from '../../src/job/job.ts';
import { newKey } from '../x509/keys.ts';
import { counters, elsewhere, importedRoot, importFile, importForgery, keyPem, passphrase } from './importing.ts';
import { day, Router } from './router.ts';

describe('what is imported again', () => {
  it('is updated in place', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.crt', other.pem('root'));
    await importFile(router, { fileName: 'a.crt', name: 'mine' });
    const { id } = router.item('mine');
    router.writeFile('b.crt', other.pem('root'));
    expect(await importFile(router, { fileName: 'b.crt', trusted: false })).toEqual(counters(1, 0));
    expect(router.names()).toEqual(['mine']);
    expect(router.item('mine')).toMatchObject({ id, trusted: false });
  });

  it('keeps its trust if nothing is said of it', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.crt', other.pem('root'));
    await importFile(router, { fileName: 'a.crt', trusted: false, trustStore: ['dns'] });
    router.writeFile('a.crt', other.pem('root'));
    await importFile(router, { fileName: 'a.crt' });
    expect(router.item('a.crt_0')).toMatchObject({ trusted: false, trustStore: ['dns'] });
  });

  it('as a renewal of the same key by the same CA takes the item’s place, key and all', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.pem', other.pem('server') + keyPem(other, 'server'));
    await importFile(router, { fileName: 'a.pem', name: 'server' });
    const { id, serialNumber } = router.item('server');
    await other.renew('server', 'root');
    router.writeFile('b.crt', other.pem('server'));
    await importFile(router, { fileName: 'b.crt', name: 'other name' });
    expect(router.item('server').id).toBe(id);
    expect(router.item('server').serialNumber).not.toBe(serialNumber);
    expect(router.letters('server')).toBe('KT');
  });

  it('as a renewal of a CA’s certificate by itself takes the item’s place', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const { id } = await importedRoot(router, other);
    await importForgery(router, other, other.privateKey('root'));
    expect(router.names()).toEqual(['ca']);
    expect(router.item('ca')).toMatchObject({ id, serialNumber: '07' });
    expect(router.letters('ca')).toBe('KAT');
  });

  it('does not give its place to one that only claims to be signed by the same CA', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const before = await importedRoot(router, other);
    await importForgery(router, other, newKey('prime256v1').privateKey);
    expect(router.names()).toEqual(['ca', 'forged.crt_0']);
    expect(router.item('ca')).toMatchObject({ fingerprint: before.fingerprint, trusted: true });
  });

  it('does not give its place to one that claims to be signed by a CA of the router, or as a CA by nobody known', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    await other.issue('sub', 'root', { keyUsage: ['key-cert-sign'] });
    router.writeFile('a.pem', other.pem('sub') + keyPem(other, 'sub'));
    await importFile(router, { fileName: 'a.pem', name: 'sub' });
    const { fingerprint } = router.item('sub');
    await importForgery(router, other, newKey('prime256v1').privateKey, 'sub');
    await importedRoot(router, other);
    await importForgery(router, other, newKey('prime256v1').privateKey, 'sub');
    expect(router.names()).toEqual(['sub', 'forged.crt_0', 'ca', 'forged.crt_1']);
    expect(router.item('sub').fingerprint).toBe(fingerprint);
  });

  it('does not give its place to an older one', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const old = other.pem('server');
    other.clock.time += day;
    await other.renew('server', 'root');
    const renewed = other.der('server');
    router.writeFile('a.crt', other.pem('server'));
    await importFile(router, { fileName: 'a.crt', name: 'server' });
    router.writeFile('a.crt', old);
    await importFile(router, { fileName: 'a.crt' });
    expect(router.names()).toEqual(['server', 'a.crt_0']);
    expect(router.der('server')).toEqual(renewed);
  });

  it('stands beside its renewal if both are in one file, and each is itself when the file comes again', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const old = other.pem('server');
    await other.renew('server', 'root');
    for (const _ of [1, 2]) {
      router.writeFile('both.pem', old + other.pem('server'));
      expect(await importFile(router, { fileName: 'both.pem' })).toEqual(counters(2, 0));
      expect(router.names()).toEqual(['both.pem_0', 'both.pem_1']);
      expect(router.der('both.pem_1')).toEqual(other.der('server'));
    }
  });

  it('signed by another CA stands beside it, with the same key', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.pem', other.pem('server') + keyPem(other, 'server'));
    await importFile(router, { fileName: 'a.pem', name: 'server' });
    await other.newCa('second root');
    await other.renew('server', 'second root');
    router.writeFile('b.crt', other.pem('server'));
    await importFile(router, { fileName: 'b.crt', name: 'crossed' });
    expect(router.names().map((name) => [name, router.letters(name), router.item(name).issuer])).toEqual([
      ['server', 'KT', 'CN=root'],
      ['crossed', 'KT', 'CN=second root'],
    ]);
    router.certificates.remove([router.item('server').id]);
    expect(router.privateKey('crossed')).toEqual(other.privateKey('server'));
  });

  it('is what it was if it was made here', async () => {
    const router = await elsewhere();
    const before = router.snapshot();
    router.writeFile('a.crt', router.pem('server'));
    expect(await importFile(router, { fileName: 'a.crt' })).toEqual(counters(1, 0));
    expect(router.snapshot()).toBe(before);
  });
});

describe('a certificate that is here under another name', () => {
  it('keeps that name, and the one who asked is told', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    for (const name of ['server', 'another']) {
      router.writeFile('a.crt', other.pem('server'));
      await importFile(router, { fileName: 'a.crt', name });
    }
    expect(router.names()).toEqual(['server']);
    expect(router.log.at(-1)).toBe('certificate warning: server was here already: it is updated and keeps its name');
  });
});

describe('a key imported with no-key-export', () => {
  it('is never exported, also when it is imported again without', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const content = other.pem('server') + keyPem(other, 'server');
    router.writeFile('a.pem', content);
    await importFile(router, { fileName: 'a.pem', name: 'server', noKeyExport: true });
    router.writeFile('a.pem', content);
    await importFile(router, { fileName: 'a.pem' });
    const exporting = () => router.certificates.exportCertificates([router.item('server').id], { exportPassphrase: passphrase }, silentJob);
    expect(await router.refusal(exporting)).toBe('the private key of server was imported with no-key-export: it can not be exported');
    expect(router.hasFile('cert_export_server.crt')).toBe(false);
  });

  it('may be one that could be exported before', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const content = other.pem('server') + keyPem(other, 'server');
    for (const noKeyExport of [false, true]) {
      router.writeFile('a.pem', content);
      await importFile(router, { fileName: 'a.pem', name: 'server', noKeyExport });
    }
    expect(router.store.privateKeys.isExportable(Number(router.contents('server').privateKeyId))).toBe(false);
  });
});

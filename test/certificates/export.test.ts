import { describe, expect, it } from 'vitest';
import type { ExportOptions } from '../../src/certificates/export.ts';
import { silentJob } from '../../src/job/job.ts';
import { decryptPrivateKey } from '../../src/keys/encrypted.ts';
import { decodePkcs12 } from '../../src/keys/pkcs12.ts';
import { decodePem } from '../../src/pem/pem.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { derOf, Router } from './router.ts';

const exportPassphrase = 'yourpassphrase';

/** root → sub → server */
async function chain(): Promise<Router> {
  const router = await Router.start();
  await router.newCa('root');
  await router.issue('sub', 'root', { keyUsage: ['key-cert-sign', 'crl-sign'] });
  await router.issue('server', 'sub');
  return router;
}

function exported(router: Router, names: readonly string[], options: ExportOptions = {}): Promise<readonly string[]> {
  return router.certificates.exportCertificates(
    names.map((name) => router.item(name).id),
    options,
    silentJob,
  );
}

function readPkcs12(router: Router, name: string, passphrase: string) {
  return decodePkcs12(router.readFile(name), passphrase, router.crypto, neverCancelled);
}

describe('export as PEM', () => {
  it('without a passphrase writes the certificate and no key', async () => {
    const router = await chain();
    expect(await exported(router, ['root'])).toEqual(['cert_export_root.crt']);
    expect(router.readText('cert_export_root.crt')).toBe(router.pem('root'));
    expect(router.modeOf('cert_export_root.crt')).toBe(0o644);
  });

  it('with a passphrase writes the key too, encrypted, for its owner alone', async () => {
    const router = await chain();
    expect(await exported(router, ['root'], { exportPassphrase })).toEqual(['cert_export_root.crt', 'cert_export_root.key']);
    const key = router.readText('cert_export_root.key');
    expect(key).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect(await decryptPrivateKey(derOf(key), exportPassphrase, router.crypto, neverCancelled)).toEqual(router.privateKey('root'));
    expect(router.modeOf('cert_export_root.key')).toBe(0o600);
  });

  it('of a certificate without its key writes no key', async () => {
    const [router, other] = [await Router.start(), await chain()];
    router.writeFile('a.crt', other.pem('server'));
    await router.certificates.importFile({ fileName: 'a.crt', name: 'server' }, silentJob);
    expect(await exported(router, ['server'], { exportPassphrase })).toEqual(['cert_export_server.crt']);
  });

  it('writes several certificates to files of their own', async () => {
    const router = await chain();
    expect(await exported(router, ['root', 'server'])).toEqual(['cert_export_root.crt', 'cert_export_server.crt']);
  });

  it('writes where file-name says', async () => {
    const router = await chain();
    expect(await exported(router, ['root'], { fileName: 'flash/ca' })).toEqual(['flash/ca.crt']);
    expect(router.readText('flash/ca.crt')).toBe(router.pem('root'));
  });

  it('makes no folder of a slash in the name of an item', async () => {
    const router = await chain();
    router.certificates.set([router.item('root').id], { name: '../a/b' });
    expect(await exported(router, ['../a/b'])).toEqual(['cert_export_.._a_b.crt']);
  });
});

describe('export as a PEM chain', () => {
  it('writes the certificate and every CA above it, nearest first', async () => {
    const router = await chain();
    expect(await exported(router, ['server'], { type: 'pem-chain' })).toEqual(['cert_export_server.crt']);
    expect(decodePem(router.readText('cert_export_server.crt')).map(({ der }) => der)).toEqual(
      ['server', 'sub', 'root'].map((name) => router.der(name)),
    );
  });

  it('finds imported CAs by their key, and by their name and signature', async () => {
    const [router, other] = [await Router.start(), await chain()];
    await other.newCa('another root', { commonName: 'root' });
    router.writeFile('a.pem', ['another root', 'server', 'root', 'sub'].map((name) => other.pem(name)).join(''));
    await router.certificates.importFile({ fileName: 'a.pem', name: 'x' }, silentJob);
    await exported(router, ['x_1'], { type: 'pem-chain', fileName: 'chain' });
    expect(router.readText('chain.crt')).toBe(['server', 'sub', 'root'].map((name) => other.pem(name)).join(''));
  });
});

describe('export as PKCS#12', () => {
  it('with a passphrase writes certificate, chain and key, for its owner alone', async () => {
    const router = await chain();
    expect(await exported(router, ['server'], { type: 'pkcs12', exportPassphrase })).toEqual(['cert_export_server.p12']);
    const { certificates, privateKeys } = await readPkcs12(router, 'cert_export_server.p12', exportPassphrase);
    expect(certificates.map(({ der }) => der)).toEqual(['server', 'sub', 'root'].map((name) => router.der(name)));
    expect(privateKeys.map(({ pkcs8 }) => pkcs8)).toEqual([router.privateKey('server')]);
    expect(router.modeOf('cert_export_server.p12')).toBe(0o600);
  });

  it('without a passphrase writes no key', async () => {
    const router = await chain();
    await exported(router, ['server'], { type: 'pkcs12' });
    const { certificates, privateKeys } = await readPkcs12(router, 'cert_export_server.p12', '');
    expect([certificates.length, privateKeys.length]).toEqual([3, 0]);
  });
});

describe('export is refused', () => {
  it('of a template', async () => {
    const router = await Router.start();
    router.add({ name: 'a' });
    expect(await router.refusal(() => exported(router, ['a']))).toBe('a is a template, not a certificate: sign it first');
  });

  it('with a passphrase of less than 8 characters', async () => {
    const router = await chain();
    expect(await router.refusal(() => exported(router, ['root'], { exportPassphrase: 'sevench' }))).toBe(
      'export-passphrase: expected at least 8 characters',
    );
  });

  it('of several certificates to one file', async () => {
    const router = await chain();
    expect(await router.refusal(() => exported(router, ['root', 'sub'], { fileName: 'x' }))).toBe(
      'file-name: expected one certificate to export, as each needs a file of its own',
    );
  });

  it('of two certificates whose names make one file name', async () => {
    const router = await chain();
    router.certificates.set([router.item('root').id], { name: 'a/b' });
    router.certificates.set([router.item('sub').id], { name: 'a_b' });
    expect(await router.refusal(() => exported(router, ['a/b', 'a_b']))).toBe(
      'cert_export_a_b.crt would be written twice: give one certificate another name',
    );
  });

  it('to a file outside of the router’s folder', async () => {
    const router = await chain();
    expect(await router.refusal(() => exported(router, ['root'], { fileName: '../../tmp/x' }))).toMatch(/^bad file name/);
  });

  it('before anything is written if one of several can not be exported', async () => {
    const router = await chain();
    router.add({ name: 'template' });
    await router.refusal(() => exported(router, ['root', 'template']));
    expect(router.hasFile('cert_export_root.crt')).toBe(false);
  });
});

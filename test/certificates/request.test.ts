import { describe, expect, it } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import { silentJob } from '../../src/job/job.ts';
import { decryptPrivateKey } from '../../src/keys/encrypted.ts';
import { CancelSource, neverCancelled } from '../../src/platform/cancel.ts';
import { decodeExtendedKeyUsage, decodeKeyUsage, decodeSubjectAltName, extensionOf } from '../../src/x509/extensions.ts';
import { formatAltNames } from '../../src/x509/general-names.ts';
import { keyUsagesOfOids } from '../../src/x509/key-usage.ts';
import { formatName } from '../../src/x509/name.ts';
import { type CertificationRequest, decodeRequest, verifyRequest } from '../../src/x509/request.ts';
import { derOf, Router } from './router.ts';

const inClear = { keyPassphrase: '', challengePassphrase: '' };

function requestOf(router: Router): CertificationRequest {
  return decodeRequest(derOf(router.readText('certificate-request.pem')));
}

function usagesOf(request: CertificationRequest): string[] {
  const extensions = { extensions: request.requestedExtensions };
  const bits = extensionOf(extensions, oids.keyUsage);
  const purposes = extensionOf(extensions, oids.extendedKeyUsage);
  return [
    ...(bits === undefined ? [] : decodeKeyUsage(bits)),
    ...(purposes === undefined ? [] : keyUsagesOfOids(decodeExtendedKeyUsage(purposes)).usages),
  ];
}

describe('create-certificate-request', () => {
  it('writes request and key to RouterOS’ files and removes the template', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a', commonName: 'a.example', organization: 'O', subjectAltNames: ['DNS:a.example', 'IP:10.0.0.1'] });
    const files = await router.certificates.createRequest(id, inClear, silentJob);
    expect(files).toEqual(['certificate-request.pem', 'certificate-request_key.pem']);
    const request = requestOf(router);
    expect(await verifyRequest(request, router.crypto)).toBe(true);
    expect(formatName(request.subject)).toBe('O=O,CN=a.example');
    const names = extensionOf({ extensions: request.requestedExtensions }, oids.subjectAltName);
    expect(names && formatAltNames(decodeSubjectAltName(names))).toBe('DNS:a.example,IP:10.0.0.1');
    expect(router.names()).toEqual([]);
  });

  it('writes the key in the clear if its passphrase is empty, for its owner alone', async () => {
    const router = await Router.start();
    await router.certificates.createRequest(router.add({ name: 'a', commonName: 'a' }), inClear, silentJob);
    const key = derOf(router.readText('certificate-request_key.pem'));
    expect(router.crypto.publicKeyOf(key)).toEqual(requestOf(router).publicKey);
    expect(router.modeOf('certificate-request_key.pem')).toBe(0o600);
    expect(router.modeOf('certificate-request.pem')).toBe(0o644);
  });

  it('encrypts the key with its passphrase and puts the challenge in the request', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a', commonName: 'a' });
    await router.certificates.createRequest(id, { keyPassphrase: 'pässword', challengePassphrase: 'challenge' }, silentJob);
    const pem = router.readText('certificate-request_key.pem');
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    const key = await decryptPrivateKey(derOf(pem), 'pässword', router.crypto, neverCancelled);
    expect(router.crypto.publicKeyOf(key)).toEqual(requestOf(router).publicKey);
    expect(requestOf(router).challengePassword).toBe('challenge');
  });

  it('asks for the default key usage without what only a CA may do', async () => {
    const router = await Router.start();
    await router.certificates.createRequest(router.add({ name: 'a', commonName: 'a' }), inClear, silentJob);
    expect(usagesOf(requestOf(router))).toEqual(['digital-signature', 'tls-server', 'tls-client']);
    expect(extensionOf({ extensions: requestOf(router).requestedExtensions }, oids.basicConstraints)).toBeUndefined();
  });

  it('asks to be a CA if the template says so itself', async () => {
    const router = await Router.start();
    await router.certificates.createRequest(router.add({ name: 'a', commonName: 'a', keyUsage: ['key-cert-sign'] }), inClear, silentJob);
    expect(usagesOf(requestOf(router))).toEqual(['key-cert-sign']);
    expect(extensionOf({ extensions: requestOf(router).requestedExtensions }, oids.basicConstraints)).toBeDefined();
  });

  it('wipes the key', async () => {
    const router = await Router.start();
    await router.certificates.createRequest(router.add({ name: 'a', commonName: 'a' }), inClear, silentJob);
    expect(router.keyGenerator.made[0]?.privateKey.every((byte) => byte === 0)).toBe(true);
  });

  it('leaves the template whole when it is cancelled, and writes nothing', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a', commonName: 'a' });
    const cancel = new CancelSource();
    router.keyGenerator.meanwhile = () => cancel.cancel();
    const creating = () => router.certificates.createRequest(id, inClear, { cancel, progress: () => undefined, warn: () => undefined });
    expect(await router.refusal(creating)).toBe('interrupted');
    expect(router.hasFile('certificate-request_key.pem')).toBe(false);
  });

  it('writes key and request of one template beside each other, also when two are asked for at once', async () => {
    const router = await Router.start();
    for (let round = 0; round < 20; round++) {
      const ids = ['a', 'b'].map((name) => router.add({ name, commonName: name }));
      await Promise.all(ids.map((id) => router.certificates.createRequest(id, inClear, silentJob)));
      expect(router.crypto.publicKeyOf(derOf(router.readText('certificate-request_key.pem')))).toEqual(requestOf(router).publicKey);
    }
  });

  it('is refused for a certificate', async () => {
    const router = await Router.start();
    const { id } = await router.newCa('root');
    expect(await router.refusal(() => router.certificates.createRequest(id, inClear, silentJob))).toBe(
      'root is a certificate already, not a template',
    );
  });

  it('is refused for a template that names nothing', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a' });
    expect(await router.refusal(() => router.certificates.createRequest(id, inClear, silentJob))).toBe(
      'a request has a subject or an alternative name: set common-name or subject-alt-name first',
    );
  });
});

describe('the way of a certificate signed elsewhere', () => {
  it('ends with certificate and key imported here', async () => {
    const [router, ca] = [await Router.start(), await Router.start()];
    await ca.newCa('root');
    const id = router.add({ name: 'a', commonName: 'a.example', subjectAltNames: ['DNS:a.example'] });
    await router.certificates.createRequest(id, inClear, silentJob);
    ca.writeFile('a.csr', router.readText('certificate-request.pem'));
    await ca.certificates.signRequest({ fileName: 'a.csr', ca: ca.item('root').id }, silentJob);
    router.writeFile('a.crt', ca.pem('issued_1'));
    await router.certificates.importFile({ fileName: 'a.crt', name: 'a' }, silentJob);
    await router.certificates.importFile({ fileName: 'certificate-request_key.pem' }, silentJob);
    expect(router.letters('a')).toBe('KT');
    expect(router.item('a')).toMatchObject({ commonName: 'a.example', issuer: 'CN=root', subjectAltNames: ['DNS:a.example'] });
  });
});

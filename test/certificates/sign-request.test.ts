import { describe, expect, it } from 'vitest';
import type { SignRequestOptions } from '../../src/certificates/sign-request.ts';
import { oids } from '../../src/der/oids.ts';
import { utf8String } from '../../src/der/writer.ts';
import { silentJob } from '../../src/job/job.ts';
import {
  type Extension,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeSubjectAltName,
  extensionOf,
} from '../../src/x509/extensions.ts';
import type { GeneralName } from '../../src/x509/general-names.ts';
import type { KeyUsage } from '../../src/x509/key-usage.ts';
import { nameOf } from '../../src/x509/name.ts';
import { type CertificationRequestInfo, signRequest } from '../../src/x509/request.ts';
import { signerFor } from '../../src/x509/signer.ts';
import { newKey, type TestKeyType } from '../x509/keys.ts';
import { day, noon, pemOf, Router } from './router.ts';

type Asked = Partial<CertificationRequestInfo> & { keyType?: TestKeyType };

/** A router with a CA, and the DER of a request from elsewhere in the file a.csr. */
async function asked({ keyType = 'prime256v1', ...info }: Asked = {}): Promise<Router> {
  const router = await Router.start();
  await router.newCa('root', {}, { caCrlHosts: ['crl.example'] });
  const key = newKey(keyType);
  const request = await signRequest(
    { subject: nameOf({ commonName: 'elsewhere' }), requestedExtensions: [], ...info, publicKey: key.publicKey },
    signerFor(key.privateKey, 'sha256', router.crypto),
  );
  router.writeFile('a.csr', request.der);
  return router;
}

function answer(router: Router, options: Partial<SignRequestOptions> = {}): Promise<number> {
  return router.certificates.signRequest({ fileName: 'a.csr', ca: router.item('root').id, ...options }, silentJob);
}

const present = (extensions: readonly (Extension | undefined)[]): Extension[] => extensions.filter((each) => each !== undefined);
const usages = (...words: KeyUsage[]): Extension[] => present([encodeKeyUsage(words), encodeExtendedKeyUsage(words)]);
const names = (...given: GeneralName[]): Extension => encodeSubjectAltName(given);

describe('sign-certificate-request', () => {
  it('issues a certificate without a key here, under a name of its own', async () => {
    const router = await asked();
    const id = await answer(router);
    const item = router.item('issued_1');
    expect(item).toMatchObject({
      id,
      commonName: 'elsewhere',
      issuer: 'CN=root',
      ca: 'root',
      daysValid: 365,
      invalidBefore: noon,
      digestAlgorithm: 'sha256',
      trusted: false,
      akid: router.item('root').skid,
    });
    expect(router.letters('issued_1')).toBe('LI');
    expect(router.crlUrls('issued_1')).toEqual(['http://crl.example/crl/1.crl']);
  });

  it('numbers what it issues, and keeps the request', async () => {
    const router = await asked();
    for (const _ of [1, 2]) await answer(router);
    router.certificates.remove([router.item('issued_1').id]);
    await answer(router);
    expect(router.names()).toEqual(['root', 'issued_2', 'issued_1']);
    expect(router.hasFile('a.csr')).toBe(true);
  });

  it('reads PEM, with the old label too', async () => {
    const router = await asked();
    const der = router.readFile('a.csr');
    for (const label of ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']) {
      router.writeFile('b.csr', `text\n${pemOf(label, der)}`);
      await answer(router, { fileName: 'b.csr' });
    }
    expect(router.names()).toEqual(['root', 'issued_1', 'issued_2']);
  });

  it('takes days and digest from the command, and ends with its CA', async () => {
    const router = await asked();
    await answer(router, { daysValid: 10, digestAlgorithm: 'sha384' });
    await answer(router, { daysValid: 1000 });
    expect(router.item('issued_1')).toMatchObject({ invalidAfter: noon + 10 * day, digestAlgorithm: 'sha384' });
    expect(router.item('issued_2').invalidAfter).toBe(noon + 365 * day);
    expect(router.log).toEqual([
      'certificate warning: issued_2 ends on 2027-11-23 12:00:00, with its CA root, before its 1000 days are over',
    ]);
  });

  it('can be revoked', async () => {
    const router = await asked();
    router.certificates.revoke([await answer(router)]);
    expect(router.letters('issued_1')).toBe('LIR');
  });
});

describe('what a request asks for', () => {
  it('is granted with the usages of a server and a client if it asks for none', async () => {
    const router = await asked();
    await answer(router);
    expect(router.item('issued_1').keyUsage).toEqual(['digital-signature', 'tls-server', 'tls-client']);
  });

  it('is granted with encipherment for an RSA key', async () => {
    const router = await asked({ keyType: 'rsa-2048' });
    await answer(router);
    expect(router.item('issued_1').keyUsage).toEqual([
      'digital-signature',
      'key-encipherment',
      'data-encipherment',
      'tls-server',
      'tls-client',
    ]);
  });

  it('is copied as to alternative names', async () => {
    const router = await asked({
      requestedExtensions: [
        names(
          { type: 'dns', value: '*.a.example' },
          { type: 'ip', bytes: Uint8Array.of(10, 0, 0, 1) },
          { type: 'email', value: 'x@a.example' },
          { type: 'uri', value: 'urn:x' },
        ),
      ],
    });
    await answer(router);
    expect(router.item('issued_1').subjectAltNames).toEqual(['DNS:*.a.example', 'IP:10.0.0.1', 'email:x@a.example', 'URI:urn:x']);
    expect(router.log).toEqual([]);
  });

  it('is not copied as to names of other kinds, which the log tells', async () => {
    const router = await asked({
      requestedExtensions: [names({ type: 'dns', value: 'a' }, { type: 'directory', name: nameOf({ commonName: 'boss' }) })],
    });
    await answer(router);
    expect(router.item('issued_1').subjectAltNames).toEqual(['DNS:a']);
    expect(router.log).toEqual([
      'certificate warning: issued_1 for CN=elsewhere was issued without dirName:CN=boss, which the request asks for',
    ]);
  });

  it('is granted as to the key usages that are a server’s or client’s; key-cert-sign and crl-sign never', async () => {
    const router = await asked({
      requestedExtensions: usages('digital-signature', 'key-cert-sign', 'crl-sign', 'tls-client', 'code-sign'),
    });
    await answer(router);
    expect(router.item('issued_1').keyUsage).toEqual(['digital-signature', 'tls-client']);
    expect(extensionOf(router.certificate('issued_1'), oids.basicConstraints)).toBeUndefined();
    expect(router.log).toEqual([
      'certificate warning: issued_1 for CN=elsewhere was issued without key-cert-sign, crl-sign, code-sign, which the request asks for',
    ]);
  });

  it('is granted as to the key usages that the command grants, and asks for', async () => {
    const router = await asked({ requestedExtensions: usages('digital-signature', 'code-sign', 'tls-server') });
    await answer(router, { keyUsage: ['digital-signature', 'code-sign', 'timestamp'] });
    expect(router.item('issued_1').keyUsage).toEqual(['digital-signature', 'code-sign']);
  });

  it('is refused if none of the usages it asks for is granted', async () => {
    const router = await asked({ requestedExtensions: usages('digital-signature', 'email-protect') });
    expect(await router.refusal(() => answer(router))).toBe(
      'the request asks for email-protect, which is not granted: give key-usage to grant it',
    );
  });

  it('is left out as to other extensions, which the log tells', async () => {
    const router = await asked({ requestedExtensions: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] });
    await answer(router);
    expect(extensionOf(router.certificate('issued_1'), '1.2.3.4')).toBeUndefined();
    expect(router.log).toEqual([
      'certificate warning: issued_1 for CN=elsewhere was issued without extension 1.2.3.4, which the request asks for',
    ]);
  });

  it('keeps escape codes in a subject, and shows none', async () => {
    const router = await asked({ subject: [[{ type: oids.commonName, value: 'a\u001b[31m', der: utf8String('a\u001b[31m') }]] });
    await answer(router, { daysValid: 1000 });
    expect(router.item('issued_1').commonName).toBe('a\u001b[31m');
    expect(router.log.join('\n')).not.toContain('\u001b');
  });
});

describe('a request is refused', () => {
  it('that asks to be a CA', async () => {
    const router = await asked({ requestedExtensions: [encodeBasicConstraints({ ca: true })] });
    expect(await router.refusal(() => answer(router))).toBe('the request asks to be a CA (CA:TRUE), which is not granted');
  });

  it('whose signature is wrong', async () => {
    const router = await asked();
    const der = router.readFile('a.csr');
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    router.writeFile('a.csr', der);
    expect(await router.refusal(() => answer(router))).toBe('the signature of the request in a.csr is wrong: its key did not sign it');
  });

  it.each<[string, GeneralName, string]>([
    ['host name', { type: 'dns', value: 'a\u0007 b' }, String.raw`DNS:a\07 b`],
    ['e-mail address', { type: 'email', value: 'boss@a.example\0@b.example' }, String.raw`email:boss@a.example\00@b.example`],
    ['URI', { type: 'uri', value: 'http://a.example\0' }, String.raw`URI:http://a.example\00`],
  ])('with an alternative name that is no %s', async (kind, name, shown) => {
    const router = await asked({ requestedExtensions: [names(name)] });
    expect(await router.refusal(() => answer(router))).toBe(`the request asks for ${shown}, which is no ${kind}`);
  });

  it('without subject and alternative name', async () => {
    const router = await asked({ subject: [] });
    expect(await router.refusal(() => answer(router))).toBe('the request has no subject and no alternative name');
  });

  it.each([
    ['a text', 'Hello', 'a.csr holds no certificate request'],
    ['a certificate request in no PEM', 'CERTIFICATE REQUEST', 'a.csr holds no certificate request'],
    ['two requests', pemOf('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0)).repeat(2), 'a.csr holds 2 certificate requests: expected one'],
    [
      'an empty sequence',
      pemOf('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0)),
      'request certificationRequestInfo: expected SEQUENCE, found the end',
    ],
  ])('that is %s', async (_, content, message) => {
    const router = await asked();
    router.writeFile('a.csr', content);
    expect(await router.refusal(() => answer(router))).toBe(message);
  });

  it('when the command would grant it to sign certificates', async () => {
    const router = await asked();
    expect(await router.refusal(() => answer(router, { keyUsage: ['tls-server', 'key-cert-sign'] }))).toBe(
      'key-usage: key-cert-sign is not granted to a request',
    );
  });

  it('by a CA without key-cert-sign', async () => {
    const router = await asked();
    await router.newCa('leaf', { keyUsage: ['digital-signature'] });
    expect(await router.refusal(() => answer(router, { ca: router.item('leaf').id }))).toBe(
      'leaf is no CA: its key-usage has no key-cert-sign',
    );
  });

  it('for days that are none', async () => {
    const router = await asked();
    expect(await router.refusal(() => answer(router, { daysValid: 0 }))).toBe(
      'days-valid: expected a number from 1 to 4294967295, found 0',
    );
  });

  it('while the clock is wrong', async () => {
    const router = await asked();
    router.clock.time = 0;
    expect(await router.refusal(() => answer(router))).toContain('the clock is wrong: 1970-01-01 00:00:00');
  });
});

import { describe, expect, it } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import { CancelSource } from '../../src/platform/cancel.ts';
import { decodeAuthorityKeyIdentifier, decodeSubjectKeyIdentifier, extensionOf } from '../../src/x509/extensions.ts';
import { day, noon, Router } from './router.ts';

describe('the walk-through', () => {
  it('makes three templates and signs each with its own key', async () => {
    const router = await Router.start();
    router.add({ name: 'CA-Template', commonName: 'CAtemp', keyUsage: ['key-cert-sign', 'crl-sign'] });
    router.add({ name: 'Server', commonName: 'server' });
    router.add({ name: 'Client', commonName: 'client' });
    await router.sign('CA-Template');
    await router.sign('Client');
    await router.sign('Server', { caCrlHosts: ['192.168.88.1'], name: 'ServerCA' });
    expect(router.names().map((name) => [name, router.letters(name)])).toEqual([
      ['CA-Template', 'KAT'],
      ['Client', 'KAT'],
      ['ServerCA', 'KLAT'],
    ]);
  });

  it('has 2048 bits of RSA, 365 days and the default key usage in a certificate whose template says nothing', async () => {
    const router = await Router.start();
    router.certificates.add({ name: 'Client', commonName: 'client' });
    await router.sign('Client');
    expect(router.item('Client')).toMatchObject({
      kind: 'certificate',
      keyType: 'rsa',
      keySize: '2048',
      daysValid: 365,
      digestAlgorithm: 'sha256',
      trusted: true,
      trustStore: ['all'],
      invalidBefore: noon,
      invalidAfter: noon + 365 * day,
      expiresAfter: 365 * day,
      keyUsage: ['digital-signature', 'key-encipherment', 'data-encipherment', 'key-cert-sign', 'crl-sign', 'tls-server', 'tls-client'],
    });
  });
});

describe('a certificate signed by its own key', () => {
  it('stays the item that the template was', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a', commonName: 'a' });
    await router.sign('a');
    expect(router.item('a').id).toBe(id);
  });

  it('stands after what was signed before it, and templates after what was made before them', async () => {
    const router = await Router.start();
    for (const name of ['a', 'b', 'c']) router.add({ name, commonName: name });
    await router.sign('b');
    expect(router.names()).toEqual(['a', 'c', 'b']);
  });

  it('has its extensions in RouterOS’ order, without a Netscape comment', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a', subjectAltNames: ['DNS:a.example'] });
    await router.sign('a', { caCrlHosts: ['192.0.2.1'] });
    expect(router.certificate('a').extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
      [oids.basicConstraints, true],
      [oids.keyUsage, true],
      [oids.extendedKeyUsage, false],
      [oids.subjectAltName, false],
      [oids.subjectKeyIdentifier, false],
      [oids.cRLDistributionPoints, false],
    ]);
  });

  it('is no CA and not trusted if its key usage has no key-cert-sign', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a', keyUsage: ['digital-signature', 'tls-server'] });
    await router.sign('a');
    expect(router.letters('a')).toBe('K');
    expect(extensionOf(router.certificate('a'), oids.basicConstraints)).toBeUndefined();
    expect(router.item('a').trusted).toBe(false);
  });

  it('is trusted or not as its template says', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a', trusted: false, trustStore: ['dns', 'ipsec'] });
    await router.sign('a');
    expect(router.letters('a')).toBe('KA');
    expect(router.item('a').trustStore).toEqual(['ipsec', 'dns']);
  });

  it('says who issued it in neither issuer nor akid nor ca', async () => {
    const router = await Router.start();
    const { issuer, akid, ca, skid } = await router.newCa('a');
    expect({ issuer, akid, ca }).toEqual({ issuer: undefined, akid: '', ca: undefined });
    expect(skid).toMatch(/^[0-9A-F]{40}$/);
  });

  it('has a serial number of 16 octets, positive, and another each time', async () => {
    const router = await Router.start();
    const serials = new Set<string>();
    for (const name of ['a', 'b', 'c']) serials.add(String((await router.newCa(name, { keySize: 'ed25519' })).serialNumber));
    expect(serials.size).toBe(3);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
  });

  it.each([
    ['prime256v1', 'ec'],
    ['secp384r1', 'ec'],
    ['secp521r1', 'ec'],
    ['ed25519', 'ed25519'],
    ['1024', 'rsa'],
  ] as const)('may have a key of %s', async (keySize, keyType) => {
    const router = await Router.start();
    const item = await router.newCa('a', { keySize });
    expect(item).toMatchObject({ keySize, keyType });
  });

  it('has no encipherment in the default key usage of an EC key', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a' });
    await router.sign('a');
    expect(router.item('a').keyUsage).toEqual(['digital-signature', 'key-cert-sign', 'crl-sign', 'tls-server', 'tls-client']);
    expect(router.log).toEqual([]);
  });

  it('has encipherment with an EC key if that was asked for, with a warning', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a', keyUsage: ['key-encipherment', 'digital-signature'] });
    await router.sign('a');
    expect(router.item('a').keyUsage).toEqual(['digital-signature', 'key-encipherment']);
    expect(router.log).toEqual(['certificate warning: a has key-encipherment in its key-usage, which an ec key can not do']);
  });

  it.each(['md5', 'sha1'] as const)('is signed with %s where somebody asks for it, with a warning', async (digestAlgorithm) => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a', keySize: '1024', digestAlgorithm });
    await router.sign('a');
    expect(router.item('a').digestAlgorithm).toBe(digestAlgorithm);
    expect(router.log).toEqual([`certificate warning: a is signed with ${digestAlgorithm}, which can be forged: use sha256`]);
  });

  it('ends with the year 9999 however many days it is to last', async () => {
    const router = await Router.start();
    const { invalidAfter } = await router.newCa('a', { daysValid: 4_294_967_295 });
    expect(new Date(Number(invalidAfter) * 1000).toISOString()).toBe('9999-12-31T23:59:59.000Z');
  });
});

describe('a certificate signed by a CA', () => {
  it('names its issuer, and is issued and not trusted', async () => {
    const router = await Router.start();
    const root = await router.newCa('root', { commonName: 'Root', country: 'LV', organization: 'Example' });
    const item = await router.issue('server', 'root');
    expect(item).toMatchObject({ issuer: 'C=LV,O=Example,CN=Root', ca: 'root', akid: root.skid, trusted: false });
    expect(router.letters('server')).toBe('KI');
  });

  it('still names its CA when that has a new name', async () => {
    const router = await Router.start();
    const root = await router.newCa('root');
    await router.issue('server', 'root');
    router.certificates.set([root.id], { name: 'old root' });
    expect(router.item('server').ca).toBe('old root');
  });

  it('has the CA’s key identifier as its authority’s', async () => {
    const router = await Router.start();
    await router.newCa('root');
    await router.issue('server', 'root');
    const keyIdentifier = decodeSubjectKeyIdentifier(router.extension('root', oids.subjectKeyIdentifier));
    expect(decodeAuthorityKeyIdentifier(router.extension('server', oids.authorityKeyIdentifier))).toEqual({ keyIdentifier });
  });

  it('is an authority itself if its key usage says so', async () => {
    const router = await Router.start();
    await router.newCa('root');
    await router.issue('intermediate', 'root', { keyUsage: ['key-cert-sign', 'crl-sign'] });
    await router.issue('server', 'intermediate');
    expect(router.letters('intermediate')).toBe('KA');
    expect(router.item('server').ca).toBe('intermediate');
  });

  it('marks its alternative names critical if it has no subject', async () => {
    const router = await Router.start();
    await router.newCa('root');
    await router.issue('server', 'root', { commonName: '', subjectAltNames: ['IP:2001:db8::1'] });
    expect(router.certificate('server').subject).toEqual([]);
    expect(router.extension('server', oids.subjectAltName).critical).toBe(true);
  });

  it('ends with its CA, with a warning', async () => {
    const router = await Router.start();
    await router.newCa('root', { daysValid: 100 });
    await router.issue('server', 'root', { daysValid: 200 });
    expect(router.item('server').invalidAfter).toBe(noon + 100 * day);
    expect(router.log).toEqual(['certificate warning: server ends on 2027-03-03 12:00:00, with its CA root, before its 200 days are over']);
  });

  it('ends with a CA that was made the same day for as long, without a warning', async () => {
    const router = await Router.start();
    await router.newCa('root', { daysValid: 100 });
    router.clock.time += 3600;
    await router.issue('server', 'root', { daysValid: 100 });
    expect(router.item('server').invalidAfter).toBe(noon + 100 * day);
    expect(router.log).toEqual([]);
  });

  it('may be signed by an Ed25519 CA whatever the digest of its template', async () => {
    const router = await Router.start();
    await router.newCa('root', { keySize: 'ed25519' });
    await router.issue('server', 'root', { digestAlgorithm: 'md5' });
    expect(router.item('server').digestAlgorithm).toBeUndefined();
    expect(router.log).toEqual([]);
  });
});

describe('the URL of the CRL', () => {
  it('is in a CA signed with ca-crl-host, and in all that it issues', async () => {
    const router = await Router.start();
    await router.newCa('root', {}, { caCrlHosts: ['192.0.2.1'] });
    await router.issue('server', 'root');
    expect(router.crlUrls('root')).toEqual(['http://192.0.2.1/crl/1.crl']);
    expect(router.crlUrls('server')).toEqual(['http://192.0.2.1/crl/1.crl']);
    expect(router.item('root').caCrlHost).toBe('192.0.2.1');
    expect(router.letters('server')).toBe('KLI');
  });

  it('counts the CA keys, and gives the number of one that went to no other', async () => {
    const router = await Router.start();
    await router.newCa('a', {}, { caCrlHosts: ['h'] });
    const b = await router.newCa('b', {}, { caCrlHosts: ['h'] });
    router.certificates.remove([b.id]);
    await router.newCa('c', {}, { caCrlHosts: ['h'] });
    expect([router.crlUrls('a'), router.crlUrls('c')]).toEqual([['http://h/crl/1.crl'], ['http://h/crl/3.crl']]);
  });

  it('counts a CA without CRL host at its first sign, and not what signs nothing', async () => {
    const router = await Router.start();
    await router.newCa('a');
    await router.issue('leaf', 'a');
    await router.newCa('b', {}, { caCrlHosts: ['h'] });
    expect(router.crlUrls('b')).toEqual(['http://h/crl/2.crl']);
  });

  it('of an intermediate is that of its issuer’s CRL; what it issues has its own', async () => {
    const router = await Router.start();
    await router.newCa('root', {}, { caCrlHosts: ['root.example'] });
    router.add({ name: 'sub', commonName: 'sub', keyUsage: ['key-cert-sign', 'crl-sign'] });
    await router.sign('sub', { ca: 'root', caCrlHosts: ['sub.example'] });
    await router.issue('server', 'sub');
    expect(router.crlUrls('sub')).toEqual(['http://sub.example/crl/1.crl']);
    expect(router.crlUrls('server')).toEqual(['http://sub.example/crl/2.crl']);
  });

  it('takes an IPv6 address in brackets, a port, and several hosts', async () => {
    const router = await Router.start();
    await router.newCa('a', {}, { caCrlHosts: ['2001:db8::1', 'crl.example:8080'] });
    expect(router.crlUrls('a')).toEqual(['http://[2001:db8::1]/crl/1.crl', 'http://crl.example:8080/crl/1.crl']);
  });

  it('is right for both when two CAs are signed at once', async () => {
    const router = await Router.start();
    for (const name of ['a', 'b']) router.add({ name, commonName: name });
    await Promise.all(['a', 'b'].map((name) => router.sign(name, { caCrlHosts: ['h'] })));
    const both = [...router.crlUrls('a'), ...router.crlUrls('b')];
    expect(both.toSorted()).toEqual(['http://h/crl/1.crl', 'http://h/crl/2.crl']);
    for (const name of ['a', 'b']) {
      const number = router.store.caNumbers.of(router.contents(name).publicKeyId);
      expect(router.crlUrls(name)).toEqual([`http://h/crl/${number}.crl`]);
    }
  });

  it.each(['', 'a b', 'h/x', 'http://h', '*.example', 'h:0', 'h:70000', '[10.0.0.1]'])('is not made of %j', async (host) => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a' });
    await expect(router.sign('a', { caCrlHosts: [host] })).rejects.toThrow('ca-crl-host: expected a host name or an IP address');
  });
});

describe('the key of a new certificate', () => {
  it('is in the store, sealed, and the one that belongs to the certificate', async () => {
    const router = await Router.start();
    await router.newCa('a');
    expect(router.crypto.publicKeyOf(router.privateKey('a'))).toEqual(router.certificate('a').publicKey);
  });

  it('is wiped from memory once it is stored', async () => {
    const router = await Router.start();
    await router.newCa('a');
    expect(router.keyGenerator.made[0]?.privateKey.every((byte) => byte === 0)).toBe(true);
  });

  it('is wiped from memory when signing fails', async () => {
    const router = await Router.start();
    const root = await router.newCa('root');
    router.keyGenerator.meanwhile = () => {
      router.certificates.remove([root.id]);
    };
    router.add({ name: 'a', commonName: 'a' });
    await expect(router.sign('a', { ca: 'root' })).rejects.toThrow('root was changed or removed meanwhile');
    expect(Buffer.concat(router.keyGenerator.made.map(({ privateKey }) => privateKey)).every((byte) => byte === 0)).toBe(true);
  });

  it('is reported while it is made, in whole per cents', async () => {
    const router = await Router.start();
    const shown: string[] = [];
    router.add({ name: 'a', commonName: 'a' });
    await router.sign('a', {}, { cancel: new CancelSource(), progress: (text) => shown.push(text), warn: () => undefined });
    expect(shown).toEqual(['generating key 0%', 'generating key 40%', 'generating key 100%', 'done']);
  });

  it('is said to wait when the machine has no entropy yet', async () => {
    const router = await Router.start();
    const shown: string[] = [];
    router.keyGenerator.progress = ['waiting for entropy', 0.5];
    router.add({ name: 'a', commonName: 'a' });
    await router.sign('a', {}, { cancel: new CancelSource(), progress: (text) => shown.push(text), warn: () => undefined });
    expect(shown).toEqual(['waiting for entropy', 'generating key 50%', 'done']);
  });
});

describe('while a template is signed', () => {
  it('a cancel leaves it whole', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a' });
    const before = router.snapshot();
    const cancel = new CancelSource();
    router.keyGenerator.meanwhile = () => cancel.cancel();
    await expect(router.sign('a', {}, { cancel, progress: () => undefined, warn: () => undefined })).rejects.toThrow('interrupted');
    expect(router.snapshot()).toBe(before);
    router.keyGenerator.meanwhile = () => undefined;
    await router.sign('a');
    expect(router.item('a').kind).toBe('certificate');
  });

  it.each([
    ['signed', (router: Router) => router.sign('a')],
    ['set', (router: Router) => router.certificates.set([router.item('a').id], { commonName: 'b' })],
    ['reset', (router: Router) => router.certificates.reset([router.item('a').id], ['commonName'])],
    ['removed', (router: Router) => router.certificates.remove([router.item('a').id])],
  ])('%s is what it can not be', async (_, command) => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a' });
    router.keyGenerator.meanwhile = async () => {
      await expect(async () => command(router)).rejects.toThrow('a is busy: another command works on it');
    };
    await router.sign('a');
    expect(router.item('a')).toMatchObject({ kind: 'certificate', commonName: 'a' });
  });

  it('a name given away meanwhile is noticed', async () => {
    const router = await Router.start();
    router.add({ name: 'a', commonName: 'a' });
    router.keyGenerator.meanwhile = () => {
      router.add({ name: 'b', commonName: 'b' });
    };
    await expect(router.sign('a', { name: 'b' })).rejects.toThrow('certificate with the same name already exists');
    expect(router.item('a').kind).toBe('template');
  });

  it('a CA revoked meanwhile is noticed', async () => {
    const router = await Router.start();
    await router.newCa('root');
    await router.issue('sub', 'root', { keyUsage: ['key-cert-sign'] });
    router.add({ name: 'a', commonName: 'a' });
    router.keyGenerator.meanwhile = () => router.certificates.revoke([router.item('sub').id]);
    await expect(router.sign('a', { ca: 'sub' })).rejects.toThrow('sub is revoked');
    expect(router.item('a').kind).toBe('template');
  });
});

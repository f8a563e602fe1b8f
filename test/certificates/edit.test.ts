import { describe, expect, it } from 'vitest';
import type { GivenProperties } from '../../src/certificates/properties.ts';
import { silentJob } from '../../src/job/job.ts';
import { pemOf, Router } from './router.ts';

describe('add', () => {
  it('makes a template that shows what was set, and the defaults of key and days', async () => {
    const router = await Router.start();
    router.certificates.add({ name: 'CA-Template', commonName: 'CAtemp', keyUsage: ['crl-sign', 'key-cert-sign'] });
    const { name, kind, keyType, keySize, commonName, subjectAltNames, daysValid, keyUsage } = router.item('CA-Template');
    expect({ name, kind, keyType, keySize, commonName, subjectAltNames, daysValid, keyUsage }).toEqual({
      name: 'CA-Template',
      kind: 'template',
      keyType: 'rsa',
      keySize: '2048',
      commonName: 'CAtemp',
      subjectAltNames: [],
      daysValid: 365,
      keyUsage: ['key-cert-sign', 'crl-sign'],
    });
  });

  it('leaves everything else of a template undefined, and every flag off', async () => {
    const router = await Router.start();
    router.certificates.add({ name: 'a' });
    const { commonName, country, keyUsage, digestAlgorithm, trusted, trustStore, fingerprint, invalidAfter, skid, akid, ca, issuer } =
      router.item('a');
    const unset = [commonName, country, keyUsage, digestAlgorithm, trusted, trustStore, fingerprint, invalidAfter, skid, akid, ca, issuer];
    expect(unset.every((value) => value === undefined)).toBe(true);
    expect(router.letters('a')).toBe('');
  });

  it('tells the key type by the key size', async () => {
    const router = await Router.start();
    router.certificates.add({ name: 'a', keySize: 'secp384r1' });
    router.certificates.add({ name: 'b', keySize: 'ed25519' });
    expect([router.item('a').keyType, router.item('b').keyType]).toEqual(['ec', 'ed25519']);
  });

  it('fails without anything that gives a name', async () => {
    const router = await Router.start();
    const nameless: GivenProperties[] = [{}, { name: '' }, { keySize: '4096' }, { commonName: '' }];
    for (const given of nameless) {
      expect(() => router.certificates.add(given)).toThrow('At least one field specifying certificate name must be set!');
    }
    expect(router.names()).toEqual([]);
  });

  it.each<[GivenProperties, string]>([
    [{ commonName: 'router.example', organization: 'Example' }, 'router.example'],
    [{ subjectAltNames: ['DNS:a.example', 'DNS:b.example'] }, 'a.example'],
    [{ unit: 'Lab', country: 'LV' }, 'Lab'],
  ])('names an item without a name after what it certifies: %j', async (given, name) => {
    const router = await Router.start();
    router.certificates.add(given);
    router.certificates.add(given);
    expect(router.names()).toEqual([name, `${name}_1`]);
  });

  it('takes alternative names in one text or several, and writes addresses in one way', async () => {
    const router = await Router.start();
    router.certificates.add({ name: 'a', subjectAltNames: ['DNS:a.b,IP:2001:DB8:0::1', 'email:x@y.example'] });
    expect(router.item('a').subjectAltNames).toEqual(['DNS:a.b', 'IP:2001:db8::1', 'email:x@y.example']);
  });

  it.each<[string, GivenProperties, string]>([
    ['a country that is none', { country: 'Latvia' }, 'country: expected the two letters of a country (ISO 3166), found "Latvia"'],
    ['a common name of 65 characters', { commonName: 'x'.repeat(65) }, 'common-name: expected at most 64 characters, found 65'],
    ['escape codes in a common name', { commonName: '\u001b[2J' }, 'common-name: expected no control characters'],
    [
      'an address that is none',
      { subjectAltNames: ['IP:300.1.1.1'] },
      'subject-alt-name: expected an IPv4 or IPv6 address, found "IP:300.1.1.1"',
    ],
    [
      'an alternative name without its kind',
      { subjectAltNames: ['a.example'] },
      'subject-alt-name: expected DNS:, IP: or email: and a value, found "a.example"',
    ],
    ['no days', { daysValid: 0 }, 'days-valid: expected a number from 1 to 4294967295, found 0'],
    ['more days than RouterOS takes', { daysValid: 4_294_967_296 }, 'days-valid: expected a number from 1 to 4294967295, found 4294967296'],
    ['escape codes in the name', { name: 'a\u001b[31m' }, 'name: expected no control characters'],
    ['a mark that turns the direction of writing in the name', { name: 'a\u202eb' }, 'name: expected no control characters'],
    ['a name of 201 characters', { name: 'x'.repeat(201) }, 'name: expected at most 200 characters, found 201'],
  ])('refuses %s', async (_, given, message) => {
    const router = await Router.start();
    expect(() => router.certificates.add({ name: 'a', ...given })).toThrow(message);
    expect(router.names()).toEqual([]);
  });

  it('refuses a name that another item has', async () => {
    const router = await Router.start();
    router.add({ name: 'a' });
    expect(() => router.add({ name: 'a' })).toThrow('certificate with the same name already exists');
    expect(router.names()).toEqual(['a']);
  });
});

describe('copy-from', () => {
  it('takes over the properties of a template, less those given', async () => {
    const router = await Router.start();
    router.certificates.add({
      name: 'tmpl',
      commonName: 'x',
      organization: 'O',
      keySize: 'ed25519',
      daysValid: 30,
      trusted: true,
      trustStore: ['ovpn'],
    });
    router.add({ name: 'u1', commonName: 'u1' }, 'tmpl');
    expect(router.store.certificates.byName('u1')?.properties).toEqual({
      ...router.store.certificates.byName('tmpl')?.properties,
      commonName: 'u1',
    });
  });

  it('takes over of a certificate what a template can hold', async () => {
    const router = await Router.start();
    await router.newCa('root', { organization: 'O', daysValid: 30, digestAlgorithm: 'sha384' });
    router.add({ name: 'next', commonName: 'next' }, 'root');
    expect(router.item('next')).toMatchObject({
      kind: 'template',
      organization: 'O',
      keySize: 'prime256v1',
      daysValid: 30,
      digestAlgorithm: 'sha384',
      keyUsage: ['key-cert-sign', 'crl-sign'],
      trusted: undefined,
    });
    await router.sign('next', { ca: 'root' });
    expect(router.letters('next')).toBe('KA');
  });

  it('leaves out of an imported certificate what no template can hold', async () => {
    const router = await Router.start();
    const elsewhere = await Router.start();
    await elsewhere.newCa('p521', { keySize: 'secp521r1', subjectAltNames: ['URI:urn:x', 'DNS:a.example'] });
    router.writeFile('a.pem', pemOf('CERTIFICATE', elsewhere.der('p521')));
    await router.certificates.importFile({ fileName: 'a.pem', name: 'imported' }, silentJob);
    router.add({ name: 'copy' }, 'imported');
    expect(router.item('copy')).toMatchObject({ keySize: 'secp521r1', subjectAltNames: ['URI:urn:x', 'DNS:a.example'] });
  });
});

describe('set', () => {
  it('changes a template, and takes away what is set to an empty text', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a', commonName: 'a', organization: 'O', subjectAltNames: ['DNS:a.example'] });
    router.certificates.set([id], { name: 'b', commonName: 'b', organization: '', subjectAltNames: [], keyUsage: [] });
    expect(router.item('b')).toMatchObject({ commonName: 'b', organization: undefined, subjectAltNames: [], keyUsage: [] });
  });

  it('changes name, trusted and trust-store of a certificate', async () => {
    const router = await Router.start();
    const { id } = await router.newCa('a');
    router.certificates.set([id], { name: 'b', trusted: false, trustStore: ['dns', 'all'] });
    expect(router.item('b')).toMatchObject({ trusted: false, trustStore: ['all'] });
    expect(router.letters('b')).toBe('KA');
  });

  it.each<[GivenProperties, string]>([
    [{ commonName: 'b' }, 'common-name'],
    [{ unit: 'b' }, 'unit'],
    [{ keySize: '4096' }, 'key-size'],
    [{ keyUsage: [] }, 'key-usage'],
    [{ daysValid: 3 }, 'days-valid'],
    [{ digestAlgorithm: 'sha512' }, 'digest-algorithm'],
    [{ subjectAltNames: [] }, 'subject-alt-name'],
  ])('of %j is refused in a certificate', async (given, label) => {
    const router = await Router.start();
    const { id } = await router.newCa('a');
    expect(() => router.certificates.set([id], given)).toThrow(`${label} can not be changed in a signed certificate`);
  });

  it('changes all items or none', async () => {
    const router = await Router.start();
    const a = router.add({ name: 'a' });
    const { id: b } = await router.newCa('b');
    expect(() => router.certificates.set([a, b], { organization: 'O' })).toThrow('organization can not be changed');
    expect(router.item('a').organization).toBeUndefined();
  });

  it('refuses one name for two items', async () => {
    const router = await Router.start();
    const ids = ['a', 'b'].map((name) => router.add({ name }));
    expect(() => router.certificates.set(ids, { name: 'c' })).toThrow('certificate with the same name already exists');
    expect(router.names()).toEqual(['a', 'b']);
  });

  it('lets an item keep its name', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a' });
    router.certificates.set([id], { name: 'a', daysValid: 10 });
    expect(router.item('a').daysValid).toBe(10);
  });
});

describe('reset', () => {
  it('takes properties of a template back to their defaults', async () => {
    const router = await Router.start();
    const id = router.add({ name: 'a', commonName: 'a', daysValid: 10, keyUsage: ['tls-server'], trusted: true });
    router.certificates.reset([id], ['daysValid', 'keyUsage', 'trusted', 'keySize']);
    expect(router.item('a')).toMatchObject({ commonName: 'a', daysValid: 365, keyUsage: undefined, trusted: undefined, keySize: '2048' });
  });

  it('of a certificate is for trusted and trust-store only', async () => {
    const router = await Router.start();
    const { id } = await router.newCa('a');
    router.certificates.reset([id], ['trusted', 'trustStore']);
    expect(router.letters('a')).toBe('KA');
    expect(() => router.certificates.reset([id], ['daysValid'])).toThrow('days-valid can not be changed in a signed certificate');
  });
});

import { describe, expect, it } from 'vitest';
import { encodePkcs12 } from '../../src/keys/pkcs12.ts';
import { neverCancelled } from '../../src/platform/cancel.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { signCertificate } from '../../src/x509/certificate.ts';
import { signerFor } from '../../src/x509/signer.ts';
import { counters, elsewhere, exported, importFile, keyPem, passphrase } from './importing.ts';
import { noon, pemOf, Router } from './router.ts';

describe('import', () => {
  it('of a certificate trusts it and has no key', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('ca.crt', other.pem('root'));
    expect(await importFile(router, { fileName: 'ca.crt' })).toEqual(counters(1, 0));
    expect(router.names()).toEqual(['ca.crt_0']);
    expect(router.letters('ca.crt_0')).toBe('T');
    expect(router.item('ca.crt_0')).toMatchObject({
      commonName: 'root',
      issuer: 'CN=root',
      ca: undefined,
      trusted: true,
      trustStore: ['all'],
      fingerprint: other.item('root').fingerprint,
      serialNumber: other.item('root').serialNumber,
      invalidBefore: noon,
    });
  });

  it('removes the file that it has taken in', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('flash/ca.crt', other.pem('root'));
    await importFile(router, { fileName: 'flash/ca.crt' });
    expect(router.hasFile('flash/ca.crt')).toBe(false);
    expect(router.names()).toEqual(['ca.crt_0']);
  });

  it.each([
    ['DER', (other: Router) => other.der('root')],
    ['PEM with Windows’ line ends', (other: Router) => other.pem('root').replaceAll('\n', '\r\n')],
    ['PEM between lines of text', (other: Router) => `Certificate:\n    Data:\n${other.pem('root')}that was it\n`],
    ['PEM without an end of line', (other: Router) => other.pem('root').trimEnd()],
  ])('reads %s', async (_, content) => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a', content(other));
    expect(await importFile(router, { fileName: 'a' })).toEqual(counters(1, 0));
    expect(router.der('a_0')).toEqual(other.der('root'));
  });

  it('takes a key in the same file', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.pem', keyPem(other, 'server') + other.pem('server'));
    expect(await importFile(router, { fileName: 'a.pem', name: 'server' })).toEqual(counters(1, 1));
    expect(router.letters('server')).toBe('KT');
    expect(router.privateKey('server')).toEqual(other.privateKey('server'));
  });

  it('takes a key that comes after its certificate, in DER', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.crt', other.pem('server'));
    router.writeFile('a.key', other.privateKey('server'));
    await importFile(router, { fileName: 'a.crt', name: 'server' });
    expect(await importFile(router, { fileName: 'a.key' })).toEqual(counters(0, 1));
    expect(router.letters('server')).toBe('KT');
  });

  it('makes a CA whose key comes too an authority', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.pem', other.pem('root') + keyPem(other, 'root'));
    await importFile(router, { fileName: 'a.pem', name: 'root' });
    expect(router.letters('root')).toBe('KAT');
    await router.issue('leaf', 'root');
    expect(router.item('leaf')).toMatchObject({ ca: 'root', issuer: 'CN=root' });
  });

  it('keeps no key without its certificate, nor removes its file', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.key', keyPem(other, 'server'));
    expect(await importFile(router, { fileName: 'a.key' })).toEqual(counters(0, 0, { filesImported: 0, keysWithNoCertificate: 1 }));
    expect(router.hasFile('a.key')).toBe(true);
  });

  it('keeps no key that does not fit the certificate beside it', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.pem', other.pem('server') + keyPem(other, 'root'));
    expect(await importFile(router, { fileName: 'a.pem', name: 'server' })).toEqual(counters(1, 0, { keysWithNoCertificate: 1 }));
    expect(router.letters('server')).toBe('T');
    expect(router.hasFile('a.pem')).toBe(true);
  });

  it('opens an encrypted key with the passphrase', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    await exported(other, 'server', 'pem', router);
    await importFile(router, { fileName: 'x.crt', name: 'server' });
    expect(await importFile(router, { fileName: 'x.key', passphrase })).toEqual(counters(0, 1));
    expect(router.privateKey('server')).toEqual(other.privateKey('server'));
  });

  it('takes certificates, key and chain of a PKCS#12 file', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    await exported(other, 'server', 'pkcs12', router);
    expect(await importFile(router, { fileName: 'x.p12', name: 'name_example', passphrase })).toEqual(counters(2, 1));
    expect(router.names().map((name) => [name, router.item(name).commonName, router.letters(name)])).toEqual([
      ['name_example', 'server', 'KT'],
      ['name_example_1', 'root', 'T'],
    ]);
    expect(router.hasFile('x.p12')).toBe(false);
  });

  it('gives its name to the certificate whose key is in a PKCS#12 file, wherever it stands', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const contents = {
      privateKey: other.privateKey('server'),
      certificate: other.der('root'),
      chain: [other.der('server')],
      friendlyName: 'x',
    };
    const encryptor = { crypto: router.crypto, random: new NodeRandom(), rounds: 1000 };
    router.writeFile('x.p12', await encodePkcs12(contents, passphrase, encryptor, neverCancelled));
    await importFile(router, { fileName: 'x.p12', name: 'mine', passphrase });
    expect(router.names().map((name) => [name, router.item(name).commonName])).toEqual([
      ['mine', 'server'],
      ['mine_1', 'root'],
    ]);
  });

  it.each(['wrong', ''])(
    'counts a passphrase %j that does not open a PKCS#12 file, changes nothing and keeps the file',
    async (passphrase) => {
      const [router, other] = [await Router.start(), await elsewhere()];
      await exported(other, 'server', 'pkcs12', router);
      const before = router.snapshot();
      expect(await importFile(router, { fileName: 'x.p12', passphrase })).toEqual(
        counters(0, 0, { filesImported: 0, decryptionFailures: 1 }),
      );
      expect(router.snapshot()).toBe(before);
      expect(router.hasFile('x.p12')).toBe(true);
    },
  );

  it('counts a key that the passphrase does not open, and takes the rest', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    await exported(other, 'server', 'pem', router);
    router.writeFile('both.pem', router.readText('x.crt') + router.readText('x.key'));
    expect(await importFile(router, { fileName: 'both.pem', passphrase: 'wrong' })).toEqual(counters(1, 0, { decryptionFailures: 1 }));
    expect(router.hasFile('both.pem')).toBe(true);
  });

  it('is not trusted, and for some services only, if that is said', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.crt', other.pem('root'));
    await importFile(router, { fileName: 'a.crt', trusted: false, trustStore: ['dns', 'fetch'] });
    expect(router.item('a.crt_0')).toMatchObject({ trusted: false, trustStore: ['fetch', 'dns'] });
    expect(router.letters('a.crt_0')).toBe('');
  });
});

describe('the names of what is imported', () => {
  it('count from 0 after the file’s, past those that are taken', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.add({ name: 'chain.pem_1' });
    router.writeFile('chain.pem', other.pem('server') + other.pem('root'));
    await importFile(router, { fileName: 'chain.pem' });
    expect(router.names()).toEqual(['chain.pem_1', 'chain.pem_0', 'chain.pem_2']);
  });

  it('begin with the one given, past those that are taken', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.add({ name: 'n' });
    router.writeFile('chain.pem', other.pem('server') + other.pem('root'));
    await importFile(router, { fileName: 'chain.pem', name: 'n' });
    expect(router.names()).toEqual(['n', 'n_1', 'n_2']);
  });

  it('are found when thousands are taken', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.add({ name: 'a.crt_0' });
    const { properties } = router.store.certificates.byName('a.crt_0') ?? {};
    if (properties === undefined) throw new Error('there is no a.crt_0');
    router.store.transact(() => {
      for (let n = 1; n < 12_000; n++) router.store.certificates.add(`a.crt_${n}`, properties);
    });
    router.writeFile('a.crt', other.pem('root'));
    await importFile(router, { fileName: 'a.crt' });
    expect(router.item('a.crt_12000').commonName).toBe('root');
  });

  it('have no mark of a file name that turns the direction of writing', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a\u202eb.crt', other.pem('root'));
    await importFile(router, { fileName: 'a\u202eb.crt' });
    expect(router.names()).toEqual(['ab.crt_0']);
  });
});

describe('an import is refused, and changes nothing, of', () => {
  const cases: [string, (other: Router) => string | Uint8Array, string][] = [
    ['a text', () => 'Dear Router,\n', 'a.crt holds no certificate and no private key'],
    ['an empty file', () => '', 'a.crt holds no certificate and no private key'],
    ['zeros', () => new Uint8Array(1000), 'a.crt holds no certificate and no private key'],
    ['a request', () => pemOf('CERTIFICATE REQUEST', Uint8Array.of(0x30, 0)), 'a.crt holds no certificate and no private key'],
    ['a certificate cut short', (other) => other.der('root').subarray(0, 300), 'a.crt: certificate: expected'],
    [
      'a certificate with something behind it',
      (other) => Buffer.concat([other.der('root'), Buffer.of(0)]),
      'a.crt: certificate: 1 bytes are left over',
    ],
    [
      'PEM cut short',
      (other) => other.pem('root').slice(0, 400),
      'a.crt: CERTIFICATE on line 1: expected a line "-----END CERTIFICATE-----"',
    ],
    [
      'a good certificate before a bad one',
      (other) => other.pem('root') + pemOf('CERTIFICATE', Uint8Array.of(0x30, 1)),
      'a.crt: certificate: expected',
    ],
    ['a nest of 1,000 sequences', () => nested(1000), 'a.crt: certificate tbsCertificate'],
    ['a PKCS#12 file cut short', (other) => other.readFile('x.p12').subarray(0, 500), 'a.crt: '],
  ];

  it.each(cases)('%s', async (_, content, message) => {
    const [router, other] = [await Router.start(), await elsewhere()];
    await exported(other, 'server', 'pkcs12', other);
    router.writeFile('a.crt', content(other));
    expect(await router.refusal(() => importFile(router, { fileName: 'a.crt', passphrase }))).toContain(message);
    expect(router.hasFile('a.crt')).toBe(true);
  });

  it('a file of 100 MB, before it is read', async () => {
    const router = await Router.start();
    router.writeHuge('a.crt', 100 << 20);
    expect(await router.refusal(() => importFile(router, { fileName: 'a.crt' }))).toBe(
      'file too large: a.crt has 104857600 bytes, at most 2097152 are read',
    );
  });

  it('a file outside of the router’s folder', async () => {
    const router = await Router.start();
    expect(await router.refusal(() => importFile(router, { fileName: '../../etc/passwd' }))).toMatch(/^bad file name/);
  });

  it('a file that is not there', async () => {
    const router = await Router.start();
    expect(await router.refusal(() => importFile(router, { fileName: 'nothing.crt' }))).toBe('no such file: nothing.crt');
  });

  it('more than 1,000 certificates', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.crt', other.pem('root').repeat(1001));
    expect(await router.refusal(() => importFile(router, { fileName: 'a.crt' }))).toBe(
      'a.crt holds 1001 certificates: at most 1000 are imported at once',
    );
  });

  it('more than 100 certificates of one key, which would all be compared', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    const root = other.certificate('root');
    const signer = signerFor(other.privateKey('root'), 'sha256', router.crypto);
    const numbers = Array.from({ length: 101 }, (_, n) => Uint8Array.of(1, n));
    const pems = await Promise.all(
      numbers.map(async (serialNumber) => pemOf('CERTIFICATE', (await signCertificate({ ...root, serialNumber }, signer)).der)),
    );
    router.writeFile('a.crt', pems.join(''));
    expect(await router.refusal(() => importFile(router, { fileName: 'a.crt' }))).toBe(
      'a.crt: expected at most 100 certificates of one key on the router',
    );
    router.writeFile('a.crt', pems.slice(1).join(''));
    expect(await importFile(router, { fileName: 'a.crt' })).toEqual(counters(100, 0));
  });

  it('anything under a name with escape codes', async () => {
    const [router, other] = [await Router.start(), await elsewhere()];
    router.writeFile('a.crt', other.pem('root'));
    expect(await router.refusal(() => importFile(router, { fileName: 'a.crt', name: '\u001b]0;x\u0007' }))).toBe(
      'name: expected no control characters',
    );
  });
});

function nested(depth: number): Uint8Array {
  let der = new Uint8Array(0);
  for (let i = 0; i < depth; i++) {
    const length = der.length;
    const header = length < 128 ? [0x30, length] : length < 256 ? [0x30, 0x81, length] : [0x30, 0x82, length >> 8, length & 0xff];
    der = Uint8Array.from([...header, ...der]);
  }
  return der;
}

import { describe, expect } from 'vitest';
import { type GivenProperties, type KeySize, keySizes, keyUsages } from '../../src/certificates/properties.ts';
import { silentJob } from '../../src/job/job.ts';
import { certtool, certtoolKey, certtoolReadPkcs12, certtoolRequest, certtoolVerify } from '../judges/gnutls.ts';
import { goCertificates, goRequests, goVerify, zlint } from '../judges/go.ts';
import { openssl, opensslKey, opensslReadPkcs12, opensslVerify, opensslWritePkcs12 } from '../judges/openssl.ts';
import { pycaCertificates, pycaPkcs12, pycaRequests } from '../judges/pyca.ts';
import { fileOf, testWith } from '../judges/run.ts';
import { derOf, Router } from './router.ts';

const passphrase = 'yourpassphrase';

/** A router whose clock is that of the judges. */
async function startNow(): Promise<Router> {
  const router = await Router.start();
  router.clock.time = Math.floor(Date.now() / 1000) - 60;
  return router;
}

/** root (P-384) → intermediate → server with every kind of alternative name, and clients made with copy-from. */
async function privateCa(): Promise<Router> {
  const router = await startNow();
  const subject: GivenProperties = { country: 'LV', organization: 'Example', unit: 'Network' };
  const ca: GivenProperties = { ...subject, keyUsage: ['key-cert-sign', 'crl-sign'], daysValid: 3650, keySize: 'secp384r1' };
  router.add({ ...ca, name: 'root', commonName: 'Example Root' });
  await router.sign('root', { caCrlHosts: ['192.0.2.1'] });
  router.add({ ...ca, name: 'intermediate', commonName: 'Example Intermediate' });
  await router.sign('intermediate', { ca: 'root', caCrlHosts: ['2001:db8::1'] });
  await router.issue('server', 'intermediate', {
    ...subject,
    keySize: '2048',
    commonName: 'router.example',
    subjectAltNames: ['DNS:router.example', 'DNS:*.lan.example', 'IP:10.0.0.1', 'IP:2001:db8::1', 'email:noc@example.org'],
    keyUsage: ['digital-signature', 'key-encipherment', 'tls-server'],
  });
  router.add({ ...subject, name: 'clients', commonName: 'clients', keyUsage: ['digital-signature', 'tls-client'], keySize: 'ed25519' });
  for (const name of ['u1', 'u2']) {
    router.add({ name, commonName: name }, 'clients');
    await router.sign(name, { ca: 'intermediate' });
  }
  router.certificates.remove([router.item('clients').id]);
  return router;
}

const quickSizes = keySizes.filter((size): size is KeySize => size !== '4096' && size !== '8192' && size !== '1536');

const readers = testWith('openssl', 'certtool', 'go-judge', 'pyca');

describe('self-signed certificates of every default', () => {
  readers.each(quickSizes)('with a key of %s are read by everyone, and zlint has no complaint', async (keySize) => {
    const router = await startNow();
    router.add({ name: 'a', commonName: 'a.example', keySize });
    await router.sign('a', { caCrlHosts: ['192.168.88.1'] });
    const der = router.der('a');
    const subject = { subject: 'CN=a.example' };
    expect(goCertificates([der])).toEqual([expect.objectContaining({ ...subject, isCA: true })]);
    expect(pycaCertificates([der])).toEqual([expect.objectContaining(subject)]);
    expect(zlint([der])).toEqual([[]]);
    expect(openssl(['x509', '-inform', 'DER', '-noout', '-subject'], der).text).toContain('CN = a.example');
    expect(certtool(['--certificate-info', '--inder'], der).text).toContain('Certificate Authority (CA): TRUE');
    opensslVerify(router.pem('a'), router.pem('a'));
  });
});

describe('a private CA', () => {
  readers('is a chain that everyone verifies', async () => {
    const router = await privateCa();
    const [root, intermediate] = [router.pem('root'), router.pem('intermediate')];
    for (const name of ['server', 'u1', 'u2']) {
      opensslVerify(router.pem(name), root, intermediate);
      certtoolVerify(router.pem(name) + intermediate + root, root);
    }
    const chain = { roots: [router.der('root')], intermediates: [router.der('intermediate')] };
    expect(goVerify([{ ...chain, leaf: router.der('server'), dnsName: 'host.lan.example' }])).toEqual([{ chains: [3] }]);
  });

  readers('says the same to Go as to us, and nothing that zlint would not', async () => {
    const router = await privateCa();
    const server = router.item('server');
    expect(goCertificates([router.der('server')])).toEqual([
      expect.objectContaining({
        issuer: 'CN=Example Intermediate,OU=Network,O=Example,C=LV',
        serial: server.serialNumber,
        notBefore: server.invalidBefore,
        notAfter: server.invalidAfter,
        publicKey: 'RSA-2048',
        keyUsage: 0b101,
        extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
        isCA: false,
        subjectKeyId: server.skid?.toLowerCase(),
        authorityKeyId: router.item('intermediate').skid?.toLowerCase(),
        dnsNames: ['router.example', '*.lan.example'],
        ipAddresses: ['10.0.0.1', '2001:db8::1'],
        emailAddresses: ['noc@example.org'],
        crlDistributionPoints: ['http://[2001:db8::1]/crl/2.crl'],
        unknownCritical: [],
      }),
    ]);
    const names = router.names();
    expect(zlint(names.map((name) => router.der(name)))).toEqual(names.map(() => []));
  });

  readers('has certificates without a subject that everyone reads', async () => {
    const router = await startNow();
    await router.newCa('root');
    await router.issue('server', 'root', { commonName: '', subjectAltNames: ['IP:10.0.0.1'] });
    opensslVerify(router.pem('server'), router.pem('root'));
    expect(zlint([router.der('server')])).toEqual([[]]);
  });
});

/*
 * What a user may choose, and what zlint says of it: all that a command takes which is not here is without complaint.
 */
describe('zlint says of a certificate with', () => {
  const choices: [string, GivenProperties, string[]][] = [
    ['encipherment and an EC key', { keyUsage: ['key-encipherment', 'tls-server'] }, ['e_ecdsa_allowed_ku', 'n_ecdsa_ee_invalid_ku']],
    ['encipher-only without key-agreement', { keyUsage: ['encipher-only'] }, ['n_ecdsa_ee_invalid_ku']],
    ['md5', { keySize: '2048', digestAlgorithm: 'md5' }, []],
    ['sha1', { keySize: '2048', digestAlgorithm: 'sha1' }, []],
    ['every key usage', { keySize: '2048', keyUsage: keyUsages }, []],
    ['no key usage at all', { keyUsage: [] }, []],
    ['a key of 1024 bits', { keySize: '1024' }, []],
    ['an end in the year 9999', { daysValid: 4_294_967_295 }, []],
    ['the longest names', { commonName: 'x'.repeat(64), locality: 'y'.repeat(128) }, []],
    ['names of every script', { commonName: 'Маршрутизатор 路由器 ☎', organization: 'Ģ' }, []],
  ];

  readers.each(choices)('%s: what is beside it', async (_, given, findings) => {
    const router = await startNow();
    await router.newCa('root', { keySize: '2048', daysValid: 4_294_967_295 });
    await router.issue('a', 'root', { commonName: 'a', ...given });
    expect(zlint([router.der('a')]).flatMap((found) => found.map(({ name }) => name))).toEqual(findings);
  });
});

describe('requests made here', () => {
  readers.each(quickSizes)('with a key of %s are read and verified by everyone', async (keySize) => {
    const router = await startNow();
    const id = router.add({ name: 'a', commonName: 'a.example', subjectAltNames: ['DNS:a.example', 'IP:10.0.0.1'], keySize });
    await router.certificates.createRequest(id, { keyPassphrase: passphrase, challengePassphrase: 'challenge' }, silentJob);
    const pem = router.readText('certificate-request.pem');
    openssl(['req', '-noout', '-verify'], pem);
    expect(certtool(['--crq-info'], pem).text).toContain('Self signature: verified');
    const said = { subject: 'CN=a.example', dnsNames: ['a.example'], ipAddresses: ['10.0.0.1'] };
    expect(goRequests([derOf(pem)])).toEqual([expect.objectContaining(said)]);
    expect(pycaRequests([derOf(pem)])).toEqual([expect.objectContaining({ subject: 'CN=a.example' })]);
    openssl(['pkey', '-noout', '-check', '-passin', `pass:${passphrase}`], router.readText('certificate-request_key.pem'));
  });

  readers('become certificates of an OpenSSL CA, and are imported with their key', async () => {
    const router = await startNow();
    const id = router.add({ name: 'a', commonName: 'a.example', subjectAltNames: ['DNS:a.example'] });
    await router.certificates.createRequest(id, { keyPassphrase: passphrase, challengePassphrase: '' }, silentJob);
    const caKey = fileOf(opensslKey('EC', 'ec_paramgen_curve:P-256'), '.pem');
    const ca = openssl(['req', '-x509', '-new', '-key', caKey, '-subj', '/CN=OpenSSL CA']).text;
    const request = fileOf(router.readText('certificate-request.pem'), '.pem');
    const signed = openssl(['x509', '-req', '-in', request, '-CA', fileOf(ca, '.pem'), '-CAkey', caKey, '-copy_extensions', 'copy']).text;
    router.writeFile('a.pem', signed + ca);
    await router.certificates.importFile({ fileName: 'a.pem', name: 'a' }, silentJob);
    await router.certificates.importFile({ fileName: 'certificate-request_key.pem', passphrase }, silentJob);
    expect(router.names().map((name) => [name, router.letters(name), router.item(name).issuer])).toEqual([
      ['a', 'KT', 'CN=OpenSSL CA'],
      ['a_1', 'T', 'CN=OpenSSL CA'],
    ]);
  });
});

describe('requests made elsewhere are answered with certificates that verify:', () => {
  readers.each([
    ['EC', 'ec_paramgen_curve:P-256'],
    ['EC', 'ec_paramgen_curve:P-521'],
    ['ED25519', undefined],
    ['RSA', 'rsa_keygen_bits:2048'],
  ] as const)('OpenSSL’s with a key of %s %s', async (algorithm, option) => {
    const router = await startNow();
    await router.newCa('root');
    const key = fileOf(opensslKey(algorithm, ...(option === undefined ? [] : [option])), '.pem');
    const extensions = ['-addext', 'subjectAltName=DNS:a.example,IP:2001:db8::1', '-addext', 'keyUsage=critical,digitalSignature'];
    const request = openssl(['req', '-new', '-key', key, '-subj', '/C=LV/O=Ex/CN=a.example', ...extensions]).text;
    router.writeFile('a.csr', request);
    await router.certificates.signRequest({ fileName: 'a.csr', ca: router.item('root').id }, silentJob);
    opensslVerify(router.pem('issued_1'), router.pem('root'));
    expect(zlint([router.der('issued_1')])).toEqual([[]]);
    expect(router.item('issued_1')).toMatchObject({
      commonName: 'a.example',
      subjectAltNames: ['DNS:a.example', 'IP:2001:db8::1'],
      keyUsage: ['digital-signature', 'tls-server', 'tls-client'],
    });
  });

  readers.each([
    ['ecdsa', '--curve=secp256r1'],
    ['rsa', '--bits=2048'],
    ['ed25519', '--bits=256'],
  ])('GnuTLS’ with a key of %s', async (type, option) => {
    const router = await startNow();
    await router.newCa('root');
    const template = ['organization = "Ex"', 'cn = "a.example"', 'dns_name = "a.example"', 'signing_key', 'tls_www_server'].join('\n');
    router.writeFile('a.csr', certtoolRequest(certtoolKey(type, option), template));
    await router.certificates.signRequest({ fileName: 'a.csr', ca: router.item('root').id }, silentJob);
    certtoolVerify(router.pem('issued_1') + router.pem('root'), router.pem('root'));
    expect(router.item('issued_1')).toMatchObject({ commonName: 'a.example', keyUsage: ['digital-signature', 'tls-server'] });
  });
});

describe('exported files', () => {
  readers('are opened by everyone: PKCS#12 with key and chain', async () => {
    const router = await privateCa();
    await router.certificates.exportCertificates(
      [router.item('server').id],
      { type: 'pkcs12', fileName: 'server', exportPassphrase: passphrase },
      silentJob,
    );
    const file = router.readFile('server.p12');
    expect(
      opensslReadPkcs12(file, passphrase)
        .match(/BEGIN [A-Z ]+/g)
        ?.toSorted(),
    ).toEqual(['BEGIN CERTIFICATE', 'BEGIN CERTIFICATE', 'BEGIN CERTIFICATE', 'BEGIN PRIVATE KEY']);
    expect(certtoolReadPkcs12(file, passphrase)).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(pycaPkcs12([{ file, passphrase }])).toEqual([expect.not.objectContaining({ error: expect.anything() })]);
  });

  readers('are opened by everyone: PKCS#12 without passphrase and key', async () => {
    const router = await privateCa();
    await router.certificates.exportCertificates([router.item('server').id], { type: 'pkcs12', fileName: 'server' }, silentJob);
    expect(opensslReadPkcs12(router.readFile('server.p12'), '').match(/BEGIN [A-Z ]+/g)).toHaveLength(3);
  });

  readers('are opened by everyone: the encrypted key', async () => {
    const router = await privateCa();
    await router.certificates.exportCertificates(
      [router.item('server').id],
      { fileName: 'server', exportPassphrase: passphrase },
      silentJob,
    );
    const key = openssl(['pkey', '-pubout', '-passin', `pass:${passphrase}`], router.readText('server.key')).text;
    expect(derOf(key)).toEqual(router.certificate('server').publicKey);
  });
});

describe('OpenSSL’s PKCS#12 files are imported:', () => {
  readers.each([
    ['as version 3 writes them', []],
    ['as older versions wrote them', ['-legacy']],
  ])('%s', async (_, options) => {
    const router = await startNow();
    const key = opensslKey('EC', 'ec_paramgen_curve:P-256');
    const certificate = openssl(['req', '-x509', '-new', '-key', fileOf(key, '.pem'), '-subj', '/CN=theirs']).text;
    router.writeFile('x.p12', opensslWritePkcs12(key, certificate, passphrase, options));
    await router.certificates.importFile({ fileName: 'x.p12', passphrase }, silentJob);
    expect(router.letters('x.p12_0')).toBe('KAT');
    expect(derOf(certificate)).toEqual(router.der('x.p12_0'));
  });
});

describe('OpenSSL’s PEM is imported:', () => {
  readers('a key encrypted in the old way, and a certificate with its trust settings', async () => {
    const router = await startNow();
    const key = opensslKey('RSA', 'rsa_keygen_bits:2048');
    const certificate = openssl(['req', '-x509', '-new', '-key', fileOf(key, '.pem'), '-subj', '/CN=theirs']).text;
    const trusted = openssl(['x509', '-trustout', '-addtrust', 'serverAuth'], certificate).text;
    const encrypted = openssl(['rsa', '-traditional', '-aes128', '-passout', `pass:${passphrase}`], key).text;
    expect([trusted, encrypted].map((pem) => pem.split('\n')[0])).toEqual([
      '-----BEGIN TRUSTED CERTIFICATE-----',
      '-----BEGIN RSA PRIVATE KEY-----',
    ]);
    router.writeFile('a.pem', trusted + encrypted);
    await router.certificates.importFile({ fileName: 'a.pem', name: 'a', passphrase }, silentJob);
    expect(router.letters('a')).toBe('KAT');
    expect(router.der('a')).toEqual(derOf(certificate));
  });
});

import { webcrypto } from 'node:crypto';
import { CryptoEngine, CertificationRequest as PkijsRequest, setEngine } from 'pkijs';
import { beforeAll, describe, expect, test } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import { decodePem, encodePem } from '../../src/pem/pem.ts';
import { decodeCertificate, signCertificate } from '../../src/x509/certificate.ts';
import {
  decodeSubjectAltName,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeSubjectAltName,
} from '../../src/x509/extensions.ts';
import { formatAltNames, parseAltNames } from '../../src/x509/general-names.ts';
import { formatName, nameOf } from '../../src/x509/name.ts';
import { describePublicKey } from '../../src/x509/public-key.ts';
import { type CertificationRequest, decodeRequest, signRequest, verifyRequest } from '../../src/x509/request.ts';
import { verifySignature } from '../../src/x509/signer.ts';
import { certtool, certtoolKey, certtoolRequest } from '../judges/gnutls.ts';
import { type GoAlgorithm, goMake, goRequests } from '../judges/go.ts';
import { openssl, opensslKey, opensslVerify } from '../judges/openssl.ts';
import { type PycaAlgorithm, pycaMake, pycaRequests } from '../judges/pyca.ts';
import { fileOf, testWith } from '../judges/run.ts';
import { authorityOf, crypto, type Holder, newHolder, repeating, rootOf, storedHolder } from './samples.ts';

const subject = nameOf({ country: 'LV', state: 'Rīga', organization: 'Example, Inc.', unit: 'Net', commonName: 'router' });
const altNames = 'DNS:router.a.example,IP:192.0.2.1,IP:2001:db8::1,email:ops@a.example';

async function requestOf({ key, signer }: Holder, challengePassword?: string): Promise<CertificationRequest> {
  const extensions = [
    encodeKeyUsage(['digital-signature', 'key-encipherment']),
    encodeExtendedKeyUsage(['tls-server']),
    encodeSubjectAltName(parseAltNames(altNames)),
    encodeBasicConstraints({ ca: false }),
  ];
  const requestedExtensions = extensions.filter((one) => one !== undefined);
  return signRequest(
    { subject, publicKey: key.publicKey, requestedExtensions, ...(challengePassword !== undefined && { challengePassword }) },
    signer,
  );
}

const requests: CertificationRequest[] = [];

beforeAll(async () => {
  const holders = [
    newHolder('rsa-1024'),
    newHolder('rsa-2048'),
    storedHolder(4096, 'sha512'),
    storedHolder(8192, 'sha256'),
    newHolder('prime256v1'),
    newHolder('secp384r1', 'sha384'),
    newHolder('secp521r1', 'sha512'),
    newHolder('ed25519'),
  ];
  for (const holder of holders) requests.push(await requestOf(holder), await requestOf(holder, 'a secret: ē'));
});

describe('the requests that we write', () => {
  testWith('openssl')('are read and verified by OpenSSL', () => {
    for (const { der } of requests) {
      const { text } = openssl(['req', '-inform', 'DER', '-noout', '-verify', '-text', '-nameopt', 'sep_comma_plus,utf8'], der);
      expect(text).toContain('Subject: C=LV,ST=Rīga,O=Example, Inc.,OU=Net,CN=router');
      expect(text).toContain('DNS:router.a.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1, email:ops@a.example');
    }
  });

  testWith('certtool')('are read and verified by GnuTLS', () => {
    for (const { der } of requests) {
      const { text } = certtool(['--crq-info', '--inder'], der);
      expect(text).toContain('Self signature: verified');
      expect(text).toContain('DNSname: router.a.example');
    }
  });

  testWith('go-judge')('are read and verified by Go', () => {
    const expected = requests.map(({ publicKey, requestedExtensions }) => ({
      publicKeyInfo: Buffer.from(publicKey).toString('base64'),
      extensions: requestedExtensions.map(({ oid }) => oid),
      dnsNames: ['router.a.example'],
      emailAddresses: ['ops@a.example'],
      ipAddresses: ['192.0.2.1', '2001:db8::1'],
    }));
    expect(goRequests(requests.map(({ der }) => der))).toMatchObject(expected);
  });

  testWith('pyca')('are read and verified by pyca', () => {
    const expected = requests.map(({ requestedExtensions, attributes }) => ({
      extensions: requestedExtensions.map(({ oid, critical }) => ({ oid, critical, kind: expect.not.stringMatching('Unrecognized') })),
      attributes: attributes.map(({ type }) => type),
    }));
    expect(pycaRequests(requests.map(({ der }) => der))).toMatchObject(expected);
  });

  test('are read and verified by pkijs', async () => {
    setEngine('node', new CryptoEngine({ name: 'node', crypto: webcrypto }));
    for (const { der, publicKey } of requests.filter((request) => describePublicKey(request.publicKey).type !== 'ed25519')) {
      const request = PkijsRequest.fromBER(der);
      expect(await request.verify()).toBe(true);
      expect(new Uint8Array(request.subjectPublicKeyInfo.toSchema().toBER())).toEqual(publicKey);
    }
  });
});

describe('certificates for requests', () => {
  const authority = newHolder('prime256v1');

  testWith('openssl').each([0, 2, 8, 14])('OpenSSL issues one for our request %d, with what it asks for', async (i) => {
    const root = await signCertificate(rootOf(authority.key, 'CA'), authority.signer);
    const [ca, key] = [fileOf(encodePem('CERTIFICATE', root.der)), fileOf(encodePem('PRIVATE KEY', authority.key.privateKey))];
    const request = requests[i];
    const made = openssl(
      ['x509', '-req', '-inform', 'DER', '-CA', ca, '-CAkey', key, '-copy_extensions', 'copy', '-outform', 'DER'],
      request?.der,
    );
    const issued = decodeCertificate(made.bytes);
    expect(issued).toMatchObject({ subject, publicKey: request?.publicKey });
    expect(issued.extensions.slice(0, 4)).toEqual(request?.requestedExtensions);
    expect(await verifySignature(issued, root.publicKey, crypto)).toBe(true);
  });

  testWith('certtool').each([2, 8, 14])('GnuTLS issues one for our request %d', async (i) => {
    const root = await signCertificate(rootOf(authority.key, 'CA'), authority.signer);
    const [ca, key] = [fileOf(encodePem('CERTIFICATE', root.der)), fileOf(encodePem('PRIVATE KEY', authority.key.privateKey))];
    const request = fileOf(encodePem('CERTIFICATE REQUEST', requests[i]?.der ?? new Uint8Array()));
    const template = fileOf('honor_crq_extensions\nexpiration_days = 10\n');
    const options = ['--load-request', request, '--load-ca-certificate', ca, '--load-ca-privkey', key, '--template', template];
    const [block] = decodePem(certtool(['--generate-certificate', '--no-text', ...options]).text);
    const issued = decodeCertificate(block?.der ?? new Uint8Array());
    expect(issued).toMatchObject({ subject, publicKey: requests[i]?.publicKey });
    expect(await verifySignature(issued, root.publicKey, crypto)).toBe(true);
  });

  testWith('openssl').each([
    ['RSA', ['rsa_keygen_bits:2048']],
    ['EC', ['ec_paramgen_curve:P-384']],
    ['ED25519', []],
  ])('we issue one for a request of OpenSSL: %s', async (algorithm, options) => {
    const root = await signCertificate(rootOf(authority.key, 'CA'), authority.signer);
    const asked = openssl([
      'req',
      '-new',
      '-key',
      fileOf(opensslKey(algorithm, ...options)),
      '-subj',
      '/CN=a.example',
      '-addext',
      'subjectAltName=DNS:a.example',
      '-outform',
      'DER',
    ]);
    const request = decodeRequest(asked.bytes);
    const { publicKey, subject: name, requestedExtensions } = request;
    const extensions = [...requestedExtensions, authorityOf(root)];
    const issued = await signCertificate(
      { ...root, serialNumber: root.signature.subarray(4, 12).with(0, 1), issuer: root.subject, subject: name, publicKey, extensions },
      authority.signer,
    );
    expect(() =>
      opensslVerify(encodePem('CERTIFICATE', issued.der), encodePem('CERTIFICATE', root.der), '', ['-verify_hostname', 'a.example']),
    ).not.toThrow();
  });
});

/** Reads a request, proves its possession of the key, and writes it again. */
async function expectRead(der: Uint8Array): Promise<CertificationRequest> {
  const request = decodeRequest(der);
  expect(await verifyRequest(request, crypto)).toBe(true);
  expect((await signRequest(request, repeating(request))).der).toEqual(der);
  return request;
}

function altNamesOf(request: CertificationRequest): string {
  const names = request.requestedExtensions
    .filter(({ oid }) => oid === oids.subjectAltName)
    .flatMap((extension) => decodeSubjectAltName(extension));
  return formatAltNames(names);
}

const algorithms = ['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'] satisfies (GoAlgorithm & PycaAlgorithm)[];

describe('the requests that others write', () => {
  testWith('openssl').each([
    ['RSA', ['rsa_keygen_bits:2048'], '-md5', '2048'],
    ['RSA', ['rsa_keygen_bits:1024'], '-sha512', '1024'],
    ['EC', ['ec_paramgen_curve:P-256'], '-sha256', 'prime256v1'],
    ['EC', ['ec_paramgen_curve:P-521'], '-sha512', 'secp521r1'],
    ['ED25519', [], '-sha256', 'ed25519'],
  ])('OpenSSL: %s %j %s', async (algorithm, options, digest, keySize) => {
    const config =
      '[req]\ndistinguished_name=dn\nprompt=no\nattributes=attributes\nstring_mask=nombstr\n[dn]\nC=LV\nCN=router\n[attributes]\nchallengePassword=secret\n';
    const key = fileOf(opensslKey(algorithm, ...options));
    const made = openssl([
      'req',
      '-new',
      '-key',
      key,
      '-config',
      fileOf(config),
      digest,
      '-addext',
      'subjectAltName=DNS:a.example,IP:::1,email:a@b',
      '-outform',
      'DER',
    ]);
    const request = await expectRead(made.bytes);
    expect(formatName(request.subject)).toBe('C=LV,CN=router');
    expect(altNamesOf(request)).toBe('DNS:a.example,IP:::1,email:a@b');
    expect(request.challengePassword).toBe('secret');
    expect(describePublicKey(request.publicKey).keySize).toBe(keySize);
  });

  testWith('certtool').each([
    ['rsa', ['--bits=2048'], '2048'],
    ['ecdsa', ['--curve=secp384r1'], 'secp384r1'],
    ['ed25519', [], 'ed25519'],
  ])('GnuTLS: %s %j', async (type, options, keySize) => {
    const template =
      'cn = "gnutls"\ncountry = LV\nunit = "b"\ndns_name = "a.example"\nip_address = "2001:db8::1"\nchallenge_password = secret\ntls_www_server\nsigning_key\n';
    const [block] = decodePem(certtoolRequest(certtoolKey(type, ...options), template));
    const request = decodeRequest(block?.der ?? new Uint8Array());
    expect(await verifyRequest(request, crypto)).toBe(true);
    expect(formatName(request.subject)).toContain('CN=gnutls');
    expect(altNamesOf(request)).toBe('DNS:a.example,IP:2001:db8::1');
    expect(request.challengePassword).toBe('secret');
    expect(describePublicKey(request.publicKey).keySize).toBe(keySize);
  });

  testWith('go-judge')('Go', async () => {
    for (const made of goMake(algorithms)) {
      const request = await expectRead(made.request);
      expect(Buffer.from(request.publicKey).equals(made.publicKeyInfo)).toBe(true);
      expect(goRequests([made.request])).toMatchObject([{ extensions: request.requestedExtensions.map(({ oid }) => oid) }]);
    }
  });

  testWith('pyca')('pyca', async () => {
    for (const made of pycaMake(algorithms, 'secret', 'challenge')) {
      const request = decodeRequest(made.request);
      expect(await verifyRequest(request, crypto)).toBe(true);
      expect(request.challengePassword).toBe('challenge');
    }
  });
});

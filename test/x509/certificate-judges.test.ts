import { webcrypto } from 'node:crypto';
import { CryptoEngine, Certificate as PkijsCertificate, setEngine } from 'pkijs';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodePem } from '../../src/pem/pem.ts';
import { type Certificate, decodeCertificate, signCertificate, type TbsCertificate } from '../../src/x509/certificate.ts';
import { equalNames, formatName } from '../../src/x509/name.ts';
import { describePublicKey } from '../../src/x509/public-key.ts';
import { verifySignature } from '../../src/x509/signer.ts';
import { certtool, certtoolKey, certtoolSelfSigned, certtoolVerify } from '../judges/gnutls.ts';
import { type GoAlgorithm, goCertificates, goMake, goVerify, zlint } from '../judges/go.ts';
import { openssl, opensslKey, opensslVerify } from '../judges/openssl.ts';
import { type PycaAlgorithm, pycaCertificates, pycaMake } from '../judges/pyca.ts';
import { fileOf, testWith } from '../judges/run.ts';
import { knownExtensions } from './known-extensions.ts';
import { readingOf } from './reading.ts';
import { crypto, type Holder, intermediateOf, newHolder, rootOf, serverOf, storedHolder } from './samples.ts';

/** A root, a CA under it that is confined to some names, and a server with every kind of alternative name. */
interface Chain {
  readonly name: string;
  readonly root: Certificate;
  readonly intermediate: Certificate;
  readonly server: Certificate;
}

async function chainOf(name: string, authority: Holder, serverKey: Holder): Promise<Chain> {
  const root = await signCertificate(rootOf(authority.key, `Root ${name}`), authority.signer);
  const intermediate = await signCertificate(intermediateOf(authority.key, root), authority.signer);
  const server = await signCertificate(serverOf(serverKey.key, intermediate), authority.signer);
  return { name, root, intermediate, server };
}

const chains: Chain[] = [];

beforeAll(async () => {
  const leaf = newHolder('prime256v1');
  chains.push(
    await chainOf('rsa-2048 sha256', newHolder('rsa-2048', 'sha256'), leaf),
    await chainOf('rsa-4096 sha512', storedHolder(4096, 'sha512'), newHolder('rsa-2048')),
    await chainOf('rsa-8192 sha384', storedHolder(8192, 'sha384'), leaf),
    await chainOf('prime256v1 sha256', newHolder('prime256v1', 'sha256'), newHolder('ed25519')),
    await chainOf('secp384r1 sha384', newHolder('secp384r1', 'sha384'), newHolder('secp384r1')),
    await chainOf('secp521r1 sha512', newHolder('secp521r1', 'sha512'), newHolder('secp521r1')),
    await chainOf('ed25519', newHolder('ed25519'), leaf),
  );
});

function everyCertificate(): Certificate[] {
  return chains.flatMap(({ root, intermediate, server }) => [root, intermediate, server]);
}

function pem({ der }: Certificate): string {
  return encodePem('CERTIFICATE', der);
}

describe('the certificates that we write', () => {
  testWith('openssl')('form chains that OpenSSL accepts at its strictest', () => {
    for (const { root, intermediate, server } of chains) {
      expect(() =>
        opensslVerify(pem(server), pem(root), pem(intermediate), ['-purpose', 'sslserver', '-verify_hostname', 'www.a.example']),
      ).not.toThrow();
      expect(() => opensslVerify(pem(server), pem(root), pem(intermediate), ['-verify_ip', '2001:db8::1'])).not.toThrow();
      expect(() => opensslVerify(pem(server), pem(root), pem(intermediate), ['-verify_email', 'ops@a.example'])).not.toThrow();
      expect(() => opensslVerify(pem(server), pem(root), pem(intermediate), ['-verify_hostname', 'b.example'])).toThrow(
        /hostname mismatch/,
      );
    }
  });

  testWith('openssl').each([
    ['rsa-1024', 'md5', 'md5WithRSAEncryption'],
    ['rsa-1024', 'sha1', 'sha1WithRSAEncryption'],
    ['rsa-1024', 'sha224', 'sha224WithRSAEncryption'],
    ['rsa-1536', 'sha512', 'sha512WithRSAEncryption'],
    ['prime256v1', 'sha1', 'ecdsa-with-SHA1'],
    ['prime256v1', 'sha224', 'ecdsa-with-SHA224'],
    ['prime256v1', 'sha512', 'ecdsa-with-SHA512'],
    ['secp521r1', 'sha256', 'ecdsa-with-SHA256'],
  ] as const)('with keys and digests that one may still ask for: %s %s', async (type, digest, words) => {
    const { key, signer } = newHolder(type, digest);
    const root = pem(await signCertificate(rootOf(key, 'old'), signer));
    expect(() => opensslVerify(root, root, '', ['-auth_level', '0', '-check_ss_sig'])).not.toThrow();
    expect(openssl(['x509', '-noout', '-text'], root).text).toContain(`Signature Algorithm: ${words}`);
  });

  testWith('openssl')('are shown by OpenSSL with what was put in', () => {
    const [chain] = chains;
    const text = openssl(['x509', '-inform', 'DER', '-noout', '-text', '-nameopt', 'RFC2253'], chain?.server.der).text;
    expect(text).toContain('Serial Number:\n            7f:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff');
    expect(text).toContain(
      'DNS:server.a.example, DNS:*.a.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1, email:ops@a.example',
    );
    expect(text).toContain('URI:http://router.a.example/crl/1.crl');
    const constraints = openssl(['x509', '-inform', 'DER', '-noout', '-text'], chain?.intermediate.der).text;
    expect(constraints).toMatch(/Name Constraints: critical\s+Permitted:\s+DNS:a.example\s+IP:192.0.2.0\/255.255.255.0\s+IP:2001:DB8/);
    expect(constraints).toContain('CA:TRUE, pathlen:0');
  });

  testWith('certtool')('form chains that GnuTLS accepts', () => {
    for (const { root, intermediate, server } of chains) {
      expect(() => certtoolVerify(pem(server) + pem(intermediate), pem(root))).not.toThrow();
      expect(certtool(['--certificate-info', '--inder'], server.der).text).toContain('DNSname: server.a.example');
    }
  });

  testWith('go-judge')('say to Go what they say to us, and form chains', () => {
    const all = everyCertificate();
    expect(goCertificates(all.map(({ der }) => der))).toMatchObject(
      all.map((certificate) => ({ ...readingOf(certificate), unknownCritical: [] })),
    );
    const asked = chains.map(({ root, intermediate, server }) => ({
      leaf: server.der,
      roots: [root.der],
      intermediates: [intermediate.der],
      dnsName: 'server.a.example',
    }));
    expect(goVerify(asked)).toEqual(chains.map(() => ({ chains: [3] })));
  });

  testWith('pyca')('are read by pyca, every extension parsed', () => {
    const all = everyCertificate();
    const expected = all.map(({ notAfter, extensions }) => ({
      notAfter,
      extensions: extensions.map(({ oid, critical }) => ({ oid, critical, kind: expect.not.stringMatching('Unrecognized') })),
    }));
    expect(pycaCertificates(all.map(({ der }) => der))).toMatchObject(expected);
  });

  testWith('go-judge')('leave zlint nothing to complain about', () => {
    const findings = zlint(everyCertificate().map(({ der }) => der));
    expect(findings).toEqual(everyCertificate().map(() => []));
  });

  test('are read and verified by pkijs', async () => {
    setEngine('node', new CryptoEngine({ name: 'node', crypto: webcrypto }));
    for (const { root, intermediate, server } of chains.filter(({ name }) => name !== 'ed25519')) {
      const [top, middle, leaf] = [root, intermediate, server].map(({ der }) => PkijsCertificate.fromBER(der));
      expect(await middle?.verify(top)).toBe(true);
      expect(await leaf?.verify(middle)).toBe(true);
      expect(leaf?.extensions?.map(({ extnID }) => extnID)).toEqual(server.extensions.map(({ oid }) => oid));
    }
  });
});

/** Reads a certificate that signs itself, with everything in it. */
async function expectRead(der: Uint8Array): Promise<Certificate> {
  const certificate = decodeCertificate(der);
  expect(equalNames(certificate.issuer, certificate.subject)).toBe(true);
  expect(await verifySignature(certificate, certificate.publicKey, crypto)).toBe(true);
  for (const extension of certificate.extensions) expect(knownExtensions.get(extension.oid)?.(extension)).not.toBeNull();
  return certificate;
}

const algorithms = ['RSA-1024', 'RSA-2048', 'RSA-4096', 'P-256', 'P-384', 'P-521', 'Ed25519'] satisfies (GoAlgorithm & PycaAlgorithm)[];

describe('the certificates that others write', () => {
  testWith('go-judge')('Go', async () => {
    for (const made of goMake(algorithms)) {
      const certificate = await expectRead(made.certificate);
      expect(Buffer.from(certificate.publicKey).equals(made.publicKeyInfo)).toBe(true);
      expect(goCertificates([made.certificate])).toMatchObject([readingOf(certificate)]);
    }
  });

  testWith('pyca')('pyca', async () => {
    for (const made of pycaMake(algorithms, 'secret')) {
      const certificate = await expectRead(made.certificate);
      expect(Buffer.from(certificate.publicKey).equals(made.publicKeyInfo)).toBe(true);
    }
  });

  testWith('openssl').each([
    ['RSA', ['rsa_keygen_bits:1536'], '-sha1', '1536'],
    ['RSA', ['rsa_keygen_bits:2048'], '-md5', '2048'],
    ['RSA', ['rsa_keygen_bits:3072'], '-sha224', '3072'],
    ['EC', ['ec_paramgen_curve:P-256'], '-sha512', 'prime256v1'],
    ['EC', ['ec_paramgen_curve:P-384', 'ec_param_enc:named_curve'], '-sha384', 'secp384r1'],
    ['ED25519', [], '-sha256', 'ed25519'],
  ])('OpenSSL: %s %j %s', async (algorithm, options, digest, keySize) => {
    const subject = ['-utf8', '-subj', '/C=LV/ST=Rīga/O=Example, Inc./OU=a+OU=b/CN=x/emailAddress=a@b.example'];
    const extensions = [
      '-addext',
      'subjectAltName=DNS:a.example,IP:::1,email:a@b.example,URI:urn:a,RID:1.2.3,dirName:dn,otherName:1.2.4;UTF8:x',
    ];
    const config =
      '[req]\ndistinguished_name=dn\nx509_extensions=ca\n[dn]\nCN=d\n[ca]\nbasicConstraints=critical,CA:TRUE,pathlen:3\nnameConstraints=critical,permitted;DNS:a.example,excluded;IP:10.0.0.0/255.0.0.0\ncrlDistributionPoints=URI:http://a.example/1.crl\nauthorityInfoAccess=OCSP;URI:http://o.example\ncertificatePolicies=1.2.3,@polsect\nkeyUsage=critical,keyCertSign,cRLSign\nextendedKeyUsage=serverAuth,1.2.3.4\n[polsect]\npolicyIdentifier=1.2.5\nCPS.1=http://a.example/cps\n';
    const key = opensslKey(algorithm, ...options);
    const made = openssl([
      'req',
      '-x509',
      '-new',
      '-key',
      fileOf(key),
      '-config',
      fileOf(config),
      '-multivalue-rdn',
      '-days',
      '36500',
      digest,
      ...subject,
      ...extensions,
      '-outform',
      'DER',
    ]);
    const certificate = await expectRead(made.bytes);
    expect(formatName(certificate.subject)).toBe('C=LV,ST=Rīga,O=Example, Inc.,OU=a+OU=b,CN=x,emailAddress=a@b.example');
    expect(describePublicKey(certificate.publicKey).keySize).toBe(keySize);
    expect(readingOf(certificate)).toMatchObject({
      isCA: true,
      pathLength: 3,
      dnsNames: ['a.example'],
      ipAddresses: ['::1'],
      uris: ['urn:a'],
      crlDistributionPoints: ['http://a.example/1.crl'],
      ocspServers: ['http://o.example'],
    });
  });

  testWith('openssl')('OpenSSL: RSASSA-PSS', async () => {
    const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:20'];
    const made = openssl([
      'req',
      '-x509',
      '-new',
      '-key',
      fileOf(opensslKey('RSA')),
      '-subj',
      '/CN=pss',
      '-sha256',
      ...pss,
      '-outform',
      'DER',
    ]);
    await expectRead(made.bytes);
  });

  testWith('certtool', 'openssl').each([
    ['rsa', ['--bits=2048']],
    ['ecdsa', ['--curve=secp256r1']],
    ['ecdsa', ['--curve=secp521r1']],
    ['ed25519', []],
  ])('GnuTLS: %s %j', async (type, options) => {
    const template =
      'cn = "gnutls"\ncountry = LV\ndns_name = "a.example"\nip_address = "192.0.2.1"\nemail = "a@b.example"\nexpiration_days = 3650\nca\ncert_signing_key\npath_len = 1\nnc_permit_dns = "a.example"\ncrl_dist_points = "http://a.example/1.crl"\n';
    const made = openssl(['x509', '-outform', 'DER'], certtoolSelfSigned(certtoolKey(type, ...options), template));
    const certificate = await expectRead(made.bytes);
    expect(readingOf(certificate)).toMatchObject({
      isCA: true,
      pathLength: 1,
      dnsNames: ['a.example'],
      ipAddresses: ['192.0.2.1'],
      emailAddresses: ['a@b.example'],
    });
  });
});

test('what is read is what a certificate can be made from again', async () => {
  const [chain] = chains;
  const tbs: TbsCertificate = decodeCertificate(chain?.server.der ?? new Uint8Array());
  const holder = newHolder('ed25519');
  expect(readingOf(await signCertificate(tbs, holder.signer))).toEqual(readingOf(decodeCertificate(chain?.server.der ?? new Uint8Array())));
});

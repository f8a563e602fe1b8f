import { webcrypto } from 'node:crypto';
import { CertificateRevocationList, CryptoEngine, Certificate as PkijsCertificate, setEngine } from 'pkijs';
import { beforeAll, describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/hex.ts';
import { oids } from '../../src/der/oids.ts';
import { decodePem, encodePem } from '../../src/pem/pem.ts';
import { type Certificate, decodeCertificate, signCertificate } from '../../src/x509/certificate.ts';
import { type CertificateList, decodeCrl, signCrl } from '../../src/x509/crl.ts';
import { decodeCrlNumber, decodeCrlReason, encodeCrlNumber, encodeCrlReason } from '../../src/x509/crl-extensions.ts';
import { extensionOf } from '../../src/x509/extensions.ts';
import { verifySignature } from '../../src/x509/signer.ts';
import { bytes } from '../bytes.ts';
import { certtool, certtoolKey, certtoolSelfSigned } from '../judges/gnutls.ts';
import { type GoAlgorithm, goCrls, goMake } from '../judges/go.ts';
import { openssl } from '../judges/openssl.ts';
import { type PycaAlgorithm, pycaCrls, pycaMake } from '../judges/pyca.ts';
import { fileOf, testWith } from '../judges/run.ts';
import { knownExtensions } from './known-extensions.ts';
import { authorityOf, crypto, newHolder, newYear, repeating, rootOf, storedHolder, tenYearsLater } from './samples.ts';

const all: { issuer: Certificate; crl: CertificateList }[] = [];

beforeAll(async () => {
  const holders = [
    newHolder('rsa-2048'),
    storedHolder(8192, 'sha512'),
    newHolder('prime256v1'),
    newHolder('secp384r1', 'sha384'),
    newHolder('secp521r1', 'sha512'),
    newHolder('ed25519'),
  ];
  for (const { key, signer } of holders) {
    const issuer = await signCertificate(rootOf(key, 'CA'), signer);
    const crl = await signCrl(
      {
        issuer: issuer.subject,
        thisUpdate: newYear,
        nextUpdate: tenYearsLater,
        revoked: [
          { serialNumber: bytes('01'), revocationDate: newYear, extensions: [] },
          {
            serialNumber: bytes('00ff'),
            revocationDate: newYear + 1,
            extensions: [encodeCrlReason('keyCompromise')].filter((one) => one !== undefined),
          },
        ],
        extensions: [authorityOf(issuer), encodeCrlNumber(300)],
      },
      signer,
    );
    all.push({ issuer, crl });
  }
});

describe('the CRLs that we write', () => {
  testWith('openssl')('are read and verified by OpenSSL', () => {
    for (const { issuer, crl } of all) {
      const { text, errors } = openssl(
        ['crl', '-inform', 'DER', '-noout', '-text', '-CAfile', fileOf(encodePem('CERTIFICATE', issuer.der))],
        crl.der,
      );
      expect(errors).toContain('verify OK');
      expect(text).toMatch(/X509v3 CRL Number: \s+300/);
      expect(text).toMatch(/Serial Number: FF.*Key Compromise/s);
    }
  });

  testWith('openssl')('stop OpenSSL from accepting what they revoke', async () => {
    const { key, signer } = newHolder('prime256v1');
    const issuer = await signCertificate(rootOf(key, 'CA'), signer);
    const revoked = [{ serialNumber: issuer.serialNumber, revocationDate: newYear, extensions: [] }];
    const crl = await signCrl(
      { issuer: issuer.subject, thisUpdate: newYear, nextUpdate: tenYearsLater, revoked, extensions: [encodeCrlNumber(1)] },
      signer,
    );
    const root = encodePem('CERTIFICATE', issuer.der);
    const check = () =>
      openssl(['verify', '-crl_check', '-CRLfile', fileOf(encodePem('X509 CRL', crl.der)), '-CAfile', fileOf(root), fileOf(root)]);
    expect(check).toThrow(/certificate revoked/);
  });

  testWith('certtool')('are read by GnuTLS', () => {
    for (const { issuer, crl } of all) {
      expect(certtool(['--crl-info', '--inder'], crl.der).text).toContain('Revoked certificates (2)');
      const [root, list] = [encodePem('CERTIFICATE', issuer.der), encodePem('X509 CRL', crl.der)];
      const verified = certtool(['--verify-crl', '--load-ca-certificate', fileOf(root), '--infile', fileOf(list)]);
      expect(verified.text).toContain('Verified');
    }
  });

  testWith('go-judge')('are read and verified by Go', () => {
    const answers = goCrls(all.map(({ issuer, crl }) => ({ der: crl.der, issuer: issuer.der })));
    const revoked = [
      { time: newYear, reason: 0 },
      { time: newYear + 1, reason: 1 },
    ];
    expect(answers).toMatchObject(all.map(() => ({ thisUpdate: newYear, nextUpdate: tenYearsLater, revoked })));
  });

  testWith('pyca')('are read and verified by pyca', () => {
    const answers = pycaCrls(all.map(({ issuer, crl }) => ({ der: crl.der, issuer: issuer.der })));
    expect(answers).toMatchObject(
      all.map(() => ({ thisUpdate: newYear, nextUpdate: tenYearsLater, revoked: [{ serial: '1' }, { serial: 'ff' }] })),
    );
  });

  test('are read and verified by pkijs', async () => {
    setEngine('node', new CryptoEngine({ name: 'node', crypto: webcrypto }));
    for (const { issuer, crl } of all.slice(0, -1)) {
      const list = CertificateRevocationList.fromBER(crl.der);
      expect(await list.verify({ issuerCertificate: PkijsCertificate.fromBER(issuer.der) })).toBe(true);
      expect(list.revokedCertificates).toHaveLength(2);
    }
  });
});

/** Reads a CRL with all its extensions and checks who signed it. */
async function expectRead(der: Uint8Array, issuer: Uint8Array): Promise<CertificateList> {
  const crl = decodeCrl(der);
  expect(await verifySignature(crl, decodeCertificate(issuer).publicKey, crypto)).toBe(true);
  expect((await signCrl(crl, repeating(crl))).der).toEqual(der);
  for (const extension of [crl, ...crl.revoked].flatMap(({ extensions }) => extensions))
    expect(knownExtensions.get(extension.oid)?.(extension)).not.toBeNull();
  return crl;
}

function reasonsOf(crl: CertificateList): string[] {
  return crl.revoked.map((entry) => {
    const extension = extensionOf(entry, oids.reasonCode);
    return extension === undefined ? 'none' : decodeCrlReason(extension);
  });
}

const algorithms = ['RSA-2048', 'P-256', 'P-384', 'P-521', 'Ed25519'] satisfies (GoAlgorithm & PycaAlgorithm)[];

describe('the CRLs that others write', () => {
  testWith('go-judge')('Go', async () => {
    for (const made of goMake(algorithms)) {
      const crl = await expectRead(made.crl, made.certificate);
      expect(reasonsOf(crl)).toEqual(['keyCompromise', 'none']);
      expect(crl.extensions.filter(({ oid }) => oid === oids.cRLNumber).map((extension) => hex(decodeCrlNumber(extension)))).toEqual([
        '07',
      ]);
    }
  });

  testWith('pyca')('pyca', async () => {
    for (const made of pycaMake(algorithms, 'secret')) {
      const crl = await expectRead(made.crl, made.certificate);
      expect(crl.revoked.map(({ serialNumber }) => hex(serialNumber))).toEqual(['2002']);
    }
  });

  testWith('certtool', 'openssl')('GnuTLS', async () => {
    const key = certtoolKey('ecdsa', '--curve=secp256r1');
    const certificate = certtoolSelfSigned(key, 'cn = "gnutls"\nca\ncert_signing_key\ncrl_signing_key\nexpiration_days = 30\n');
    const made = certtool([
      '--generate-crl',
      '--load-ca-privkey',
      fileOf(key),
      '--load-ca-certificate',
      fileOf(certificate),
      '--load-certificate',
      fileOf(certificate),
      '--template',
      fileOf('crl_next_update = 10\ncrl_number = 5\n'),
    ]);
    const blocks = decodePem(made.text.slice(made.text.indexOf('-----BEGIN')));
    const issuer = openssl(['x509', '-outform', 'DER'], certificate).bytes;
    const crl = await expectRead(blocks[0]?.der ?? bytes(''), issuer);
    expect(crl.revoked.map(({ serialNumber }) => serialNumber)).toEqual([decodeCertificate(issuer).serialNumber]);
  });
});

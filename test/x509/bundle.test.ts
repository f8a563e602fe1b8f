import { describe, expect } from 'vitest';
import { decodePem } from '../../src/pem/pem.ts';
import { type Certificate, decodeCertificate, signCertificate } from '../../src/x509/certificate.ts';
import { decodeName, encodeName, equalNames, formatName } from '../../src/x509/name.ts';
import { describePublicKey } from '../../src/x509/public-key.ts';
import { verifySignature } from '../../src/x509/signer.ts';
import { debianBundle, testWithBundle } from '../debian-bundle.ts';
import { goCertificates } from '../judges/go.ts';
import { pycaCertificates } from '../judges/pyca.ts';
import { testWith } from '../judges/run.ts';
import { knownExtensions } from './known-extensions.ts';
import { readingOf } from './reading.ts';
import { crypto, repeating } from './samples.ts';

function certificates(): Certificate[] {
  return decodePem(debianBundle()).map(({ der }) => decodeCertificate(der));
}

/** Several old roots have serial number zero, which we would not write. */
function hasSerialNumber({ serialNumber }: Certificate): boolean {
  return serialNumber.some((octet) => octet !== 0);
}

/** One has GeneralizedTime before 2050 against RFC 5280 4.1.2.5. */
function hasEarlyGeneralizedTime({ der }: Certificate): boolean {
  return /\u0018\u000f20[0-4]/.test(Buffer.from(der).toString('latin1'));
}

describe("Debian's bundle of CAs", () => {
  testWithBundle('is read whole: names, keys and extensions', () => {
    const all = certificates();
    expect(all.length).toBeGreaterThan(100);
    for (const certificate of all) {
      expect(encodeName(decodeName(certificate.subjectDer))).toEqual(certificate.subjectDer);
      expect(formatName(certificate.subject)).toMatch(/(^|,)(CN|OU|O)=./);
      expect(['rsa', 'ec']).toContain(describePublicKey(certificate.publicKey).type);
      for (const extension of certificate.extensions) expect(knownExtensions.get(extension.oid)?.(extension)).not.toBe(null);
    }
  });

  testWithBundle('is of certificates that sign themselves', async () => {
    for (const certificate of certificates()) {
      expect(equalNames(certificate.subject, certificate.issuer)).toBe(true);
      expect(await verifySignature(certificate, certificate.publicKey, crypto)).toBe(true);
    }
  });

  testWithBundle('is written again byte for byte, but for what the standard forbids', async () => {
    const written = certificates().filter((certificate) => hasSerialNumber(certificate) && !hasEarlyGeneralizedTime(certificate));
    expect(written.length).toBeGreaterThan(100);
    for (const certificate of written) {
      const { der } = await signCertificate(certificate, repeating(certificate));
      expect(der).toEqual(certificate.der);
    }
  });

  testWith('go-judge')('says to us what it says to Go', () => {
    const all = certificates();
    expect(goCertificates(all.map(({ der }) => der))).toMatchObject(all.map((certificate) => readingOf(certificate)));
  });

  testWith('pyca')('says to us what it says to pyca', () => {
    const all = certificates();
    const extensions = all.map((certificate) => ({ extensions: certificate.extensions.map(({ oid, critical }) => ({ oid, critical })) }));
    const readings = all.map((certificate) => readingOf(certificate));
    const expected = readings.map(({ notBefore, notAfter, publicKeyInfo }, i) => ({
      ...extensions[i],
      notBefore,
      notAfter,
      publicKeyInfo,
    }));
    expect(pycaCertificates(all.map(({ der }) => der))).toMatchObject(expected);
  });
});

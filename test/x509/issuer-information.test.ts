import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { implicit, namedBits, oid, sequence, set, utf8String } from '../../src/der/writer.ts';
import { X509Error } from '../../src/x509/errors.ts';
import {
  crlUrls,
  decodeAuthorityInformationAccess,
  decodeCertificatePolicies,
  decodeCrlDistributionPoints,
  encodeAuthorityInformationAccess,
  encodeCertificatePolicies,
  encodeCrlDistributionPoints,
  policyInformation,
} from '../../src/x509/issuer-information.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors } from '../mutations.ts';

function refused(message: RegExp): object {
  return errorLike('X509Error', 'extension', message);
}

describe('cRLDistributionPoints', () => {
  const urls = ['http://router.example/crl/1.crl', 'http://192.0.2.1/crl/1.crl'];
  const extension = encodeCrlDistributionPoints(urls);

  test('the URLs are of one point, both ways', () => {
    expect(extension).toMatchObject({ oid: oids.cRLDistributionPoints, critical: false });
    const points = decodeCrlDistributionPoints(extension);
    expect(points).toEqual([{ fullName: urls.map((value) => ({ type: 'uri', value })) }]);
    expect(crlUrls(points)).toEqual(urls);
  });

  test('as RFC 5280 4.2.1.13 has it', () => {
    expect(encodeCrlDistributionPoints(['a:b']).value).toEqual(bytes('300b 3009 a007 a005 8603613a62'));
  });

  test('points of some reasons and of another issuer are read, but are not the whole CRL', () => {
    const rdn = sequence(oid(oids.commonName), utf8String('a'));
    const value = sequence(
      sequence(bytes('a007 a005 8603613a62'), implicit(1, namedBits([1, 2]))),
      sequence(implicit(2, sequence(bytes('a402 3000')))),
      sequence(bytes('a000').with(1, rdn.length + 2), implicit(1, set(rdn))),
    );
    const points = decodeCrlDistributionPoints({ ...extension, value });
    expect(points).toEqual([
      { fullName: [{ type: 'uri', value: 'a:b' }], reasons: [1, 2] },
      { fullName: [], crlIssuer: [{ type: 'directory', name: [] }] },
      { fullName: [], relativeName: implicit(1, set(rdn)) },
    ]);
    expect(crlUrls(points)).toEqual([]);
  });

  test('no URL is refused, and one beyond ASCII', () => {
    expect(() => encodeCrlDistributionPoints([])).toThrow(refused(/^cRLDistributionPoints: expected at least one URL$/));
    expect(() => encodeCrlDistributionPoints(['http://é'])).toThrow(
      errorLike('DerError', 'value', /"http:\/\/é" has a character that IA5String lacks/),
    );
  });

  test('an error names the field', () => {
    expect(() => decodeCrlDistributionPoints({ ...extension, value: bytes('300b 3009 a007 a005 8603616280') })).toThrow(
      errorLike('DerError', 'value', /^cRLDistributionPoints distributionPoint fullName uniformResourceIdentifier: /),
    );
  });

  test('cut short or with a bit turned over, nothing crashes', () => {
    const found = survivors(extension.value, [DerError, X509Error], (value) => decodeCrlDistributionPoints({ ...extension, value }));
    expect(found.length).toBeGreaterThan(0);
  });
});

describe('authorityInfoAccess', () => {
  const descriptions = [
    { method: oids.ocsp, location: { type: 'uri' as const, value: 'http://ocsp.example' } },
    { method: oids.caIssuers, location: { type: 'uri' as const, value: 'http://ca.example/ca.crt' } },
  ];
  const extension = encodeAuthorityInformationAccess(descriptions);

  test('both ways', () => {
    expect(extension).toMatchObject({ oid: oids.authorityInformationAccess, critical: false });
    expect(decodeAuthorityInformationAccess(extension)).toEqual(descriptions);
    expect(() => encodeAuthorityInformationAccess([])).toThrow(refused(/^authorityInfoAccess: expected at least one description$/));
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    const found = survivors(extension.value, [DerError, X509Error], (value) => decodeAuthorityInformationAccess({ ...extension, value }));
    for (const { bytes: damaged, value } of found.filter((survivor) => survivor.value.length > 0)) {
      expect(encodeAuthorityInformationAccess(value).value).toEqual(damaged);
    }
  });
});

describe('certificatePolicies', () => {
  const policies = [
    policyInformation(oids.anyPolicy),
    policyInformation('1.2.3', 'http://a.example/cps'),
    { policy: '1.2.4', qualifiers: [{ id: '1.3.6.1.5.5.7.2.2', der: sequence() }] },
  ];
  const extension = encodeCertificatePolicies(policies);

  test('both ways, qualifiers of any kind kept', () => {
    expect(extension).toMatchObject({ oid: oids.certificatePolicies, critical: false });
    expect(decodeCertificatePolicies(extension)).toEqual(policies);
    expect(() => encodeCertificatePolicies([])).toThrow(refused(/^certificatePolicies: expected at least one policy$/));
  });

  test('cut short or with a bit turned over, it is refused or encoded to the same bytes', () => {
    const found = survivors(extension.value, [DerError, X509Error], (value) => decodeCertificatePolicies({ ...extension, value }));
    for (const { bytes: damaged, value } of found.filter((survivor) => survivor.value.length > 0)) {
      expect(encodeCertificatePolicies(value).value).toEqual(damaged);
    }
  });
});

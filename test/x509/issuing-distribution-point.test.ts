import { expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { X509Error } from '../../src/x509/errors.ts';
import {
  decodeIssuingDistributionPoint,
  encodeIssuingDistributionPoint,
  type IssuingDistributionPoint,
} from '../../src/x509/issuing-distribution-point.ts';
import { bytes } from '../bytes.ts';
import { survivors } from '../mutations.ts';

const everything: IssuingDistributionPoint = {
  fullName: [],
  onlyContainsUserCerts: false,
  onlyContainsCACerts: false,
  indirectCRL: false,
  onlyContainsAttributeCerts: false,
};

const points: readonly (readonly [string, IssuingDistributionPoint, string])[] = [
  ['nothing said', everything, '3000'],
  ['a name', { ...everything, fullName: [{ type: 'uri', value: 'http://a/' }] }, '300f a00d a00b 8609 687474703a2f2f612f'],
  [
    'a relative name',
    { ...everything, relativeName: bytes('a10c 300a 0603550403 0c03616263') },
    '3010 a00e a10c 300a 0603550403 0c03616263',
  ],
  ['user certificates', { ...everything, onlyContainsUserCerts: true }, '3003 8101ff'],
  ['CA certificates', { ...everything, onlyContainsCACerts: true }, '3003 8201ff'],
  ['some reasons', { ...everything, onlySomeReasons: [1, 2] }, '3004 83020560'],
  ['an indirect CRL', { ...everything, indirectCRL: true }, '3003 8401ff'],
  ['attribute certificates', { ...everything, onlyContainsAttributeCerts: true }, '3003 8501ff'],
];

test.each(points)('%s', (_, point, value) => {
  const extension = encodeIssuingDistributionPoint(point);
  expect(extension).toEqual({ oid: oids.issuingDistributionPoint, critical: true, value: bytes(value) });
  expect(decodeIssuingDistributionPoint(extension)).toEqual(point);
});

test('a damaged one is read or refused', () => {
  const extension = encodeIssuingDistributionPoint({
    ...everything,
    fullName: [{ type: 'uri', value: 'http://a/' }],
    onlySomeReasons: [1],
  });
  const read = survivors(extension.value, [DerError, X509Error], (value) => decodeIssuingDistributionPoint({ ...extension, value }));
  expect(read.length).toBeLessThan(extension.value.length * 8);
});

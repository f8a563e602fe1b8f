import { describe, expect, test } from 'vitest';
import { oids } from '../../src/der/oids.ts';
import {
  type CrlReason,
  decodeCertificateIssuer,
  decodeCrlNumber,
  decodeCrlReason,
  decodeDeltaCrlIndicator,
  encodeCertificateIssuer,
  encodeCrlNumber,
  encodeCrlReason,
  encodeDeltaCrlIndicator,
} from '../../src/x509/crl-extensions.ts';
import { nameOf } from '../../src/x509/name.ts';
import { bytes } from '../bytes.ts';
import { errorLike } from '../mutations.ts';

describe('cRLNumber', () => {
  test.each([
    [0, '020100', '00'],
    [255, '020200ff', '00ff'],
    [bytes('ff00'), '030300ff00'.replace('0303', '0203'), '00ff00'],
    [bytes(`7f${'00'.repeat(19)}`), `02147f${'00'.repeat(19)}`, `7f${'00'.repeat(19)}`],
  ])('%s', (number, value, octets) => {
    const extension = encodeCrlNumber(number);
    expect(extension).toEqual({ oid: oids.cRLNumber, critical: false, value: bytes(value) });
    expect(decodeCrlNumber(extension)).toEqual(bytes(octets));
  });

  test.each([-1, bytes(`80${'00'.repeat(19)}`)])('%s is refused', (number) => {
    expect(() => encodeCrlNumber(number)).toThrow(
      errorLike('X509Error', 'extension', /^cRLNumber: expected 0 or more, in at most 20 octets$/),
    );
  });

  test.each(['0201ff', `0215 01${'00'.repeat(20)}`])('%s is refused', (value) => {
    expect(() => decodeCrlNumber({ oid: oids.cRLNumber, critical: false, value: bytes(value) })).toThrow(
      errorLike('X509Error', 'extension', /^cRLNumber/),
    );
  });
});

test('deltaCRLIndicator', () => {
  const extension = encodeDeltaCrlIndicator(3);
  expect(extension).toEqual({ oid: oids.deltaCRLIndicator, critical: true, value: bytes('020103') });
  expect(decodeDeltaCrlIndicator(extension)).toEqual(bytes('03'));
  expect(() => decodeDeltaCrlIndicator({ ...extension, value: bytes('0201ff') })).toThrow(
    errorLike('X509Error', 'extension', /^deltaCRLIndicator: expected 0 or more, in at most 20 octets$/),
  );
});

test('certificateIssuer', () => {
  const names = [{ type: 'directory', name: nameOf({ commonName: 'a' }) }] as const;
  const extension = encodeCertificateIssuer(names);
  expect(extension).toMatchObject({ oid: oids.certificateIssuer, critical: true });
  expect(decodeCertificateIssuer(extension)).toEqual(names);
});

describe('reasonCode', () => {
  test.each<[CrlReason, string]>([
    ['keyCompromise', '0a0101'],
    ['cACompromise', '0a0102'],
    ['affiliationChanged', '0a0103'],
    ['superseded', '0a0104'],
    ['cessationOfOperation', '0a0105'],
    ['certificateHold', '0a0106'],
    ['removeFromCRL', '0a0108'],
    ['privilegeWithdrawn', '0a0109'],
    ['aACompromise', '0a010a'],
  ])('%s', (reason, value) => {
    const extension = { oid: oids.reasonCode, critical: false, value: bytes(value) };
    expect(encodeCrlReason(reason)).toEqual(extension);
    expect(decodeCrlReason(extension)).toBe(reason);
  });

  test('unspecified is said by leaving it out, and is read', () => {
    expect(encodeCrlReason('unspecified')).toBeUndefined();
    expect(decodeCrlReason({ oid: oids.reasonCode, critical: false, value: bytes('0a0100') })).toBe('unspecified');
  });

  test.each([
    ['0a0107', 'X509Error', 'extension', /^reasonCode: 7 is not a reason$/],
    ['0a010b', 'DerError', 'value', /^reasonCode: expected an ENUMERATED from 0 to 10$/],
    ['020101', 'DerError', 'tag', /^reasonCode: expected ENUMERATED, found INTEGER$/],
  ])('%s is refused', (value, name, code, message) => {
    expect(() => decodeCrlReason({ oid: oids.reasonCode, critical: false, value: bytes(value) })).toThrow(errorLike(name, code, message));
  });
});

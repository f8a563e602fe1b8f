import { describe, expect, test } from 'vitest';
import { DerError } from '../../src/der/errors.ts';
import { oids } from '../../src/der/oids.ts';
import { X509Error } from '../../src/x509/errors.ts';
import {
  decodeInhibitAnyPolicy,
  decodePolicyConstraints,
  decodePolicyMappings,
  encodeInhibitAnyPolicy,
  encodePolicyConstraints,
  encodePolicyMappings,
} from '../../src/x509/policy-extensions.ts';
import { bytes } from '../bytes.ts';
import { errorLike, survivors } from '../mutations.ts';

const mappings = [
  { issuerDomainPolicy: '1.2.3', subjectDomainPolicy: '1.2.4' },
  { issuerDomainPolicy: '1.2.3', subjectDomainPolicy: '1.2.5' },
];

describe('policyMappings', () => {
  test('are written and read', () => {
    const extension = encodePolicyMappings(mappings);
    expect(extension).toEqual({
      oid: oids.policyMappings,
      critical: true,
      value: bytes('3014 3008 0602 2a03 0602 2a04 3008 0602 2a03 0602 2a05'),
    });
    expect(decodePolicyMappings(extension)).toEqual(mappings);
  });

  test('none are refused', () => {
    expect(() => encodePolicyMappings([])).toThrow(errorLike('X509Error', 'extension', /^policyMappings: expected at least one mapping$/));
  });
});

describe('policyConstraints', () => {
  test.each([
    [{ requireExplicitPolicy: 0 }, '3003 800100'],
    [{ inhibitPolicyMapping: 5 }, '3003 810105'],
    [{ requireExplicitPolicy: 1, inhibitPolicyMapping: 255 }, '3007 800101 810200ff'],
  ])('%o', (constraints, value) => {
    const extension = encodePolicyConstraints(constraints);
    expect(extension).toEqual({ oid: oids.policyConstraints, critical: true, value: bytes(value) });
    expect(decodePolicyConstraints(extension)).toEqual(constraints);
  });

  test('without a field are refused', () => {
    const refused = errorLike('X509Error', 'extension', /^policyConstraints: expected at least one of the two fields$/);
    expect(() => encodePolicyConstraints({})).toThrow(refused);
    expect(() => decodePolicyConstraints({ oid: oids.policyConstraints, critical: true, value: bytes('3000') })).toThrow(refused);
  });
});

describe('inhibitAnyPolicy', () => {
  test.each([
    [0, '020100'],
    [300, '0202012c'],
  ])('%i', (skip, value) => {
    const extension = encodeInhibitAnyPolicy(skip);
    expect(extension).toEqual({ oid: oids.inhibitAnyPolicy, critical: true, value: bytes(value) });
    expect(decodeInhibitAnyPolicy(extension)).toBe(skip);
  });

  test('a negative number is refused', () => {
    expect(() => decodeInhibitAnyPolicy({ oid: oids.inhibitAnyPolicy, critical: true, value: bytes('0201ff') })).toThrow(
      errorLike('DerError', 'value', /^inhibitAnyPolicy/),
    );
  });
});

test.each([
  ['policyMappings', encodePolicyMappings(mappings), decodePolicyMappings],
  ['policyConstraints', encodePolicyConstraints({ requireExplicitPolicy: 1, inhibitPolicyMapping: 255 }), decodePolicyConstraints],
  ['inhibitAnyPolicy', encodeInhibitAnyPolicy(300), decodeInhibitAnyPolicy],
] as const)('%s damaged anywhere are read or refused', (_, extension, decode) => {
  const read = survivors(extension.value, [DerError, X509Error], (value) => decode({ ...extension, value }));
  expect(read.length).toBeLessThan(extension.value.length * 8);
});

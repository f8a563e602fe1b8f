import {
  daysValidRange,
  digestAlgorithms,
  type GivenProperties,
  keySizes,
  keyUsages,
  type ResettableProperty,
  trustStores,
} from '../certificates/properties.ts';
import { integer, oneOf, someOf, text, texts, yesNo } from './argument-types.ts';
import type { ArgumentValues } from './command.ts';

/** The properties that `add` and `set` take. */
export const propertyArguments = {
  name: { type: text, does: 'reference name' },
  'common-name': { type: text, does: 'common name (CN) of the subject' },
  country: { type: text, does: 'country (C) of the subject, two letters' },
  state: { type: text, does: 'state or province (ST) of the subject' },
  locality: { type: text, does: 'locality (L) of the subject' },
  organization: { type: text, does: 'organization (O) of the subject' },
  unit: { type: text, does: 'organizational unit (OU) of the subject' },
  'subject-alt-name': { type: texts, does: 'alternative names: DNS:host, IP:address, email:address, separated by commas' },
  'key-size': { type: oneOf(keySizes), does: 'size of the RSA key, or the curve of an EC key' },
  'key-usage': {
    type: someOf(keyUsages),
    does: "what the key may be used for; RouterOS' default, where it is left out, has key-cert-sign",
  },
  'days-valid': { type: integer(daysValidRange.least, daysValidRange.most), does: 'days the certificate is valid after signing' },
  'digest-algorithm': { type: oneOf(digestAlgorithms), does: 'digest of the signature' },
  trusted: { type: yesNo, does: 'whether the certificate is trusted' },
  'trust-store': { type: someOf(trustStores), does: 'the services that may use it for verifying others' },
} as const;

export function givenProperties(values: ArgumentValues<typeof propertyArguments>): GivenProperties {
  return {
    name: values.name,
    commonName: values['common-name'],
    country: values.country,
    state: values.state,
    locality: values.locality,
    organization: values.organization,
    unit: values.unit,
    subjectAltNames: values['subject-alt-name'],
    keySize: values['key-size'],
    keyUsage: values['key-usage'],
    daysValid: values['days-valid'],
    digestAlgorithm: values['digest-algorithm'],
    trusted: values.trusted,
    trustStore: values['trust-store'],
  };
}

/** What `reset` and `unset` take back to the default. */
export const resettable = {
  'common-name': 'commonName',
  country: 'country',
  state: 'state',
  locality: 'locality',
  organization: 'organization',
  unit: 'unit',
  'subject-alt-name': 'subjectAltNames',
  'key-size': 'keySize',
  'key-usage': 'keyUsage',
  'days-valid': 'daysValid',
  'digest-algorithm': 'digestAlgorithm',
  trusted: 'trusted',
  'trust-store': 'trustStore',
} as const satisfies Record<string, ResettableProperty>;

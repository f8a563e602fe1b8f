import type { StoredCertificate, StoredProperties } from '../store/stored-certificate.ts';
import { formatAltNames, type GeneralName, parseAltNames } from '../x509/general-names.ts';
import { type KeyUsage, keyUsages, sortKeyUsages } from '../x509/key-usage.ts';
import { type Name, nameOf } from '../x509/name.ts';
import { defaultKeyUsageOf, defaults, keyTypeOf } from './defaults.ts';
import { CertificateError } from './errors.ts';
import { itemNameFrom } from './item-name.ts';
import {
  type DigestAlgorithm,
  daysValidRange,
  digestAlgorithms,
  type GivenProperties,
  type KeySize,
  keySizes,
  type ResettableProperty,
  type TrustStore,
  trustStores,
} from './properties.ts';

/** A template about which nothing is said. */
export const noProperties: StoredProperties = {
  commonName: undefined,
  country: undefined,
  state: undefined,
  locality: undefined,
  organization: undefined,
  unit: undefined,
  subjectAltNames: undefined,
  keySize: undefined,
  keyUsage: undefined,
  daysValid: undefined,
  digestAlgorithm: undefined,
  trusted: undefined,
  trustStore: undefined,
};

/** The names that commands have for the properties that can't be set in a certificate. */
const labels: ReadonlyMap<string, string> = new Map([
  ['commonName', 'common-name'],
  ['subjectAltNames', 'subject-alt-name'],
  ['keySize', 'key-size'],
  ['keyUsage', 'key-usage'],
  ['daysValid', 'days-valid'],
  ['digestAlgorithm', 'digest-algorithm'],
]);

/**
 * The properties of a template that had `before`, with what is given. Throws `X509Error` or `CertificateError` naming the property that no
 * certificate could have.
 */
export function changedTemplate(before: StoredProperties, given: GivenProperties): StoredProperties {
  const changed: StoredProperties = {
    commonName: textOf(given.commonName, before.commonName),
    country: textOf(given.country, before.country),
    state: textOf(given.state, before.state),
    locality: textOf(given.locality, before.locality),
    organization: textOf(given.organization, before.organization),
    unit: textOf(given.unit, before.unit),
    subjectAltNames: given.subjectAltNames === undefined ? before.subjectAltNames : altNameTexts(given.subjectAltNames),
    keySize: given.keySize ?? before.keySize,
    keyUsage: given.keyUsage === undefined ? before.keyUsage : sortKeyUsages(given.keyUsage),
    daysValid: given.daysValid ?? before.daysValid,
    digestAlgorithm: given.digestAlgorithm ?? before.digestAlgorithm,
    ...changedTrust(before, given),
  };
  subjectOf(changed);
  checkDaysValid(changed.daysValid);
  return changed;
}

/** The properties of a certificate with what is given: only who trusts it can be changed. Throws `CertificateError` `not-settable`. */
export function changedCertificate(before: StoredProperties, given: GivenProperties): StoredProperties {
  checkSettable(Object.entries(given).flatMap(([property, value]) => (value === undefined ? [] : [property])));
  return { ...before, ...changedTrust(before, given) };
}

/** The properties without those named. Of a certificate only who trusts it can be reset. */
export function resetProperties(item: StoredCertificate, properties: readonly ResettableProperty[]): StoredProperties {
  if (!item.isTemplate) checkSettable(properties);
  return { ...item.properties, ...Object.fromEntries(properties.map((property) => [property, undefined])) };
}

/** What a new template takes over from an item: of a certificate, what a template can hold. */
export function copiedProperties(item: StoredCertificate): StoredProperties {
  const { properties } = item;
  if (item.isTemplate) return properties;
  return {
    ...properties,
    subjectAltNames: properties.subjectAltNames?.filter((text) => isAltName(text)),
    keySize: keySizes.find((size) => size === properties.keySize),
    daysValid: Math.max(properties.daysValid ?? 0, daysValidRange.least),
    digestAlgorithm: digestAlgorithms.find((digest) => digest === properties.digestAlgorithm),
    trusted: undefined,
  };
}

/** A name for an item that was given none: of what it certifies. Throws `CertificateError` `no-name` if that is nothing. */
export function itemNameOf(properties: StoredProperties): string {
  const { commonName, subjectAltNames, unit, organization, locality, state, country } = properties;
  const altName = subjectAltNames?.[0]?.replace(/^[^:]*:/, '');
  const found = [commonName, altName, unit, organization, locality, state, country].find((text) => text !== undefined);
  const name = found === undefined ? undefined : itemNameFrom(found);
  if (name === undefined) throw new CertificateError('no-name', 'At least one field specifying certificate name must be set!');
  return name;
}

/** What a template says, defaults in the place of what it does not. */
export interface TemplateReading {
  readonly subject: Name;
  readonly altNames: readonly GeneralName[];
  readonly keySize: KeySize;
  readonly keyType: 'rsa' | 'ec' | 'ed25519';
  /** Was it asked for, or is it the default? */
  readonly keyUsageIsDefault: boolean;
  readonly keyUsage: readonly KeyUsage[];
  readonly digest: DigestAlgorithm;
  readonly days: number;
}

export function readTemplate(properties: StoredProperties): TemplateReading {
  const { subjectAltNames = [], keyUsage: asked, digestAlgorithm, daysValid } = properties;
  const keySize = keySizes.find((size) => size === properties.keySize) ?? defaults.keySize;
  const keyType = keyTypeOf(keySize);
  return {
    subject: subjectOf(properties),
    altNames: subjectAltNames.flatMap((text) => parseAltNames(text)),
    keySize,
    keyType,
    keyUsageIsDefault: asked === undefined,
    keyUsage: asked === undefined ? defaultKeyUsageOf(keyType) : keyUsages.filter((usage) => asked.includes(usage)),
    digest: digestAlgorithms.find((digest) => digest === digestAlgorithm) ?? defaults.digestAlgorithm,
    days: daysValid ?? defaults.daysValid,
  };
}

function subjectOf({ commonName, country, state, locality, organization, unit }: StoredProperties): Name {
  return nameOf({
    commonName: commonName ?? '',
    country: country ?? '',
    state: state ?? '',
    locality: locality ?? '',
    organization: organization ?? '',
    unit: unit ?? '',
  });
}

export function checkDaysValid(days: number | undefined): void {
  const { least, most } = daysValidRange;
  if (days !== undefined && !(Number.isInteger(days) && days >= least && days <= most)) {
    throw new CertificateError('bad-value', `days-valid: expected a number from ${least} to ${most}, found ${days}`);
  }
}

/** In RouterOS' order; `all` takes the others in. */
export function sortTrustStores(stores: readonly TrustStore[]): TrustStore[] {
  return stores.includes('all') ? ['all'] : trustStores.filter((store) => stores.includes(store));
}

function textOf(given: string | undefined, before: string | undefined): string | undefined {
  return given === undefined ? before : given === '' ? undefined : given;
}

function altNameTexts(texts: readonly string[]): readonly string[] | undefined {
  const names = texts.flatMap((text) => parseAltNames(text)).map((name) => formatAltNames([name]));
  return names.length === 0 ? undefined : names;
}

function isAltName(text: string): boolean {
  try {
    return parseAltNames(text).length === 1;
  } catch {
    return false;
  }
}

function changedTrust(before: StoredProperties, given: GivenProperties): Pick<StoredProperties, 'trusted' | 'trustStore'> {
  return {
    trusted: given.trusted ?? before.trusted,
    trustStore: given.trustStore === undefined ? before.trustStore : sortTrustStores(given.trustStore),
  };
}

function checkSettable(properties: readonly string[]): void {
  const fixed = properties.find((property) => property !== 'name' && property !== 'trusted' && property !== 'trustStore');
  if (fixed === undefined) return;
  throw new CertificateError('not-settable', `${labels.get(fixed) ?? fixed} can not be changed in a signed certificate`);
}

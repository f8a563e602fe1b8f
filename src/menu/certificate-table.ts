import type { CertificateItem } from '../certificates/item.ts';
import type { Instant } from '../platform/clock.ts';
import type { Extent, FlagLook, Property, Table } from './listing.ts';
import { arrayOf, type Value } from './value.ts';

/** Most certificates have no alternative names: of a list of many, one array for all of them. */
const nothing = arrayOf([]);

/** `/certificate` as it is printed. */
export function certificateTable(
  items: (extent: Extent) => Iterable<CertificateItem>,
  formatTime: (instant: Instant) => string,
): Table<CertificateItem> {
  const date = (instant: Instant | undefined): Value | undefined => (instant === undefined ? undefined : formatTime(instant));
  const list = (words: readonly string[] | undefined): Value | undefined =>
    words === undefined ? undefined : words.length === 0 ? nothing : arrayOf(words);
  const properties: readonly Property<CertificateItem>[] = [
    { name: 'name', style: 'quoted', read: (item) => item.name },
    { name: 'issuer', style: 'bare', read: (item) => item.issuer },
    { name: 'digest-algorithm', style: 'bare', read: (item) => item.digestAlgorithm },
    { name: 'key-type', style: 'bare', read: (item) => item.keyType },
    { name: 'country', style: 'quoted', read: (item) => item.country },
    { name: 'state', style: 'quoted', read: (item) => item.state },
    { name: 'locality', style: 'quoted', read: (item) => item.locality },
    { name: 'organization', style: 'quoted', read: (item) => item.organization },
    { name: 'unit', style: 'quoted', read: (item) => item.unit },
    { name: 'common-name', style: 'quoted', read: (item) => item.commonName },
    { name: 'key-size', style: 'bare', read: (item) => item.keySize },
    { name: 'subject-alt-name', style: 'bare', read: (item) => list(item.subjectAltNames) },
    { name: 'days-valid', style: 'bare', read: (item) => item.daysValid },
    { name: 'trusted', style: 'bare', read: (item) => item.trusted },
    { name: 'trust-store', style: 'bare', read: (item) => list(item.trustStore) },
    { name: 'key-usage', style: 'bare', read: (item) => list(item.keyUsage) },
    { name: 'ca', style: 'bare', read: (item) => item.ca },
    { name: 'ca-crl-host', style: 'quoted', read: (item) => item.caCrlHost },
    { name: 'serial-number', style: 'quoted', read: (item) => item.serialNumber },
    { name: 'fingerprint', style: 'quoted', read: (item) => item.fingerprint },
    { name: 'akid', style: 'bare', read: (item) => item.akid },
    { name: 'skid', style: 'bare', read: (item) => item.skid },
    { name: 'invalid-before', style: 'bare', read: (item) => date(item.invalidBefore) },
    { name: 'invalid-after', style: 'bare', read: (item) => date(item.invalidAfter) },
    {
      name: 'expires-after',
      style: 'bare',
      read: (item) => (item.expiresAfter === undefined ? undefined : { type: 'time', milliseconds: item.expiresAfter * 1000 }),
    },
    { name: 'revoked', style: 'bare', read: (item) => date(item.revoked) },
    // What only certificates of SCEP and ACME have, which nothing here is yet: scripts ask for those that are not (`find where !scep-url`).
    ...['scep-url', 'status', 'ca-fingerprint', 'req-fingerprint', 'domain-names', 'directory-url', 'acme-status'].map(
      (name): Property<CertificateItem> => ({ name, style: 'bare', read: () => undefined }),
    ),
  ];
  return {
    path: '/certificate',
    properties,
    flags,
    flagsOf: (item) => item.flags,
    brief: ['name', 'common-name', 'subject-alt-name', 'fingerprint'],
    id: (item) => item.id,
    items,
  };
}

/** RouterOS' flags in its order. C, a and D belong to smart cards and ACME, which are not here yet: no item has them. */
const flags: readonly FlagLook[] = [
  { letter: 'K', name: 'private-key' },
  { letter: 'L', name: 'crl' },
  { letter: 'C', name: 'smart-card-key' },
  { letter: 'A', name: 'authority' },
  { letter: 'I', name: 'issued', joined: true },
  { letter: 'R', name: 'revoked' },
  { letter: 'E', name: 'expired' },
  { letter: 'T', name: 'trusted' },
  { letter: 'a', name: 'acme-managed' },
  { letter: 'D', name: 'dynamic' },
];

import { hex } from '../bytes/hex.ts';
import { oids } from '../der/oids.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';
import { isStringTag } from '../der/strings.ts';
import { oid, printableString, sequence, sequenceOf, set, utf8String } from '../der/writer.ts';
import { X509Error } from './errors.ts';
import { visibleText } from './visible-text.ts';

/** Longest name read, in bytes. */
const nameLimit = 1 << 14;

/** An attribute of a name, kept byte for byte. */
export interface AttributeTypeAndValue {
  /** Dotted OID. */
  readonly type: string;
  /** Text of the value; `#` and the hexadecimal DER (RFC 4514 2.4) if it is of no string type. */
  readonly value: string;
  /** The value as found, with its identifier and length. */
  readonly der: Uint8Array;
}

/** RelativeDistinguishedName: nearly always of one attribute. */
export type Rdn = readonly AttributeTypeAndValue[];

/** A distinguished name, in the order of its encoding: the country first as a rule. */
export type Name = readonly Rdn[];

/** The parts of a subject that RouterOS knows. */
export interface SubjectFields {
  readonly country?: string;
  readonly state?: string;
  readonly locality?: string;
  readonly organization?: string;
  readonly unit?: string;
  readonly commonName?: string;
}

/** The fields in the order they are encoded, with their upper bounds in characters (RFC 5280 appendix A.1). */
const fields = [
  { field: 'country', type: oids.countryName, longest: 2 },
  { field: 'state', type: oids.stateOrProvinceName, longest: 128 },
  { field: 'locality', type: oids.localityName, longest: 128 },
  { field: 'organization', type: oids.organizationName, longest: 64 },
  { field: 'unit', type: oids.organizationalUnitName, longest: 64 },
  { field: 'commonName', type: oids.commonName, longest: 64 },
] as const;

/** The name of the fields that are given and not empty. Throws `X509Error` naming the field that can't be part of a name. */
export function nameOf(subject: SubjectFields): Name {
  return fields.flatMap(({ field, type, longest }) => {
    const value = subject[field] ?? '';
    if (value === '') return [];
    const label = field === 'commonName' ? 'common-name' : field;
    if (type === oids.countryName && !/^[A-Za-z]{2}$/.test(value)) {
      throw new X509Error('name', `${label}: expected the two letters of a country (ISO 3166), found "${visibleText(value)}"`);
    }
    const length = [...value].length;
    if (length > longest) throw new X509Error('name', `${label}: expected at most ${longest} characters, found ${length}`);
    if (/\p{Cc}/u.test(value)) throw new X509Error('name', `${label}: expected no control characters`);
    return [[attribute(type, value)]];
  });
}

// X520countryName ::= PrintableString; the others are DirectoryString, and new ones of those UTF8String (RFC 5280 4.1.2.4)
/** An attribute of a type that is a DirectoryString, or the country. */
export function attribute(type: string, value: string): AttributeTypeAndValue {
  return { type, value, der: type === oids.countryName ? printableString(value) : utf8String(value) };
}

// Name ::= CHOICE { rdnSequence  SEQUENCE OF RelativeDistinguishedName }
// RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
// AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY -- DEFINED BY type }
/** The sets are written in the order given, so that what was decoded is encoded to the same bytes. */
export function encodeName(name: Name): Uint8Array {
  return sequenceOf(name.map((rdn) => set(...rdn.map(({ type, der }) => sequence(oid(type), der)))));
}

/** Reads the DER of a name of at most 16 KiB. */
export function decodeName(der: Uint8Array): Name {
  return decodeDer('name', der, nameLimit, (r) => readName(r));
}

/** Reads a name; attributes of any type and values of any type are kept. */
export function readName(r: DerReader): Name {
  return r.sequenceOf((rdns) => readRdn(rdns));
}

/** Reads one RelativeDistinguishedName. */
export function readRdn(r: DerReader): Rdn {
  const rdn = r.setOf((attributes) =>
    attributes.sequence((a) => {
      const type = a.field('type').oid();
      const { der, value } = a.field(attributeNames.get(type) ?? type).withDer((v) => readValue(v));
      return { type, value, der };
    }),
  );
  if (rdn.length === 0) throw new X509Error('name', 'name: expected at least one attribute in each RelativeDistinguishedName');
  return rdn;
}

function readValue(r: DerReader): string {
  const tag = r.peekTag();
  return tag !== undefined && isStringTag(tag) ? r.string() : `#${hex(r.any())}`;
}

const attributeNames = new Map<string, string>([
  [oids.commonName, 'CN'],
  [oids.countryName, 'C'],
  [oids.stateOrProvinceName, 'ST'],
  [oids.localityName, 'L'],
  [oids.organizationName, 'O'],
  [oids.organizationalUnitName, 'OU'],
  [oids.domainComponent, 'DC'],
  [oids.userId, 'UID'],
  [oids.streetAddress, 'street'],
  [oids.surname, 'SN'],
  [oids.givenName, 'GN'],
  [oids.initials, 'initials'],
  [oids.generationQualifier, 'generationQualifier'],
  [oids.pseudonym, 'pseudonym'],
  [oids.serialNumber, 'serialNumber'],
  [oids.title, 'title'],
  [oids.description, 'description'],
  [oids.businessCategory, 'businessCategory'],
  [oids.postalCode, 'postalCode'],
  [oids.dnQualifier, 'dnQualifier'],
  [oids.organizationIdentifier, 'organizationIdentifier'],
  [oids.emailAddress, 'emailAddress'],
  [oids.unstructuredName, 'unstructuredName'],
  [oids.unstructuredAddress, 'unstructuredAddress'],
  [oids.jurisdictionLocality, 'jurisdictionL'],
  [oids.jurisdictionState, 'jurisdictionST'],
  [oids.jurisdictionCountry, 'jurisdictionC'],
]);

/** RouterOS' text of a name, `C=US,O=Example,CN=router`: in the order of the encoding, without quoting but for `visibleText`. */
export function formatName(name: Name): string {
  const attributeText = ({ type, value }: AttributeTypeAndValue): string => `${attributeNames.get(type) ?? type}=${visibleText(value)}`;
  return name.map((rdn) => rdn.map((a) => attributeText(a)).join('+')).join(',');
}

/** The fields that RouterOS shows: the first attribute of each type. */
export function subjectFields(name: Name): SubjectFields {
  const attributes = name.flat();
  const found: { -readonly [field in keyof SubjectFields]: string } = {};
  for (const { field, type } of fields) {
    const first = attributes.find((a) => a.type === type);
    if (first !== undefined) found[field] = first.value;
  }
  return found;
}

/** A text that two names share exactly when they are equal by `equalNames`: what to look names up by. */
export function nameKey(name: Name): string {
  // The lengths keep values apart that have the separators in them.
  return name
    .map((rdn) => rdn.map((attribute) => comparable(attribute)).sort())
    .map((rdn) => rdn.map((text) => `${text.length}:${text}`).join('+'))
    .join(',');
}

/** Whether two names are the same by RFC 5280 7.1: letter case, surplus white space and the string type don't count. */
export function equalNames(a: Name, b: Name): boolean {
  return a.length === b.length && a.every((rdn, i) => equalRdns(rdn, b[i] ?? []));
}

/** The attributes of an RDN are a set: sorted, so that a name made to be slow is not. */
function equalRdns(a: Rdn, b: Rdn): boolean {
  const others = b.map((attribute) => comparable(attribute)).sort();
  return (
    a.length === b.length &&
    a
      .map((attribute) => comparable(attribute))
      .sort()
      .every((one, i) => one === others[i])
  );
}

function comparable({ type, value, der }: AttributeTypeAndValue): string {
  return isStringTag(der[0] ?? 0) ? `${type}=${prepared(value)}` : `${type}#${hex(der)}`;
}

/** The string preparation of RFC 4518 2, in the measure that RFC 5280 7.1 asks for. */
function prepared(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ');
}

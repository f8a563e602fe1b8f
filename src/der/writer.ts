import { concat } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import type { Instant } from '../platform/clock.ts';
import { DerError } from './errors.ts';
import { encodeOid } from './object-identifier.ts';
import { constructed, contextTag, tagName, tags } from './tags.ts';
import { encodeGeneralizedTime, encodeTime } from './time.ts';

/** A value of identifier octet `tag` whose content octets are the parts one after another. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([header(tag, length), ...parts]);
}

/** Identifier and length octets of a value of `length` content octets. */
export function header(tag: number, length: number): Uint8Array {
  return Uint8Array.from([tag, ...lengthOctets(length)]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** A SEQUENCE of the DER of its fields. */
export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return tagged(tags.sequence, ...parts);
}

/** A SEQUENCE OF; of any number of elements, where `sequence(...parts)` can take some ten thousand. */
export function sequenceOf(elements: readonly Uint8Array[]): Uint8Array {
  return tagged(tags.sequence, concat(elements));
}

/** A SET; the parts are in the order of their tags (X.690 10.3). */
export function set(...parts: readonly Uint8Array[]): Uint8Array {
  return tagged(tags.set, ...parts);
}

/** A SET OF, sorted (X.690 11.6). */
export function setOf(elements: readonly Uint8Array[]): Uint8Array {
  return tagged(tags.set, concat([...elements].sort(compareOctets)));
}

function compareOctets(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((octet, i) => octet !== b[i]);
  return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0);
}

/** A number that is a safe integer, or the octets of a two's complement integer, as `DerReader.integer` gives; surplus leading octets are dropped. */
export function integer(value: Uint8Array | number): Uint8Array {
  return tagged(tags.integer, typeof value === 'number' ? octetsOf(value) : minimal(value));
}

/** An INTEGER that is not negative, from its magnitude: big-endian, leading zeros allowed. */
export function unsignedInteger(magnitude: Uint8Array): Uint8Array {
  return integer(concat([Uint8Array.of(0), magnitude]));
}

/** An ENUMERATED of a safe integer. */
export function enumerated(value: number): Uint8Array {
  return tagged(tags.enumerated, octetsOf(value));
}

function octetsOf(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new DerError('value', `${value} is not a safe integer`);
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigInt64(0, BigInt(value));
  return minimal(octets);
}

function minimal(octets: Uint8Array): Uint8Array {
  if (octets.length === 0) throw new DerError('value', 'an INTEGER has at least one octet');
  const sign = (octets[0] ?? 0) < 0x80 ? 0 : 0xff;
  let start = 0;
  while (start < octets.length - 1 && octets[start] === sign && (((octets[start + 1] ?? 0) ^ sign) & 0x80) === 0) start++;
  return octets.subarray(start);
}

/** A BOOLEAN; one that is DEFAULT is left out by the caller (X.690 11.5). */
export function boolean(value: boolean): Uint8Array {
  return tagged(tags.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** NULL. */
export const nullValue: Uint8Array = Uint8Array.of(tags.null, 0);

/** An OBJECT IDENTIFIER. Throws `DerError` when the text is not a dotted OID. */
export function oid(dotted: string): Uint8Array {
  return tagged(tags.oid, encodeOid(dotted));
}

/** An OCTET STRING. */
export function octetString(bytes: Uint8Array): Uint8Array {
  return tagged(tags.octetString, bytes);
}

/** `bytes` without the last `unusedBits` bits, which must be zero. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return tagged(tags.bitString, Uint8Array.of(unusedBits), bytes);
}

/** A named bit list (X.690 11.2.2): bit n is set when `bits` has n; trailing zero bits are left away. */
export function namedBits(bits: readonly number[]): Uint8Array {
  const last = Math.max(-1, ...bits);
  const bytes = new Uint8Array(Math.ceil((last + 1) / 8));
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return bitString(bytes, bytes.length * 8 - (last + 1));
}

/** A UTF8String; lone surrogates become U+FFFD. */
export function utf8String(text: string): Uint8Array {
  return tagged(tags.utf8String, utf8(text));
}

/** Throws `DerError` when a character is not in PrintableString's alphabet (X.680 41.4). */
export function printableString(text: string): Uint8Array {
  if (!isPrintable(text)) throw new DerError('value', `"${text}" has a character that PrintableString lacks`);
  return tagged(tags.printableString, utf8(text));
}

/** Whether PrintableString can hold the text: A-Z a-z 0-9 space ' ( ) + , - . / : = ? */
export function isPrintable(text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
}

/** Throws `DerError` when a character is not ASCII. */
export function ia5String(text: string): Uint8Array {
  const bytes = utf8(text);
  if (bytes.some((octet) => octet >= 0x80)) throw new DerError('value', `"${text}" has a character that ${tagName(tags.ia5String)} lacks`);
  return tagged(tags.ia5String, bytes);
}

/** UTF-16BE without surrogates' pairing checked: PKCS#12's friendlyName. */
export function bmpString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i));
  return tagged(tags.bmpString, bytes);
}

/** Time: UTCTime for 1950 to 2049, else GeneralizedTime (RFC 5280 4.1.2.5). */
export function time(instant: Instant): Uint8Array {
  const { type, text } = encodeTime(instant);
  return tagged(type === 'utc' ? tags.utcTime : tags.generalizedTime, utf8(text));
}

/** GeneralizedTime in whole seconds, whatever the year. */
export function generalizedTime(instant: Instant): Uint8Array {
  return tagged(tags.generalizedTime, utf8(encodeGeneralizedTime(instant)));
}

/** `[number] EXPLICIT` around the DER of the parts. */
export function explicit(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return tagged(contextTag(number, 'constructed'), ...parts);
}

/** `[number] IMPLICIT`: `der` with its identifier octet replaced. */
export function implicit(number: number, der: Uint8Array): Uint8Array {
  const octets = der.slice();
  octets[0] = contextTag(number, ((der[0] ?? 0) & constructed) === 0 ? 'primitive' : 'constructed');
  return octets;
}

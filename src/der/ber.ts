import { concat } from '../bytes/bytes.ts';
import { DerError } from './errors.ts';
import type { DerReader } from './reader.ts';
import { constructed, contextTag, tagName, tags } from './tags.ts';
import { tagged } from './writer.ts';

/** How deep BER may be nested: a PKCS#12 file of NSS, with its strings in pieces, takes 16. */
const deepest = 32;

/** Default limit of a document, in bytes. */
const largest = 1 << 20;

/**
 * How many values a document may have, those inside primitive strings not counted. A PKCS#12 file of 1,000 certificates has half as many;
 * a megabyte of empty ones would take hundreds of megabytes of memory.
 */
const mostValues = 1 << 15;

/** String types that BER lets a writer send in pieces (X.690 8.7, 8.6); the others are not met in the wild. */
const piecewise = new Set<number>([tags.octetString, tags.bitString]);

/** Where the next value starts. */
interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  /** How many values were begun. */
  values: number;
}

interface Header {
  readonly tag: number;
  /** Undefined for the indefinite form. */
  readonly length: number | undefined;
}

/**
 * Rewrites one BER value as DER, as far as the files of NSS, Java and Windows need it: indefinite and long lengths become
 * definite and minimal, strings in pieces are put together. Types that are primitive are copied; sets keep their order.
 * Throws `DerError` when it is not one whole value within the limits.
 */
export function berToDer(ber: Uint8Array, limit = largest): Uint8Array {
  if (ber.length > limit) throw new DerError('size', `BER: expected at most ${limit} bytes, found ${ber.length}`);
  const cursor: Cursor = { bytes: ber, at: 0, values: 0 };
  const der = readValue(cursor, ber.length, 0);
  if (cursor.at !== ber.length) throw new DerError('trailing', `BER: ${ber.length - cursor.at} bytes are left over`);
  return der;
}

/**
 * `[number] IMPLICIT OCTET STRING` in what `berToDer` wrote: by its tag alone such a string in pieces can't be told from
 * an EXPLICIT one, so that its pieces are still apart.
 */
export function readImplicitOctets(r: DerReader, number: number): Uint8Array {
  if (r.peekTag() === contextTag(number, 'primitive')) return r.implicit(number, (v) => v.octetString());
  return concat(
    r.explicit(number, (pieces) => {
      const found: Uint8Array[] = [];
      while (!pieces.atEnd) found.push(pieces.octetString());
      return found;
    }),
  );
}

function readValue(cursor: Cursor, end: number, depth: number): Uint8Array {
  if (depth > deepest) throw new DerError('depth', `BER: expected at most ${deepest} levels`);
  cursor.values++;
  if (cursor.values > mostValues) throw new DerError('size', `BER: expected at most ${mostValues} values`);
  const { tag, length } = readHeader(cursor, end);
  if ((tag & constructed) === 0) {
    if (length === undefined) throw new DerError('length', `BER ${tagName(tag)}: expected a definite length in a primitive value`);
    return tagged(tag, take(cursor, length));
  }
  const elements = readElements(cursor, length === undefined ? undefined : cursor.at + length, end, depth + 1);
  const primitive = tag & ~constructed;
  return piecewise.has(primitive) ? joined(primitive, elements) : tagged(tag, concat(elements));
}

/** The elements of a constructed value up to `stop`, or up to the end-of-contents octets where the length is indefinite. */
function readElements(cursor: Cursor, stop: number | undefined, end: number, depth: number): Uint8Array[] {
  const elements: Uint8Array[] = [];
  while (cursor.at !== stop) {
    if (stop === undefined && cursor.bytes[cursor.at] === 0 && cursor.bytes[cursor.at + 1] === 0 && cursor.at + 2 <= end) {
      cursor.at += 2;
      return elements;
    }
    elements.push(readValue(cursor, stop ?? end, depth));
  }
  return elements;
}

/** The pieces, which are DER by now, as one string. */
function joined(tag: number, pieces: readonly Uint8Array[]): Uint8Array {
  const contents = pieces.map((piece) => {
    if (piece[0] !== tag) throw new DerError('tag', `BER ${tagName(tag)}: expected pieces of its own type`);
    return piece.subarray(2 + ((piece[1] ?? 0) < 0x80 ? 0 : (piece[1] ?? 0) & 0x7f));
  });
  if (tag === tags.octetString) return tagged(tag, concat(contents));
  const last = contents.at(-1);
  if (last === undefined || contents.some((content) => content.length === 0 || (content !== last && content[0] !== 0))) {
    throw new DerError('form', 'BER BIT STRING: expected pieces of whole octets but for the last');
  }
  return tagged(tag, last.subarray(0, 1), concat(contents.map((content) => content.subarray(1))));
}

function readHeader(cursor: Cursor, end: number): Header {
  const [tag, first] = take(cursor, 2, end);
  if (tag === undefined || first === undefined || tag === 0 || (tag & 0x1f) === 0x1f) {
    throw new DerError('tag', `BER: ${tagName(tag ?? 0)} is of no type known here`);
  }
  if (first === 0x80) return { tag, length: undefined };
  const length = first < 0x80 ? first : take(cursor, first & 0x7f, end).reduce((sum, octet) => sum * 256 + octet, 0);
  if (length > end - cursor.at) throw new DerError('truncated', `BER ${tagName(tag)}: expected ${length} bytes, found ${end - cursor.at}`);
  return { tag, length };
}

function take(cursor: Cursor, count: number, end = cursor.bytes.length): Uint8Array {
  if (count > end - cursor.at) throw new DerError('truncated', `BER: expected ${count} bytes, found ${end - cursor.at}`);
  cursor.at += count;
  return cursor.bytes.subarray(cursor.at - count, cursor.at);
}

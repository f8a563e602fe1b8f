import { concat } from '../bytes/bytes.ts';
import { DerError } from './errors.ts';
import { constructed, tagName, tags } from './tags.ts';
import { header } from './writer.ts';

const deepest = 32;

/** How many values a document may have, those inside OCTET STRINGs not counted: a PKCS#12 file of a thousand certificates has fewer. */
const mostValues = 100_000;

/** Universal types whose BER may be constructed from pieces (X.690 8.7.3, 8.23.6); BIT STRING, which may too, nobody cuts up. */
const stringTags: ReadonlySet<number> = new Set([
  tags.octetString,
  tags.utf8String,
  tags.numericString,
  tags.printableString,
  tags.t61String,
  tags.ia5String,
  tags.visibleString,
  tags.universalString,
  tags.bmpString,
]);

/** A value taken apart: its contents as views of the input and new headers, joined once at the end, so that no secret is copied on the way. */
interface Value {
  readonly tag: number;
  readonly contents: readonly Uint8Array[];
  /** Where it ends in the input. */
  readonly end: number;
}

/**
 * The one BER (X.690 8) value of a document, with definite and shortest lengths and whole strings, as `DerReader` wants them:
 * for PKCS#12 files, which NSS and old Java write in BER. The order of sets, the values of booleans and integers and the
 * contents of OCTET STRINGs are left as they are, and so is the form of a context tag, whose type is not to be seen. Throws `DerError`.
 */
export function derOfBer(ber: Uint8Array, limit: number): Uint8Array {
  if (ber.length > limit) throw new DerError('size', `BER: expected at most ${limit} bytes, found ${ber.length}`);
  const value = valueAt(ber, 0, 0, { left: mostValues });
  if (value.end !== ber.length) throw new DerError('trailing', `BER: ${ber.length - value.end} bytes are left over`);
  return concat(encoded(value));
}

function encoded({ tag, contents }: Value): Uint8Array[] {
  return [
    header(
      tag,
      contents.reduce((sum, part) => sum + part.length, 0),
    ),
    ...contents,
  ];
}

function valueAt(ber: Uint8Array, start: number, depth: number, values: { left: number }): Value {
  if (values.left-- === 0) throw new DerError('size', `BER: expected at most ${mostValues} values`);
  const { tag, contents, end } = headerAt(ber, start);
  if ((tag & constructed) === 0) {
    if (end === undefined) throw new DerError('length', 'BER: a primitive value needs a definite length');
    return { tag, contents: [ber.subarray(contents, end)], end };
  }
  if (depth === deepest) throw new DerError('depth', `BER: expected at most ${deepest} levels`);
  const inner = ber.subarray(0, end);
  const children: Value[] = [];
  let at = contents;
  while (end === undefined ? !isEndOfContents(inner, at) : at < end) {
    const child = valueAt(inner, at, depth + 1, values);
    children.push(child);
    at = child.end;
  }
  const type = tag & ~constructed;
  const parts = stringTags.has(type) ? children.map((child) => segment(child, type)) : children.map((child) => encoded(child));
  return { tag: stringTags.has(type) ? type : tag, contents: parts.flat(), end: end ?? at + 2 };
}

/** Segments of an OCTET STRING are OCTET STRINGs; those of a character string are too (X.690 8.23.6), or have its own type. */
function segment({ tag, contents }: Value, type: number): readonly Uint8Array[] {
  if (tag === type || tag === tags.octetString) return contents;
  throw new DerError('tag', `BER: expected a segment of ${tagName(type)}, found ${tagName(tag)}`);
}

function isEndOfContents(ber: Uint8Array, at: number): boolean {
  return ber[at] === 0 && ber[at + 1] === 0;
}

/** Where the contents start and, for a definite length, end. */
function headerAt(ber: Uint8Array, start: number): { readonly tag: number; readonly contents: number; readonly end: number | undefined } {
  const [tag, first] = ber.subarray(start, start + 2);
  if (tag === undefined || first === undefined) throw new DerError('truncated', 'BER: expected a value, found the end');
  if (tag === 0 || (tag & 0x1f) === 0x1f) throw new DerError('tag', `BER: ${tagName(tag)} is of no type known here`);
  if (first === 0x80) return { tag, contents: start + 2, end: undefined };
  const count = first < 0x80 ? 0 : first & 0x7f;
  const contents = start + 2 + count;
  const octets = ber.subarray(start + 2, contents);
  const length = first < 0x80 ? first : octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (octets.length < count || contents + length > ber.length) throw new DerError('truncated', `BER: ${tagName(tag)} is cut off`);
  return { tag, contents, end: contents + length };
}

import { fromUtf8 } from '../bytes/utf8.ts';
import { DerError } from './errors.ts';
import { tagName, tags } from './tags.ts';

type StringDecoder = (content: Uint8Array) => string | undefined;

/**
 * The string types of a certificate. T61String is read as ISO 8859-1, as everyone writes and reads it. The alphabets of
 * PrintableString and NumericString are not enforced beyond ASCII: CAs have put "@", "_" and "*" there for decades.
 */
const decoders = new Map<number, StringDecoder>([
  [tags.utf8String, fromUtf8],
  [tags.numericString, ascii],
  [tags.printableString, ascii],
  [tags.t61String, latin1],
  [tags.ia5String, ascii],
  [tags.visibleString, ascii],
  [tags.universalString, ucs4],
  [tags.bmpString, ucs2],
]);

/** Whether an identifier octet is of a type that `decodeString` reads. */
export function isStringTag(tag: number): boolean {
  return decoders.has(tag);
}

/** Text of a string type's content octets. */
export function decodeString(tag: number, content: Uint8Array): string {
  const text = decoders.get(tag)?.(content);
  if (text === undefined) throw new DerError('value', `the octets are not text of a ${tagName(tag)}`);
  return text;
}

function ascii(content: Uint8Array): string | undefined {
  return content.every((octet) => octet < 0x80) ? latin1(content) : undefined;
}

function latin1(content: Uint8Array): string {
  let text = '';
  for (const octet of content) text += String.fromCharCode(octet);
  return text;
}

function ucs2(content: Uint8Array): string | undefined {
  if (content.length % 2 !== 0) return undefined;
  let text = '';
  for (let i = 0; i < content.length; i += 2) text += String.fromCharCode(((content[i] ?? 0) << 8) | (content[i + 1] ?? 0));
  return isWellFormed(text) ? text : undefined;
}

function ucs4(content: Uint8Array): string | undefined {
  if (content.length % 4 !== 0) return undefined;
  let text = '';
  for (let i = 0; i < content.length; i += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = content.subarray(i, i + 4);
    const point = a * 0x1000000 + ((b << 16) | (c << 8) | d);
    if (point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
  }
  return isWellFormed(text) ? text : undefined;
}

/** `String.prototype.isWellFormed` is of ES2024. */
function isWellFormed(text: string): boolean {
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) return false;
  }
  return true;
}

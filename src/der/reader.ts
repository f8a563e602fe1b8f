import type { Instant } from '../platform/clock.ts';
import { DerError, type DerErrorCode } from './errors.ts';
import { decodeOid } from './object-identifier.ts';
import { decodeString, isStringTag } from './strings.ts';
import { constructed, contextTag, tagName, tags } from './tags.ts';
import { decodeGeneralizedTime, decodeUtcTime } from './time.ts';

/** How deep constructed values may be nested; a certificate with directory names in its name constraints needs 12. */
const deepest = 32;

/** Default limit of a document, in bytes. */
const largest = 1 << 20;

/** `bytes` without the last `unusedBits` bits, which are zero (X.690 11.2.1). */
export interface BitString {
  readonly bytes: Uint8Array;
  readonly unusedBits: number;
}

/**
 * A cursor over the DER of a document or over the contents of one constructed value. Each method takes the next value
 * off the front and throws `DerError` when it is not there in the one form that DER allows: definite and minimal
 * lengths, low tag numbers, minimal integers. Bytes returned are views of the document, not copies.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #document: string;
  readonly #parent: DerReader | undefined;
  readonly #depth: number;
  #at = 0;
  #field = '';
  #nextField = '';
  #implicit: number | undefined;

  private constructor(bytes: Uint8Array, document: string, parent: DerReader | undefined, depth: number) {
    this.#bytes = bytes;
    this.#document = document;
    this.#parent = parent;
    this.#depth = depth;
  }

  /** A reader of a whole document of at most `limit` bytes, called `document` in errors. */
  static of(der: Uint8Array, limit = largest, document = 'DER'): DerReader {
    if (der.length > limit) throw new DerError('size', `${document}: expected at most ${limit} bytes, found ${der.length}`);
    return new DerReader(der, document, undefined, 0);
  }

  /** Names what is read next, for the messages of errors: `r.field('serialNumber').integer()`. */
  field(name: string): this {
    this.#nextField = name;
    return this;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Identifier octet of the next value, undefined at the end. */
  peekTag(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** Throws unless everything was read. */
  end(): void {
    this.#enter();
    if (!this.atEnd) throw this.#error('trailing', `${this.#bytes.length - this.#at} bytes are left over`);
  }

  /** The whole next value with its identifier and length, of whatever type; its contents are not looked at. */
  any(): Uint8Array {
    return this.withDer((r) => r.#content()).der;
  }

  /** What `read` reads, and the bytes it came from. */
  withDer<T>(read: (r: DerReader) => T): { readonly value: T; readonly der: Uint8Array } {
    const start = this.#at;
    const value = read(this);
    return { value, der: this.#bytes.subarray(start, this.#at) };
  }

  sequence<T>(read: (r: DerReader) => T): T {
    return this.#inside(tags.sequence, read);
  }

  sequenceOf<T>(read: (r: DerReader) => T): T[] {
    return this.#inside(tags.sequence, (r) => r.#each(read));
  }

  set<T>(read: (r: DerReader) => T): T {
    return this.#inside(tags.set, read);
  }

  /** Elements in the order found, which need not be DER's: CAs have sorted the attributes of an RDN in their own ways. */
  setOf<T>(read: (r: DerReader) => T): T[] {
    return this.#inside(tags.set, (r) => r.#each(read));
  }

  /** What `read` reads if the next identifier octet is `tag`, else undefined. */
  optional<T>(tag: number, read: (r: DerReader) => T): T | undefined {
    if (this.peekTag() === tag) return read(this);
    this.#nextField = '';
    return undefined;
  }

  /** `[number] EXPLICIT`. */
  explicit<T>(number: number, read: (r: DerReader) => T): T {
    return this.#inside(contextTag(number, 'constructed'), read);
  }

  /** `[number] EXPLICIT … OPTIONAL`. */
  optionalExplicit<T>(number: number, read: (r: DerReader) => T): T | undefined {
    return this.optional(contextTag(number, 'constructed'), () => this.explicit(number, read));
  }

  /** `[number] IMPLICIT`: `read` reads one value as if it had its own tag; a string needs its tag named. */
  implicit<T>(number: number, read: (r: DerReader) => T): T {
    this.#implicit = number;
    return read(this);
  }

  /** `[number] IMPLICIT … OPTIONAL`. */
  optionalImplicit<T>(number: number, read: (r: DerReader) => T): T | undefined {
    const tag = this.peekTag();
    return tag === undefined ? undefined : this.optional(contextTag(number, formOf(tag)), () => this.implicit(number, read));
  }

  boolean(): boolean {
    const content = this.#content(tags.boolean);
    const [octet] = content;
    if (content.length !== 1 || (octet !== 0 && octet !== 0xff)) throw this.#error('form', 'expected a BOOLEAN of one octet, 00 or FF');
    return octet === 0xff;
  }

  /** `BOOLEAN DEFAULT FALSE`. A FALSE written out against X.690 11.5 is accepted: some CAs do it. */
  booleanDefaultFalse(): boolean {
    return this.optional(tags.boolean, (r) => r.boolean()) ?? false;
  }

  /** Content octets of an INTEGER: big-endian two's complement, minimal. */
  integer(): Uint8Array {
    return this.#integer(tags.integer);
  }

  /** An INTEGER from 0 to `most`. */
  smallInteger(most: number): number {
    return this.#smallInteger(tags.integer, most);
  }

  /** An ENUMERATED from 0 to `most`. */
  enumerated(most: number): number {
    return this.#smallInteger(tags.enumerated, most);
  }

  bitString(): BitString {
    const content = this.#content(tags.bitString);
    const unusedBits = content[0] ?? 8;
    const bytes = content.subarray(1);
    if (unusedBits > 7 || (bytes.length === 0 && unusedBits > 0) || ((bytes.at(-1) ?? 0) & ((1 << unusedBits) - 1)) !== 0) {
      throw this.#error('form', 'expected a BIT STRING whose unused bits, seven at most, are zero');
    }
    return { bytes, unusedBits };
  }

  /** A BIT STRING of whole octets, as keys and signatures are. */
  bitStringOctets(): Uint8Array {
    const { bytes, unusedBits } = this.bitString();
    if (unusedBits !== 0) throw this.#error('form', 'expected a BIT STRING of whole octets');
    return bytes;
  }

  octetString(): Uint8Array {
    return this.#content(tags.octetString);
  }

  oid(): string {
    return this.#decoded(tags.oid, decodeOid);
  }

  null(): void {
    if (this.#content(tags.null).length > 0) throw this.#error('form', 'expected a NULL without contents');
  }

  /** Text of any ASN.1 string type, or of the one given. */
  string(tag = this.peekTag() ?? tags.utf8String): string {
    if (isStringTag(tag)) return this.#decoded(tag, (content) => decodeString(tag, content));
    this.#enter();
    throw this.#error('tag', `expected a string, found ${tagName(tag)}`);
  }

  /** UTCTime or GeneralizedTime. */
  time(): Instant {
    if (this.peekTag() !== tags.utcTime) return this.generalizedTime();
    return this.#decoded(tags.utcTime, (content) => decodeUtcTime(decodeString(tags.visibleString, content)));
  }

  generalizedTime(): Instant {
    return this.#decoded(tags.generalizedTime, (content) => decodeGeneralizedTime(decodeString(tags.visibleString, content)));
  }

  #enter(): void {
    this.#field = this.#nextField;
    this.#nextField = '';
  }

  #error(code: DerErrorCode, message: string): DerError {
    return new DerError(code, `${this.#path()}: ${message}`);
  }

  #path(): string {
    const outer = this.#parent === undefined ? this.#document : this.#parent.#path();
    return this.#field === '' ? outer : `${outer} ${this.#field}`;
  }

  /** Content octets of the next value, whose identifier octet must be `expected` (IMPLICIT tagging heeded) if given. */
  #content(expected?: number): Uint8Array {
    this.#enter();
    const wanted = expected === undefined || this.#implicit === undefined ? expected : contextTag(this.#implicit, formOf(expected));
    this.#implicit = undefined;
    const tag = this.peekTag();
    if (tag === undefined) throw this.#error('truncated', `expected ${wanted === undefined ? 'a value' : tagName(wanted)}, found the end`);
    if (wanted !== undefined && tag !== wanted) throw this.#error('tag', `expected ${tagName(wanted)}, found ${tagName(tag)}`);
    if (tag === 0 || (tag & 0x1f) === 0x1f) throw this.#error('tag', `${tagName(tag)} is of no type known here`);
    const { length, start } = this.#length();
    const end = start + length;
    if (end > this.#bytes.length) throw this.#error('truncated', `expected ${length} bytes, found ${this.#bytes.length - start}`);
    this.#at = end;
    return this.#bytes.subarray(start, end);
  }

  #length(): { readonly length: number; readonly start: number } {
    const first = this.#bytes[this.#at + 1];
    const start = this.#at + 2;
    if (first === undefined) throw this.#error('truncated', 'the length is missing');
    if (first < 0x80) return { length: first, start };
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw this.#error('length', 'expected a definite length of at most four octets');
    let length = 0;
    for (let i = 0; i < count; i++) {
      const octet = this.#bytes[start + i];
      if (octet === undefined) throw this.#error('truncated', 'the length is cut off');
      length = length * 256 + octet;
    }
    if (length < 0x80 || length < 256 ** (count - 1)) throw this.#error('length', 'expected the shortest form of the length');
    return { length, start: start + count };
  }

  #inside<T>(tag: number, read: (r: DerReader) => T): T {
    const content = this.#content(tag);
    if (this.#depth === deepest) throw this.#error('depth', `expected at most ${deepest} levels`);
    const inner = new DerReader(content, this.#document, this, this.#depth + 1);
    const value = read(inner);
    inner.end();
    return value;
  }

  #each<T>(read: (r: DerReader) => T): T[] {
    const values: T[] = [];
    while (!this.atEnd) values.push(read(this));
    return values;
  }

  #integer(tag: number): Uint8Array {
    const content = this.#content(tag);
    const [first, second = 0] = content;
    if (first === undefined) throw this.#error('form', `expected an ${tagName(tag)} of at least one octet`);
    const padded = content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
    if (padded) throw this.#error('form', `expected the shortest form of the ${tagName(tag)}`);
    return content;
  }

  #smallInteger(tag: number, most: number): number {
    const content = this.#integer(tag);
    const negative = (content[0] ?? 0) >= 0x80;
    const value = content.length > 6 ? Number.POSITIVE_INFINITY : content.reduce((sum, octet) => sum * 256 + octet, 0);
    if (negative || value > most) throw this.#error('value', `expected an ${tagName(tag)} from 0 to ${most}`);
    return value;
  }

  #decoded<T>(tag: number, decode: (content: Uint8Array) => T): T {
    const content = this.#content(tag);
    try {
      return decode(content);
    } catch (error) {
      throw error instanceof DerError ? this.#error(error.code, error.message) : error;
    }
  }
}

function formOf(tag: number): 'primitive' | 'constructed' {
  return (tag & constructed) === 0 ? 'primitive' : 'constructed';
}

/** What `read` reads from a whole document: at most `limit` bytes and nothing after it. */
export function decodeDer<T>(document: string, der: Uint8Array, limit: number, read: (r: DerReader) => T): T {
  const reader = DerReader.of(der, limit, document);
  const value = read(reader);
  reader.end();
  return value;
}

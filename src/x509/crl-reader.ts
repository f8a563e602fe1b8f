import { concat } from '../bytes/bytes.ts';
import { DerError } from '../der/errors.ts';
import { decodeDer } from '../der/reader.ts';
import { contextTag, tagName, tags } from '../der/tags.ts';
import { decodeUtcTime } from '../der/time.ts';
import type { Instant } from '../platform/clock.ts';
import { type CrlHead, checkAlgorithms, readCrlHead, readRevoked, withoutExtensions } from './crl.ts';
import { type Extension, readExtensions } from './extensions.ts';
import { readSignature, type Signed } from './signer.ts';

/** An entry as it comes by. */
export interface CrlEntry {
  /** Content octets of the INTEGER; a view that is good until the listener returns. */
  readonly serialNumber: Uint8Array;
  readonly revocationDate: Instant;
  /** Their values are views as well. */
  readonly extensions: readonly Extension[];
}

/** What follows the entries (RFC 5280 5.1). */
export interface CrlTail extends Omit<Signed, 'tbs'> {
  readonly extensions: readonly Extension[];
}

/** Told what a CRL holds, in its order. What it throws ends the reading. */
export interface CrlListener {
  head(head: CrlHead): void;
  entry(entry: CrlEntry): void;
  /** Octets of what is signed, all of them, one after another; a view that is good until it returns. The first come before the head. */
  signed(bytes: Uint8Array): void;
}

/** Longest of the parts that are looked at whole: a name, an entry, the extensions; in bytes. */
const longestPart = 1 << 16;

interface Header {
  readonly tag: number;
  /** Octets of identifier and length. */
  readonly size: number;
  readonly length: number;
}

/**
 * Reads a CRL piece by piece and keeps none of its entries: one with a million of them takes no more memory than one with ten. It accepts what
 * `decodeCrl` accepts. Throws `DerError` or `X509Error`; after that nothing of what it told may be relied on, nor is it before the
 * signature is checked.
 */
export class CrlReader {
  readonly #listener: CrlListener;
  readonly #limit: number;
  readonly #reading: Generator<undefined, CrlTail>;
  /** What came; what is before `#at` was read. */
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Where `#bytes` begins in the document. */
  #base = 0;
  /** The octets that are signed, by their places in the document. */
  #signedFrom = Number.POSITIVE_INFINITY;
  #signedTo = Number.POSITIVE_INFINITY;
  #tail: CrlTail | undefined;

  /** @param limit of the whole document, in bytes */
  constructor(listener: CrlListener, limit: number) {
    this.#listener = listener;
    this.#limit = limit;
    this.#reading = this.#document();
  }

  /** The next bytes of the document. */
  push(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : concat([this.#bytes, bytes]);
    const from = this.#base;
    const step = this.#reading.next();
    if (step.done === true && this.#at < this.#bytes.length) throw new DerError('trailing', 'CRL: bytes are left over');
    if (step.done === true) this.#tail ??= step.value;
    this.#tellSigned(from);
    // A copy: what was given is the caller's again.
    this.#bytes = this.#bytes.slice(this.#at);
    this.#base += this.#at;
    this.#at = 0;
  }

  /** The document is over. */
  end(): CrlTail {
    if (this.#tail === undefined) throw new DerError('truncated', 'CRL: it ends too early');
    return this.#tail;
  }

  get #position(): number {
    return this.#base + this.#at;
  }

  #tellSigned(from: number): void {
    const start = Math.max(from, this.#signedFrom);
    const end = Math.min(this.#position, this.#signedTo);
    if (start < end) this.#listener.signed(this.#bytes.subarray(start - this.#base, end - this.#base));
  }

  // CertificateList ::= SEQUENCE { tbsCertList TBSCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
  /** Yields where it needs more bytes. */
  *#document(): Generator<undefined, CrlTail> {
    const end = yield* this.#enter(this.#limit);
    this.#signedFrom = this.#position;
    const signedTo = yield* this.#enter(end);
    this.#signedTo = signedTo;
    const head = yield* this.#readHead(signedTo);
    this.#listener.head(head);
    let hasExtensions = false;
    if ((yield* this.#tag(signedTo)) === tags.sequence) hasExtensions = yield* this.#readEntries(yield* this.#enter(signedTo));
    let extensions: readonly Extension[] = [];
    if ((yield* this.#tag(signedTo)) === contextTag(0, 'constructed')) {
      const der = (yield* this.#whole(signedTo)).slice();
      extensions = decodeDer('CRL crlExtensions', der, longestPart, (r) => r.explicit(0, (e) => readExtensions(e)));
      hasExtensions = true;
    }
    if (this.#position !== signedTo) throw new DerError('trailing', 'CRL tbsCertList: bytes are left over');
    if (head.version === 1 && hasExtensions) throw withoutExtensions();
    const [algorithm, signature] = [(yield* this.#whole(end)).slice(), yield* this.#whole(end)];
    if (this.#position !== end) throw new DerError('trailing', 'CRL: bytes are left over');
    const signed = decodeDer('CRL', concat([algorithm, signature]), 2 * longestPart, (r) => readSignature(r, new Uint8Array(0)));
    checkAlgorithms(head.algorithm, signed.signatureAlgorithm);
    return { ...signed, extensions };
  }

  /** version, signature, issuer, thisUpdate and nextUpdate: all values up to the entries, the extensions or the end. */
  *#readHead(end: number): Generator<undefined, CrlHead> {
    const parts: Uint8Array[] = [];
    let times = 0;
    for (;;) {
      const tag = yield* this.#tag(end);
      const isTime = tag === tags.utcTime || tag === tags.generalizedTime;
      if (tag === undefined || (times > 0 && !isTime) || times === 2) break;
      if (isTime) times++;
      if (parts.length > 5) break;
      parts.push((yield* this.#whole(end)).slice());
    }
    return decodeDer('CRL tbsCertList', concat(parts), 6 * longestPart, (r) => readCrlHead(r));
  }

  /** True if one of them has extensions. */
  *#readEntries(end: number): Generator<undefined, boolean> {
    let hasExtensions = false;
    while (this.#position < end) {
      const der = yield* this.#whole(end);
      const entry = plainEntry(der) ?? decodeDer('CRL revokedCertificates', der, longestPart, (r) => readRevoked(r));
      if (entry.extensions.length > 0) hasExtensions = true;
      this.#listener.entry(entry);
    }
    return hasExtensions;
  }

  /** Goes into a SEQUENCE that ends at `end` or before. Returns where it ends. */
  *#enter(end: number): Generator<undefined, number> {
    const header = yield* this.#header(end);
    if (header.tag !== tags.sequence) throw new DerError('tag', `CRL: expected SEQUENCE, found ${tagName(header.tag)}`);
    this.#at += header.size;
    return this.#position + header.length;
  }

  /** A value with its identifier and length; a view. */
  *#whole(end: number): Generator<undefined, Uint8Array> {
    const { size, length } = yield* this.#header(end);
    if (length > longestPart) throw new DerError('size', `CRL: expected parts of at most ${longestPart} bytes, found one of ${length}`);
    const all = size + length;
    while (this.#bytes.length - this.#at < all) yield;
    this.#at += all;
    return this.#bytes.subarray(this.#at - all, this.#at);
  }

  /** Identifier octet of what comes next; undefined where nothing does. */
  *#tag(end: number): Generator<undefined, number | undefined> {
    if (this.#position >= end) return undefined;
    while (this.#at === this.#bytes.length) yield;
    return this.#bytes[this.#at];
  }

  /** Identifier and length of a value that ends at `end` or before, in the one form that DER allows. */
  *#header(end: number): Generator<undefined, Header> {
    let header = headerAt(this.#bytes, this.#at);
    while (header === undefined) {
      if (this.#base + this.#bytes.length >= end) throw new DerError('truncated', 'CRL: a value is cut off');
      yield;
      header = headerAt(this.#bytes, this.#at);
    }
    const last = this.#position + header.size + header.length;
    if (last > end) {
      const isTooLong = end === this.#limit;
      throw new DerError(isTooLong ? 'size' : 'truncated', isTooLong ? `CRL: expected at most ${end} bytes` : 'CRL: a value is cut off');
    }
    return header;
  }
}

function headerAt(bytes: Uint8Array, at: number): Header | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (tag === 0 || (tag & 0x1f) === 0x1f) throw new DerError('tag', `CRL: ${tagName(tag)} is of no type known here`);
  if (first < 0x80) return { tag, size: 2, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new DerError('length', 'CRL: expected a definite length of at most four octets');
  let length = 0;
  for (let i = 2; i < 2 + count; i++) {
    const octet = bytes[at + i];
    if (octet === undefined) return undefined;
    length = length * 256 + octet;
  }
  if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('length', 'CRL: expected the shortest form of the length');
  return { tag, size: 2 + count, length };
}

const noExtensions: readonly Extension[] = [];

/**
 * An entry of a serial number and a UTCTime alone, as most are, read by its octets: of a million entries each call counts. Undefined for
 * every other, valid or not.
 */
function plainEntry(der: Uint8Array): CrlEntry | undefined {
  const [tag, length, serialTag, serialLength = 0x80] = der;
  const time = 4 + serialLength;
  const isPlain =
    tag === tags.sequence &&
    length === serialLength + 17 &&
    serialTag === tags.integer &&
    serialLength > 0 &&
    serialLength < 0x80 &&
    der.length === time + 15 &&
    der[time] === tags.utcTime &&
    der[time + 1] === 13;
  const [first = 0, second = 0] = [der[4], der[5]];
  const isPadded = serialLength > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (!isPlain || isPadded) return undefined;
  let text = '';
  for (let at = time + 2; at < der.length; at++) text += String.fromCharCode(der[at] ?? 0);
  return { serialNumber: der.subarray(4, time), revocationDate: decodeUtcTime(text), extensions: noExtensions };
}

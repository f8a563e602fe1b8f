/** Undefined for a text that it leaves to others. */
type Encoder = (text: string) => Uint8Array | undefined;

let ofHost: Encoder = () => undefined;

/** Lets the host encode, which it does a hundred times faster than an interpreter of JavaScript. Its bytes must be those of `utf8`. */
export function encodeBy(encoder: Encoder): void {
  ofHost = encoder;
}

/** UTF-8 of a string; a lone surrogate becomes U+FFFD, as in the Encoding Standard. */
export function utf8(text: string): Uint8Array {
  return ofHost(text) ?? encoded(text);
}

/** `utf8` without the host. */
export function encoded(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[length++] = unit;
      continue;
    }
    const point = wellFormed(text.codePointAt(i) ?? 0xfffd);
    if (point > 0xffff) i++;
    if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        bytes[length++] = 0xe0 | (point >> 12);
      } else {
        bytes[length++] = 0xf0 | (point >> 18);
        bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[length++] = 0x80 | (point & 0x3f);
  }
  return bytes.slice(0, length);
}

function wellFormed(point: number): number {
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

/** The string of UTF-8 bytes, or undefined if they are not well-formed UTF-8 (RFC 3629). */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  return decoded(bytes, undefined);
}

/** As `fromUtf8`, with U+FFFD for every byte that does not fit: for showing text that comes from outside. */
export function fromUtf8Lossy(bytes: Uint8Array): string {
  return decoded(bytes, 0xfffd) ?? '';
}

function decoded(bytes: Uint8Array, replacement: number | undefined): string | undefined {
  const units: string[] = [];
  let run: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = lengthAt(bytes, at);
    const point = length === 0 ? replacement : pointAt(bytes, at, length);
    if (point === undefined) return undefined;
    run.push(point);
    if (run.length === 4096) {
      units.push(String.fromCodePoint(...run));
      run = [];
    }
    at += Math.max(length, 1);
  }
  units.push(String.fromCodePoint(...run));
  return units.join('');
}

/** How many bytes the character has that begins there; 0 if none does. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  if (length < 3) return length;
  const point = pointAt(bytes, at, length);
  const least = length === 3 ? 0x800 : 0x10000;
  return point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? 0 : length;
}

function pointAt(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] ?? 0;
  let point = length === 1 ? first : first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return point;
}

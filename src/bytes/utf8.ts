/** UTF-8 of a string; a lone surrogate becomes U+FFFD, as in the Encoding Standard. */
export function utf8(text: string): Uint8Array {
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
  const units: string[] = [];
  let run: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const length =
      first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > bytes.length) return undefined;
    let point = length === 1 ? first : first & (0xff >> (length + 1));
    for (let i = 1; i < length; i++) {
      const next = bytes[at + i] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 0x3f);
    }
    const least = length === 3 ? 0x800 : length === 4 ? 0x10000 : 0;
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    run.push(point);
    if (run.length === 4096) {
      units.push(String.fromCodePoint(...run));
      run = [];
    }
    at += length;
  }
  units.push(String.fromCodePoint(...run));
  return units.join('');
}

/** As `fromUtf8`, with U+FFFD for every byte that does not fit: for showing text that comes from outside. */
export function fromUtf8Lossy(bytes: Uint8Array): string {
  const whole = fromUtf8(bytes);
  if (whole !== undefined) return whole;
  const parts: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    let taken = 1;
    let text = '\ufffd';
    for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
      const part = fromUtf8(bytes.subarray(at, at + length));
      if (part !== undefined) {
        taken = length;
        text = part;
        break;
      }
    }
    parts.push(text);
    at += taken;
  }
  return parts.join('');
}

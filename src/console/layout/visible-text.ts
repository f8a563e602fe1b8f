import { utf8 } from '../../bytes/utf8.ts';
import { characterWidth, textWidth } from '../character-width.ts';

/**
 * What could move a cursor, end a line or turn text around: controls (C0, DEL, C1), line and paragraph separators, the
 * bidirectional controls of UAX #9, and half surrogate pairs.
 */
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const plainAscii = /^[ -~]*$/;
const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Is it printable ASCII, which is shown as it is, a character a cell? */
export function isPlain(text: string): boolean {
  return plainAscii.test(text);
}

/** Text from outside as it may be shown: every unsafe character as an escape of the console language, `\1B`. */
export function visible(text: string): string {
  return plainAscii.test(text) ? text : text.replaceAll(unsafe, escapeOf);
}

/** In quotes, with the quotes inside it escaped. */
export function visiblyQuoted(text: string): string {
  return `"${visible(text.replaceAll(/["\\]/g, '\\$&'))}"`;
}

function escapeOf(character: string): string {
  const name = named[character];
  if (name !== undefined) return name;
  return [...utf8(character)].map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** The cells that a visible text takes. */
export function cells(text: string): number {
  return plainAscii.test(text) ? text.length : textWidth(text);
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(width - cells(text), 0));
}

/** The longest beginning that takes no more than `width` cells. */
export function beginning(text: string, width: number): string {
  if (plainAscii.test(text)) return text.slice(0, width);
  let taken = 0;
  let end = 0;
  for (const character of text) {
    taken += characterWidth(character.codePointAt(0) ?? 0);
    if (taken > width) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The text, or as much of it as fits with `...` behind it. */
export function cut(text: string, width: number | undefined): string {
  if (width === undefined || cells(text) <= width) return text;
  return width <= 3 ? beginning(text, width) : `${beginning(text, width - 3)}...`;
}

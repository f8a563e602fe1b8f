export { encodeUtf8 } from 'signet:text';

/** The text with U+FFFD for each lone surrogate, of which the host can make no UTF-8. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, '\u{fffd}');
}

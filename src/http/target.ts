import { fromHex } from '../bytes/hex.ts';
import { fromUtf8 } from '../bytes/utf8.ts';
import { malformed } from './error.ts';

/** What a request is about, decoded. */
export interface Target {
  /** The words between the slashes: "/rest/certificate" is `['rest', 'certificate']`, "/" is none. Neither "." nor "..", and none of them has a slash. */
  readonly path: readonly string[];
  /** The pairs after the "?" in order, as forms write them: "+" is a space. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** Reads an origin-form (RFC 9112 3.2.1). Throws `HttpError`. */
export function targetOf(text: string): Target {
  if (!/^\/[!-~]*$/.test(text) || text.includes('#')) throw malformed('the target is none');
  const [path = '', ...query] = text.split('?');
  const words = path.split('/').slice(1).map(decoded);
  // One slash at the end says nothing.
  if (words.at(-1) === '') words.pop();
  for (const word of words) {
    if (word === '' || word === '.' || word === '..' || word.includes('/')) throw malformed('the target leads elsewhere');
  }
  return { path: words, query: query.length === 0 ? [] : pairs(query.join('?')) };
}

function pairs(text: string): (readonly [name: string, value: string])[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const plain = pair.replaceAll('+', ' ');
      const at = plain.indexOf('=');
      return at < 0 ? [decoded(plain), ''] : [decoded(plain.slice(0, at)), decoded(plain.slice(at + 1))];
    });
}

/** With its percent-encoded bytes (RFC 3986 2.1), which must be UTF-8 and no controls. */
function decoded(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '%') {
      bytes.push(text.charCodeAt(at));
      continue;
    }
    const [byte] = fromHex(text.slice(at + 1, at + 3)) ?? [];
    if (byte === undefined) throw malformed('the target has a "%" without two digits');
    bytes.push(byte);
    at += 2;
  }
  const word = fromUtf8(Uint8Array.from(bytes));
  if (word === undefined || /[\u0000-\u001f\u007f]/.test(word)) throw malformed('the target is no text');
  return word;
}

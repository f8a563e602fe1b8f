import { parseDuration } from '../../menu/argument-types.ts';
import { formatValue, parseId, type Value } from '../../menu/value.ts';
import { formatIPv6, parseIPv4, parseIPv6 } from './address.ts';

/** The value that a bare word means to the language: a number, a truth value, an interval, an address, an id, or else its text. */
export function parseLiteral(word: string): Value {
  if (word === 'true' || word === 'yes') return true;
  if (word === 'false' || word === 'no') return false;
  return parseNumber(word) ?? parseIdLiteral(word) ?? parseTime(word) ?? parseAddress(word) ?? word;
}

/** A number in decimal or hex, or undefined. */
export function parseNumber(word: string): number | undefined {
  if (!/^(?:-?[0-9]{1,16}|0x[0-9A-Fa-f]{1,13})$/.test(word)) return undefined;
  const number = Number(word) + 0;
  return Number.isSafeInteger(number) ? number : undefined;
}

function parseIdLiteral(word: string): Value | undefined {
  const id = parseId(word);
  return id === undefined ? undefined : { type: 'id', id };
}

/** `1d2h`, `00:05:00`, `500ms`; undefined for a bare number, too. */
export function parseTime(word: string): Value | undefined {
  const [, whole = '', thousandths] = /^(.*?)(?:([0-9]{1,9})ms)?$/s.exec(word) ?? [];
  const milliseconds = whole === '' && thousandths !== undefined ? 0 : parseDuration(whole);
  return milliseconds === undefined ? undefined : { type: 'time', milliseconds: milliseconds + Number(thousandths ?? 0) };
}

/** An IP address or prefix of either family, in its canonical text. */
export function parseAddress(word: string): Value | undefined {
  const [address = '', length, ...more] = word.split('/');
  const four = parseIPv4(address) !== undefined;
  const six = four ? undefined : parseIPv6(address);
  if ((!four && six === undefined) || more.length > 0) return undefined;
  const text = six === undefined ? address : formatIPv6(six);
  if (length === undefined) return { type: four ? 'ip' : 'ip6', text };
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > (four ? 32 : 128)) return undefined;
  return { type: four ? 'ip-prefix' : 'ip6-prefix', text: `${text}/${length}` };
}

/**
 * What a bare word gives to an argument of a command: a typed value only where nothing of the text is lost by it, since the argument
 * may be a name: `name=007`, `name=1d`.
 */
export function argumentWord(word: string): Value {
  const value = parseLiteral(word);
  return formatValue(value) === word ? value : word;
}

const escapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', $: '\\$', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text in quotes, as the parser reads it back; no control character is left in it. */
export function quoted(text: string): string {
  const inside = text.replaceAll(
    /["\\$\u0000-\u001f\u007f]/g,
    (character) => escapes[character] ?? `\\${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return `"${inside}"`;
}

/** The source text of a value: `parse(formatLiteral(v))` gives `v`. */
export function formatLiteral(value: Value): string {
  if (value === null) return '[]';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'object' && value.type === 'array') {
    return `{${value.elements.map((each) => (each.key === undefined ? '' : `${quoted(each.key)}=`) + formatLiteral(each.value)).join(';')}}`;
  }
  return formatValue(value);
}

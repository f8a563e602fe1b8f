import { formatValue, parseId, typeOf, type Value } from '../../menu/value.ts';
import { parseAddress, parseLiteral, parseNumber, parseTime } from './literal.ts';
import { appended, apply, type Fail, isArray, isTime, numberOf } from './operators.ts';

/** The commands of the language whose value is computed from their values and nothing else. */
export const functions: Readonly<Record<string, (values: ReadonlyMap<string, Value>, fail: Fail) => Value>> = {
  nothing: () => null,
  typeof: (values) => typeOf(valueIn(values, 'value')),
  len: (values) => lengthOf(valueIn(values, 'value')),
  pick: (values, fail) => pick(valueIn(values, 'in'), valueIn(values, 'begin'), values.get('end'), fail),
  find: (values, fail) => find(valueIn(values, 'in'), valueIn(values, 'key'), values.get('from'), fail),
  tostr: (values) => formatValue(valueIn(values, 'value')),
  tonum: (values) => toNumber(valueIn(values, 'value')),
  tobool: (values) => toBoolean(valueIn(values, 'value')),
  toarray: (values, fail) => toArray(valueIn(values, 'value'), fail),
  toid: (values) => toId(valueIn(values, 'value')),
  totime: (values) => toTime(valueIn(values, 'value')),
  toip: (values) => toAddress(valueIn(values, 'value'), 'ip'),
  toip6: (values) => toAddress(valueIn(values, 'value'), 'ip6'),
};

function valueIn(values: ReadonlyMap<string, Value>, name: string): Value {
  return values.get(name) ?? null;
}

function lengthOf(value: Value): number {
  if (value === null) return 0;
  return isArray(value) ? value.elements.length : [...formatValue(value)].length;
}

/** From `begin`, counted from 0, up to before `end`; one element or character without it. */
function pick(from: Value, begin: Value, end: Value | undefined, fail: Fail): Value {
  if (from === null) return null;
  const first = Math.max(numberOf(begin, fail), 0);
  const last = Math.max(end === undefined || end === null ? first + 1 : numberOf(end, fail), first);
  if (!isArray(from)) return [...formatValue(from)].slice(first, last).join('');
  if (end === undefined || end === null) return from.elements[first]?.value ?? null;
  return { type: 'array', elements: from.elements.slice(first, last) };
}

/** The place from 0, or nil. */
function find(within: Value, key: Value, from: Value | undefined, fail: Fail): Value {
  const first = from === undefined || from === null ? 0 : numberOf(from, fail) + 1;
  if (isArray(within)) {
    const place = within.elements.findIndex((each, i) => i >= first && apply('=', each, { value: key }, fail) === true);
    return place === -1 ? null : place;
  }
  const text = formatValue(within);
  const sought = formatValue(key);
  const skipped = [...text].slice(0, Math.max(first, 0)).join('').length;
  const place = sought === '' ? -1 : text.indexOf(sought, skipped);
  return place === -1 ? null : lengthOf(text.slice(0, place));
}

function toNumber(value: Value): Value {
  if (typeof value === 'boolean') return Number(value);
  if (isTime(value)) return Math.trunc(value.milliseconds / 1000);
  return parseNumber(formatValue(value)) ?? null;
}

function toBoolean(value: Value): Value {
  if (typeof value === 'number') return value !== 0;
  const meant = parseLiteral(formatValue(value));
  return typeof meant === 'boolean' ? meant : null;
}

/** A text is taken apart at its commas. */
function toArray(value: Value, fail: Fail): Value {
  if (value === null || value === '') return { type: 'array', elements: [] };
  const parts = typeof value === 'string' ? value.split(',').map((word) => parseLiteral(word.trim())) : [value];
  return appended(parts, fail);
}

function toId(value: Value): Value {
  const id = parseId(formatValue(value));
  return id === undefined ? null : { type: 'id', id };
}

function toTime(value: Value): Value {
  if (typeof value === 'number') return { type: 'time', milliseconds: value * 1000 };
  const text = formatValue(value);
  const number = parseNumber(text);
  return number === undefined ? (parseTime(text) ?? null) : { type: 'time', milliseconds: number * 1000 };
}

function toAddress(value: Value, type: 'ip' | 'ip6'): Value {
  const address = parseAddress(formatValue(value));
  return address !== undefined && typeOf(address) === type ? address : null;
}

import { formatDuration, formatValue, type Value } from '../menu/value.ts';

/** A value as REST writes it: always a string, with true and false, `1w2d`, and commas between the elements of a list. */
export function restText(value: Value): string {
  if (value === null || typeof value !== 'object') return formatValue(value);
  if (value.type === 'time') return formatDuration(value.milliseconds);
  return value.type === 'array' ? joined(value.elements, ',') : formatValue(value);
}

/** A value that a command gives back: as it is in scripts, with semicolons between the elements of a list. */
export function returnedText(value: Value): string {
  return value !== null && typeof value === 'object' && value.type === 'array' ? joined(value.elements, ';') : restText(value);
}

function joined(elements: readonly { readonly key?: string; readonly value: Value }[], between: string): string {
  return elements.map(({ key, value }) => (key === undefined ? '' : `${key}=`) + restText(value)).join(between);
}

/** An object whose values are strings, its keys in alphabetical order. */
export function objectText(entries: Iterable<readonly [name: string, value: string]>): string {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}

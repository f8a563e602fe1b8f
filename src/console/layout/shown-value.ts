import type { PropertyLook } from '../../menu/listing.ts';
import { type ArrayValue, formatDuration, formatValue, type Value } from '../../menu/value.ts';
import { visible, visiblyQuoted } from './visible-text.ts';

/** A value as print shows it: yes and no, `1w2d`, lists with commas. */
export function shownText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (value === null || typeof value !== 'object') return formatValue(value);
  if (value.type === 'time') return formatDuration(value.milliseconds);
  if (value.type !== 'array') return formatValue(value);
  return value.elements.map((each) => (each.key === undefined ? '' : `${each.key}=`) + shownText(each.value)).join(',');
}

/** `name="CA"`, `key-size=2048`; what is empty stands in quotes in any case. */
export function shownPair(name: string, value: Value, style: PropertyLook['style']): string {
  const text = shownText(value);
  return `${name}=${style === 'quoted' || text === '' ? visiblyQuoted(text) : visible(text)}`;
}

export function isList(value: Value): value is ArrayValue {
  return value !== null && typeof value === 'object' && value.type === 'array' && value.elements.length > 0;
}

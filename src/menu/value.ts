/**
 * A value of the console language (RouterOS types): nil is `null`, str a string, num an integer, bool a boolean; the others are
 * tagged. REST and the API know strings only, so every argument type accepts the text of a value as well as the value.
 */
export type Value = null | boolean | number | string | TimeValue | IdValue | AddressValue | ArrayValue;

/** A duration. */
export interface TimeValue {
  readonly type: 'time';
  readonly milliseconds: number;
}

/** The `.id` of an item. */
export interface IdValue {
  readonly type: 'id';
  readonly id: number;
}

/** An IP address or prefix, in its canonical text. */
export interface AddressValue {
  readonly type: 'ip' | 'ip6' | 'ip-prefix' | 'ip6-prefix';
  readonly text: string;
}

/** An array: elements in order; some may have keys, as in `{a=1; b=2}`. */
export interface ArrayValue {
  readonly type: 'array';
  readonly elements: readonly ArrayElement[];
}

export interface ArrayElement {
  readonly key?: string;
  readonly value: Value;
}

export function arrayOf(values: readonly Value[]): ArrayValue {
  return { type: 'array', elements: values.map((value) => ({ value })) };
}

export function mapOf(entries: Iterable<readonly [string, Value]>): ArrayValue {
  return { type: 'array', elements: [...entries].map(([key, value]) => ({ key, value })) };
}

export function idOf(id: number): IdValue {
  return { type: 'id', id };
}

/** `*` and upper-case hex, as the console and REST write an id. */
export function formatId(id: number): string {
  return `*${id.toString(16).toUpperCase()}`;
}

/** The number in `*1F`, or undefined if the text is no id. */
export function parseId(text: string): number | undefined {
  return /^\*[0-9A-Fa-f]{1,8}$/.test(text) ? Number.parseInt(text.slice(1), 16) : undefined;
}

/** RouterOS' own name of the type of a value (`:typeof`). */
export function typeOf(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'number') return 'num';
  if (typeof value === 'boolean') return 'bool';
  return value.type;
}

/** The text of a value, as `:put` and string concatenation show it: lists joined with `;`, yes as `true`. */
export function formatValue(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  switch (value.type) {
    case 'time':
      return formatClockTime(value.milliseconds);
    case 'id':
      return formatId(value.id);
    case 'array':
      return value.elements.map((each) => (each.key === undefined ? '' : `${each.key}=`) + formatValue(each.value)).join(';');
    default:
      return value.text;
  }
}

const secondsIn = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** `519w4d15h28m25s`, as properties show a duration: units of zero left out; "0s" for nothing. */
export function formatDuration(milliseconds: number): string {
  let left = Math.floor(Math.abs(milliseconds) / 1000);
  let text = '';
  for (const [unit, seconds] of Object.entries(secondsIn)) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0) text += `${count}${unit}`;
  }
  return (milliseconds < 0 ? '-' : '') + (text === '' ? '0s' : text);
}

/** `1w2d03:04:05`, as scripts see a time value. */
function formatClockTime(milliseconds: number): string {
  const total = Math.floor(Math.abs(milliseconds) / 1000);
  const weeks = Math.floor(total / secondsIn.w);
  const days = Math.floor((total % secondsIn.w) / secondsIn.d);
  const clock = [Math.floor((total % secondsIn.d) / 3600), Math.floor((total % 3600) / 60), total % 60];
  const fraction = Math.abs(milliseconds) % 1000;
  return (
    (milliseconds < 0 ? '-' : '') +
    (weeks > 0 ? `${weeks}w` : '') +
    (days > 0 ? `${days}d` : '') +
    clock.map((part) => String(part).padStart(2, '0')).join(':') +
    (fraction > 0 ? `.${String(fraction).padStart(3, '0')}` : '')
  );
}

/**
 * Order of two values: numbers, times and ids by size, all else as text by code units; what is absent comes first. Values of
 * different types are compared as text.
 */
export function compareValues(a: Value | undefined, b: Value | undefined): number {
  const [sizeA, sizeB] = [sizeOf(a), sizeOf(b)];
  if (sizeA !== undefined && sizeB !== undefined) return sizeA - sizeB;
  const [textA, textB] = [formatValue(a ?? null), formatValue(b ?? null)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}

function sizeOf(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (value === null || value === undefined || typeof value === 'string') return undefined;
  return value.type === 'time' ? value.milliseconds : value.type === 'id' ? value.id : undefined;
}

import { type ArrayElement, compareValues, formatValue, typeOf, type Value } from '../../menu/value.ts';
import { contains, parsePrefix } from './address.ts';
import { parseLiteral } from './literal.ts';
import { boundedArray, boundedText } from './size-limits.ts';
import type { BinaryOperator } from './syntax.ts';

/** An operand: its value, and how it was written if it was a bare word. */
export interface Operand {
  readonly value: Value;
  readonly word?: string | undefined;
  /** What the item's flag of the property's name says: the property `revoked` is a date. */
  readonly flag?: boolean | undefined;
}

/** Raises the error of an operation that makes no sense for its operands. */
export type Fail = (what: string) => never;

/** Is a condition met? An absent or empty value is false, as in `where !scep-url`. */
export function isTrue(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value !== '' && value !== 'no' && value !== 'false';
  return value.type === 'array' ? value.elements.length > 0 : value.type === 'time' ? value.milliseconds !== 0 : true;
}

/** Every operator but `and`, `or` and `~`. */
export function apply(operator: BinaryOperator, left: Operand, right: Operand, fail: Fail): Value {
  switch (operator) {
    case '=':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return inOrder(operator, left, right);
    case 'in':
      return isIn(left.value, right.value);
    case '.':
      return joined(left.value, right.value, fail);
    case ',':
      return appended([left.value, right.value], fail);
    case '|':
    case '^':
    case '&':
    case '<<':
    case '>>':
      return bitwise(operator, numberOf(left.value, fail), numberOf(right.value, fail), fail);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(operator, left.value, right.value, fail);
    case 'and':
      return isTrue(left.value) && isTrue(right.value);
    case 'or':
      return isTrue(left.value) || isTrue(right.value);
    default:
      return fail(`no operator ${operator}`);
  }
}

/** Both sides as they can be compared: a bare word beside a text is a text, a list beside a text its words with commas. */
function comparable(left: Operand, right: Operand): readonly [Value, Value] {
  return [beside(left, right.value), beside(right, left.value)];
}

function beside({ value, word }: Operand, other: Value): Value {
  if (typeof other === 'string' && word !== undefined) return word;
  if (isArray(value) && !isArray(other)) return value.elements.map((each) => formatValue(each.value)).join(',');
  if (isArray(other) && word !== undefined) return word;
  if (typeof value === 'string' && other !== null && typeof other !== 'string') {
    const meant = parseLiteral(value);
    return typeof meant === 'number' && isTime(other) ? { type: 'time', milliseconds: meant * 1000 } : meant;
  }
  return typeof value === 'number' && isTime(other) ? { type: 'time', milliseconds: value * 1000 } : value;
}

function equal(left: Operand, right: Operand): boolean {
  const [a, b] = comparable(besideBool(left, right.value), besideBool(right, left.value));
  if (isArray(a) && isArray(b)) {
    return a.elements.length === b.elements.length && a.elements.every((each, i) => sameElement(each, b.elements[i]));
  }
  return compareValues(a, b) === 0;
}

/** Compared with yes or no, the name of a flag is the flag. */
function besideBool(operand: Operand, other: Value): Operand {
  return operand.flag !== undefined && typeof meaning(other) === 'boolean' ? { value: operand.flag } : operand;
}

function sameElement(a: ArrayElement, b: ArrayElement | undefined): boolean {
  return b !== undefined && a.key === b.key && equal({ value: a.value }, { value: b.value });
}

/** What is absent is neither before nor after anything. A text that reads as a number has its place among numbers. */
function inOrder(operator: '<' | '>' | '<=' | '>=', left: Operand, right: Operand): boolean {
  const [a, b] = comparable(withoutWord(left, right.value), withoutWord(right, left.value));
  if (a === null || b === null) return false;
  const order = compareValues(a, b);
  if (order === 0) return operator === '<=' || operator === '>=';
  return order < 0 === operator.startsWith('<');
}

function withoutWord(operand: Operand, other: Value): Operand {
  return typeof operand.value !== 'string' && typeOf(meaning(other)) === typeOf(operand.value) ? { value: operand.value } : operand;
}

function isIn(value: Value, container: Value): boolean {
  if (isArray(container)) return container.elements.some((each) => equal({ value }, { value: each.value }));
  const outer = parsePrefix(formatValue(container));
  const inner = parsePrefix(formatValue(value));
  return outer !== undefined && inner !== undefined ? contains(outer, inner) : equal({ value }, { value: container });
}

function joined(left: Value, right: Value, fail: Fail): Value {
  return boundedText(formatValue(left) + formatValue(right), fail);
}

/** One array of arrays' elements and of single values. */
export function appended(values: readonly Value[], fail: Fail): Value {
  const elements: ArrayElement[] = [];
  for (const value of values) {
    if (isArray(value)) for (const each of value.elements) elements.push(each);
    else elements.push({ value });
  }
  return boundedArray(elements, fail);
}

function arithmetic(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value, fail: Fail): Value {
  const [a, b] = [meaning(left), meaning(right)];
  if (isTime(a) || isTime(b)) return timeArithmetic(operator, a, b, fail);
  return calculate(operator, numberOf(a, fail), numberOf(b, fail), fail);
}

/** Intervals are added to and divided by intervals, and multiplied with and divided by numbers; a number beside one means seconds. */
function timeArithmetic(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value, fail: Fail): Value {
  const scales = operator === '*' || (operator === '/' && !isTime(right));
  if (scales && isTime(left) && isTime(right)) return fail('cannot multiply time by time');
  const size = (value: Value): number => (isTime(value) ? value.milliseconds : numberOf(value, fail) * (scales ? 1 : 1000));
  const result = calculate(operator, size(left), size(right), fail);
  return operator === '/' && isTime(right) ? result : { type: 'time', milliseconds: result };
}

function calculate(operator: '+' | '-' | '*' | '/' | '%', a: number, b: number, fail: Fail): number {
  if ((operator === '/' || operator === '%') && b === 0) return fail('division by zero');
  const result =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? Math.trunc(a / b) : a % b;
  return Number.isSafeInteger(result) ? result + 0 : fail('number too large');
}

function bitwise(operator: '|' | '^' | '&' | '<<' | '>>', left: number, right: number, fail: Fail): number {
  if ((operator === '<<' || operator === '>>') && (right < 0 || right > 63)) return fail('cannot shift by more than 63 bits');
  const [a, b] = [BigInt(left), BigInt(right)];
  const bits = operator === '|' ? a | b : operator === '^' ? a ^ b : operator === '&' ? a & b : operator === '<<' ? a << b : a >> b;
  const result = Number(BigInt.asIntN(64, bits));
  return Number.isSafeInteger(result) ? result : fail('number too large');
}

export function numberOf(value: Value, fail: Fail): number {
  const meant = meaning(value);
  return typeof meant === 'number' ? meant : fail(`expected a number, not ${value === null ? 'nothing' : `"${formatValue(value)}"`}`);
}

/** A text that reads as a number or a time is one in arithmetic. */
function meaning(value: Value): Value {
  return typeof value === 'string' ? parseLiteral(value) : value;
}

/** The element of a key or, for a number, in a place; nil if there is none. */
export function element(of: Value, key: Value): Value {
  if (!isArray(of)) return null;
  if (typeof key === 'number') return of.elements[key]?.value ?? null;
  const name = formatValue(key);
  return of.elements.find((each) => each.key === name)?.value ?? null;
}

/** The array with another value at the end of a path of keys, or without that element if there is no value. */
export function withElement(of: Value, path: readonly Value[], value: Value | undefined, fail: Fail): Value {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  if (of !== null && !isArray(of)) return fail('not an array');
  const elements = of === null ? [] : of.elements;
  const known = typeof key === 'number' ? key : elements.findIndex((each) => each.key === formatValue(key));
  const place = known >= 0 ? known : elements.length;
  if (place > elements.length || (typeof key === 'number' && place === elements.length)) return fail('no such element');
  if (rest.length === 0 && value === undefined) return { type: 'array', elements: elements.toSpliced(place, 1) };
  const before = elements[place];
  const name = before === undefined ? { key: formatValue(key) } : before.key === undefined ? {} : { key: before.key };
  const changed = { ...name, value: withElement(before?.value ?? null, rest, value, fail) };
  return boundedArray(elements.toSpliced(place, 1, changed), fail);
}

export function isArray(value: Value): value is Extract<Value, { type: 'array' }> {
  return value !== null && typeof value === 'object' && value.type === 'array';
}

export function isTime(value: Value): value is Extract<Value, { type: 'time' }> {
  return value !== null && typeof value === 'object' && value.type === 'time';
}

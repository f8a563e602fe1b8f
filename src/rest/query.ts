import { parseDuration } from '../menu/argument-types.ts';
import type { Where } from '../menu/invoke.ts';
import type { ListedItem } from '../menu/listing.ts';
import { compareValues, parseId, type Value } from '../menu/value.ts';
import { RestError } from './errors.ts';
import { restText } from './text.ts';

type Condition = (item: ListedItem) => boolean;

/** Of query words. */
const most = 256;

/** Is a property, or the flag of the same name, what a request says it is? */
export function equals(name: string, wanted: string): Condition {
  const flag = booleanOf(wanted);
  return (item) => {
    const value = item.get(name);
    if (flag !== undefined && (value === flag || item.flag(name) === flag)) return true;
    return value !== undefined && restText(value) === wanted;
  };
}

/** The items that have all of these properties. */
export function filter(conditions: readonly Condition[]): Where {
  return (item) => conditions.every((holds) => holds(item));
}

/**
 * Query words of the API without their question mark: `name`, `-name`, `name=value`, `<name=value`, `>name=value`, and `#` with operations on
 * what came before. An item passes where nothing false is left (RouterOS manual, API, queries). Throws `RestError`.
 *
 * @param known refuses a name that no item has
 */
export function queryOf(words: readonly string[], known: (name: string) => void): Where {
  if (words.length > most) throw new RestError(400, `a query of more than ${most} words`);
  const steps = words.map((word) => stepOf(word.replace(/^\?/, ''), known));
  return (item) => {
    const stack: boolean[] = [];
    for (const step of steps) step(stack, item);
    return stack.every(Boolean);
  };
}

/** Does something to the answers so far, the last one at the end. */
type Step = (stack: boolean[], item: ListedItem) => void;

function stepOf(word: string, known: (name: string) => void): Step {
  if (word.startsWith('#')) return operations(word.slice(1));
  const condition = conditionOf(word, known);
  return (stack, item) => void stack.push(condition(item));
}

function conditionOf(word: string, known: (name: string) => void): Condition {
  const [, sign = '', name = '', wanted] = /^([-<>=]?)([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
  known(name);
  if (wanted === undefined) {
    if (sign === '<' || sign === '>') throw new RestError(400, `a query word without a value: ${word.slice(0, 64)}`);
    return (item) => (item.get(name) !== undefined) !== (sign === '-');
  }
  if (sign === '-') throw new RestError(400, `a query word with a value: ${word.slice(0, 64)}`);
  if (sign === '' || sign === '=') return equals(name, wanted);
  return (item) => {
    const value = item.get(name);
    if (value === undefined) return false;
    const order = compareValues(value, operandFor(value, wanted));
    return sign === '<' ? order < 0 : order > 0;
  };
}

/** What is compared with a number or a time is read as one. */
function operandFor(value: Value, wanted: string): Value {
  if (typeof value === 'number' && /^-?[0-9]{1,15}$/.test(wanted)) return Number(wanted);
  if (value === null || typeof value !== 'object') return wanted;
  const milliseconds = value.type === 'time' ? parseDuration(wanted) : undefined;
  if (milliseconds !== undefined) return { type: 'time', milliseconds };
  const id = value.type === 'id' ? parseId(wanted) : undefined;
  return id === undefined ? wanted : { type: 'id', id };
}

function booleanOf(text: string): boolean | undefined {
  return text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : undefined;
}

function operations(text: string): Step {
  const parts = [...text.matchAll(/([0-9]+)|([!&|.])/g)];
  if (parts.map(([part]) => part).join('') !== text || text === '' || text.length > most)
    throw new RestError(400, `a query word of no operations: #${text.slice(0, 64)}`);
  return (stack) => {
    for (const [place, [, index, operation]] of parts.entries()) {
      if (index !== undefined) pick(stack, Number(index), place === parts.length - 1);
      // After an index it says nothing but that the index has ended.
      else if (operation !== '.' || parts[place - 1]?.[1] === undefined) operate(stack, operation ?? '');
    }
  };
}

/** Copies an answer, counted from the last one, to the end, or leaves it alone in place of all. Below the first one all is true. */
function pick(stack: boolean[], index: number, isLast: boolean): void {
  const picked = stack.at(-1 - index) ?? true;
  if (isLast) stack.length = 0;
  stack.push(picked);
}

function operate(stack: boolean[], operation: string): void {
  const last = stack.pop() ?? true;
  if (operation === '!') stack.push(!last);
  else if (operation === '.') stack.push(last, last);
  else {
    const before = stack.pop() ?? true;
    stack.push(operation === '&' ? before && last : before || last);
  }
}

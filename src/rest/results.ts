import type { Result } from '../menu/command.ts';
import { commandError } from '../menu/invoke.ts';
import type { ListedItem, Listing } from '../menu/listing.ts';
import type { ArrayValue, Value } from '../menu/value.ts';
import type { Ran } from './run.ts';
import { objectText, restText, returnedText } from './text.ts';

/** About as many characters are sent at once. */
const pieceLength = 8192;

/** How the answer to a command was asked for. */
export interface Asked {
  /** Of how far the command is, only the last is told. */
  readonly once: boolean;
  /** A map that is given back is an object, and no text. */
  readonly asValue: boolean;
}

/** What a command gave back, as JSON: an array of objects, `{"ret": …}` for a value, `[]` for nothing. */
export function resultText({ result, samples }: Ran, { once, asValue }: Asked): string | AsyncIterable<string> {
  if (samples.length > 0) return progressText(result, samples, once);
  switch (result.kind) {
    case 'nothing':
      return '[]';
    case 'value':
      return asValue && isMap(result.value) ? `[${objectText(fieldsOf(result.value))}]` : returned(result.value);
    case 'fields':
      return `[${objectText(result.fields.map(([name, value]) => [name, restText(value)]))}]`;
    default:
      return result.listing.form.layout === 'count-only' ? returned(count(result.listing)) : listingText(result.listing);
  }
}

function returned(value: Value): string {
  return objectText([['ret', returnedText(value)]]);
}

/** The items of a print, one after another: all of them are never one text. */
export async function* listingText(listing: Listing): AsyncGenerator<string> {
  const names = namesOf(listing);
  let piece = '[';
  let isFirst = true;
  for (const item of translated(listing.items)) {
    piece += (isFirst ? '' : ',') + itemText(item, names);
    isFirst = false;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}]`;
}

/** The one set of values that a menu of settings is. */
export function settingsText(listing: Listing): string {
  const names = namesOf(listing);
  for (const item of translated(listing.items)) return itemText(item, names);
  return '{}';
}

/** An item as `get` gives it: a map of its properties. */
export function fieldsOf(map: ArrayValue): (readonly [name: string, value: string])[] {
  return map.elements.flatMap(({ key, value }) => (key === undefined ? [] : [[key, restText(value)] as const]));
}

function isMap(value: Value): value is ArrayValue {
  return value !== null && typeof value === 'object' && value.type === 'array' && value.elements.some(({ key }) => key !== undefined);
}

/** What is printed without being asked for more: of a menu of settings no id. */
function namesOf({ form, flags, properties }: Listing): readonly string[] {
  const all = [...(form.layout === 'settings' ? [] : ['.id']), ...flags.map(({ name }) => name), ...properties.map(({ name }) => name)];
  return [...new Set(form.proplist ?? all)].sort();
}

/** The names are in order already. What an item does not have is missing. */
function itemText(item: ListedItem, names: readonly string[]): string {
  let text = '';
  for (const name of names) {
    const value = item.get(name);
    if (value !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(restText(value))}`;
  }
  return `{${text}}`;
}

/** As RouterOS has the sentences of a command that goes on: each with its number, and with `once` only the last. */
function progressText(result: Result, samples: readonly string[], once: boolean): string {
  const value: (readonly [string, string])[] = result.kind === 'value' ? [['ret', returnedText(result.value)]] : [];
  if (once) return `[${objectText([['progress', samples.at(-1) ?? ''], ...value])}]`;
  const sections = samples.map((progress, at) =>
    objectText([['.section', String(at)], ['progress', progress], ...(at === samples.length - 1 ? value : [])]),
  );
  return `[${sections.join(',')}]`;
}

function count({ counted }: Listing): number {
  let total = 0;
  for (const _ of counted) total++;
  return total;
}

/** Items are read while they are sent, where no command is around whose errors these would be. */
function* translated(items: Iterable<ListedItem>): Generator<ListedItem> {
  try {
    yield* items;
  } catch (error) {
    throw commandError(error);
  }
}

import type { Result } from '../../menu/command.ts';
import type { Listing } from '../../menu/listing.ts';
import { type ArrayElement, mapOf, type Value } from '../../menu/value.ts';

/** A value of so many items more takes memory that should be asked for. */
const itemsBetweenQuestions = 50;

/**
 * What `[ … ]` makes of a command's result; undefined for one that is for people's eyes only (`print`). `requireMemory` throws where too little
 * is left for more.
 */
export function valueOfResult(result: Result, requireMemory: () => void): Value | undefined {
  switch (result.kind) {
    case 'nothing':
      return null;
    case 'value':
      return result.value;
    case 'fields':
      return mapOf(result.fields);
    default:
      return valueOfListing(result.listing, requireMemory);
  }
}

function valueOfListing({ form, flags, properties, items }: Listing, requireMemory: () => void): Value | undefined {
  if (form.layout === 'count-only') {
    let count = 0;
    for (const _ of items) count++;
    return count;
  }
  if (form.layout !== 'as-value') return undefined;
  const names = new Set(form.proplist ?? ['.id', ...flags.map((each) => each.name), ...properties.map((each) => each.name)]);
  const elements: ArrayElement[] = [];
  for (const item of items) {
    const entries = [...names].flatMap((name) => {
      const value = item.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    elements.push({ value: mapOf(entries) });
    if (elements.length % itemsBetweenQuestions === 0) requireMemory();
  }
  return { type: 'array', elements };
}

import type { Result } from '../../menu/command.ts';
import type { Listing } from '../../menu/listing.ts';
import { mapOf, type Value } from '../../menu/value.ts';

/** What `[ … ]` makes of a command's result; undefined for one that is for people's eyes only (`print`). */
export function valueOfResult(result: Result): Value | undefined {
  switch (result.kind) {
    case 'nothing':
      return null;
    case 'value':
      return result.value;
    case 'fields':
      return mapOf(result.fields);
    default:
      return valueOfListing(result.listing);
  }
}

function valueOfListing({ form, flags, properties, items }: Listing): Value | undefined {
  if (form.layout === 'count-only') {
    let count = 0;
    for (const _ of items) count++;
    return count;
  }
  if (form.layout !== 'as-value') return undefined;
  const names = new Set(form.proplist ?? ['.id', ...flags.map((each) => each.name), ...properties.map((each) => each.name)]);
  const elements = [];
  for (const item of items) {
    const entries = [...names].flatMap((name) => {
      const value = item.get(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    elements.push({ value: mapOf(entries) });
  }
  return { type: 'array', elements };
}

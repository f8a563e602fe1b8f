import type { Result } from '../../menu/command.ts';
import type { Listing } from '../../menu/listing.ts';
import { briefLines, headlessLines } from './brief.ts';
import { detailLines, terseLines } from './detail.ts';
import { fieldLines, settingsLines, valueListLines } from './fields.ts';
import type { Look } from './look.ts';
import { shownText } from './shown-value.ts';
import { visible } from './visible-text.ts';

/** The lines that a command's result is shown as when it stands alone. */
export function resultLines(result: Result, look: Look): Iterable<string> {
  if (result.kind === 'listing') return listingLines(result.listing, look);
  if (result.kind === 'fields') return fieldLines(result.fields, look);
  return result.kind === 'value' && result.shown === true ? [visible(shownText(result.value))] : [];
}

/** The lines of a print, in the form it was asked for; one at a time, so that the first is seen before the last is made. */
export function listingLines(listing: Listing, look: Look): Iterable<string> {
  switch (listing.form.layout) {
    case 'brief':
      return listing.headless ? headlessLines(listing) : briefLines(listing, look);
    case 'detail':
      return detailLines(listing, look);
    case 'terse':
      return terseLines(listing, look);
    case 'value-list':
      return valueListLines(listing, look);
    case 'settings':
      return settingsLines(listing, look);
    case 'count-only':
      return [String(count(listing.items))];
    default:
      return [];
  }
}

function count(items: Iterable<unknown>): number {
  let total = 0;
  for (const _ of items) total++;
  return total;
}

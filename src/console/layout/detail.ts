import type { ListedItem, Listing, PropertyLook } from '../../menu/listing.ts';
import { legend } from './flags.ts';
import { type Look, painted } from './look.ts';
import { shownPair, shownText } from './shown-value.ts';
import { visible } from './visible-text.ts';
import { type Piece, wrapped } from './wrapped.ts';

/** Every property of each item in a paragraph with a hanging indent, below the legend of all flags. */
export function* detailLines(listing: Listing, look: Look): Generator<string> {
  yield* legend(listing.flags, listing.flags, ' ', look);
  const properties = propertiesOf(listing);
  const width = numberWidth(listing);
  let first = true;
  for (const item of listing.items) {
    if (!first) yield '';
    first = false;
    const start = `${prefixOf(item, width)}  `;
    yield* wrapped(start, piecesOf(item, properties, look), look.width, start.length);
  }
}

/** One line an item, without quotes; never wrapped. */
export function* terseLines(listing: Listing, look: Look): Generator<string> {
  const properties = propertiesOf(listing);
  const width = numberWidth(listing);
  for (const item of listing.items) {
    const pairs = properties.flatMap(({ name }) => {
      const value = item.get(name);
      return value === undefined ? [] : [`${painted(look, 'argument', name)}=${visible(shownText(value))}`];
    });
    yield `${prefixOf(item, width)} ${pairs.join(' ')}`;
  }
}

/** The properties that are shown, in order. */
export function propertiesOf({ form, properties }: Listing): readonly PropertyLook[] {
  const looks = new Map(properties.map((each) => [each.name, each]));
  const shown =
    form.proplist?.map((name): PropertyLook => looks.get(name) ?? { name, style: 'bare' }) ??
    properties.filter((each) => each.hidden !== true);
  return form.showIds === true ? [{ name: '.id', style: 'bare' }, ...shown] : shown;
}

function prefixOf(item: ListedItem, width: number): string {
  return `${String(item.number).padStart(width)} ${item.letters()}`;
}

/** The numbers of a screenful begin with a blank. */
function numberWidth({ counted }: Listing): number {
  let last = 0;
  for (const item of counted) last = Math.max(last, item.number);
  return Math.max(String(last).length, 2);
}

function* piecesOf(item: ListedItem, properties: readonly PropertyLook[], look: Look): Generator<Piece> {
  for (const { name, style } of properties) {
    const value = item.get(name);
    if (value === undefined) continue;
    const text = `${shownPair(name, value, style)} `;
    yield { text, painted: painted(look, 'argument', name) + text.slice(name.length) };
  }
}

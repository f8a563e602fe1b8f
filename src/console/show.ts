import { concat } from '../bytes/bytes.ts';
import type { Result } from '../menu/command.ts';
import { commandError } from '../menu/invoke.ts';
import type { ListedItem, Listing } from '../menu/listing.ts';
import { resultLines } from './layout/result.ts';
import { PlainScreen, type Screen } from './screen.ts';
import type { ItemNumbers } from './session.ts';

/** Where `print file=` writes. */
export interface FileSaver {
  saveFile(name: string, content: Uint8Array, append: boolean): Promise<void>;
}

/** Shows the result of a command that stands alone; what a print has numbered is remembered. Throws `CommandError`. */
export async function showResult(result: Result, screen: Screen, numbers: ItemNumbers | undefined, files: FileSaver): Promise<void> {
  screen.endProgress();
  if (result.kind !== 'listing') return showLines(result, screen);
  const { form, path } = result.listing;
  if (form.file !== undefined) return saveListing(result.listing, form.file, files);
  if (form.withoutPaging === true) screen.withoutPaging();
  if (numbers === undefined || !numbered.has(form.layout)) return showLines(result, screen);
  const seen = new Map<number, number>();
  await showLines({ kind: 'listing', listing: { ...result.listing, items: noting(result.listing, seen) } }, screen);
  numbers.remember(path, seen);
}

/** The items, whose numbers are noted as they go by; of those that nobody went on to, too. */
function noting({ items, counted }: Listing, seen: Map<number, number>): Iterable<ListedItem> {
  return {
    *[Symbol.iterator]() {
      let last = -1;
      let isWhole = false;
      try {
        for (const item of items) {
          seen.set(item.number, item.id);
          last = Math.max(last, item.number);
          yield item;
        }
        isWhole = true;
      } finally {
        if (!isWhole) for (const { number, id } of counted) if (!seen.has(number)) seen.set(number, id);
      }
      // Items have gone since they were gone through before: their numbers mean nothing.
      for (const number of seen.keys()) if (number > last) seen.delete(number);
    },
  };
}

/** The layouts that show the numbers of items. */
const numbered = new Set<Listing['form']['layout']>(['brief', 'detail', 'terse']);

async function saveListing(listing: Listing, name: string, files: FileSaver): Promise<void> {
  const parts: Uint8Array[] = [];
  const page = new PlainScreen(async (bytes) => void parts.push(bytes));
  await showLines({ kind: 'listing', listing }, page);
  await page.finish();
  try {
    await files.saveFile(`${name}.txt`, concat(parts), listing.form.append === true);
  } catch (error) {
    throw commandError(error);
  }
}

async function showLines(result: Result, screen: Screen): Promise<void> {
  for (const line of translated(resultLines(result, screen.look))) {
    const more = screen.line(line);
    if (more !== true && !(await more)) break;
  }
  await screen.flush();
}

/** Items are read while they are shown, where no command is around whose errors these would be. */
function* translated(lines: Iterable<string>): Generator<string> {
  try {
    yield* lines;
  } catch (error) {
    throw commandError(error);
  }
}

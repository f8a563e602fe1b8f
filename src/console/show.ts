import { concat } from '../bytes/bytes.ts';
import type { Result } from '../menu/command.ts';
import { commandError } from '../menu/invoke.ts';
import type { Listing } from '../menu/listing.ts';
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
  const { form, path, items } = result.listing;
  if (form.file !== undefined) return saveListing(result.listing, form.file, files);
  if (form.withoutPaging === true) screen.withoutPaging();
  await showLines(result, screen);
  if (numbered.has(form.layout)) numbers?.remember(path, new Map([...items].map(({ number, id }) => [number, id])));
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
  for (const line of resultLines(result, screen.look)) if (!(await screen.line(line))) break;
  await screen.flush();
}

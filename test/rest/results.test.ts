import { describe, expect, it } from 'vitest';
import type { ListedItem } from '../../src/menu/listing.ts';
import { listOf, TableReader } from '../../src/menu/table-reader.ts';
import { listingText } from '../../src/rest/results.ts';
import { personTable } from '../menu/people.ts';

const count = 10_000;

/** A listing of so many items, which tells how many were read. */
function many(): { readonly listing: Parameters<typeof listingText>[0]; read: () => number } {
  let read = 0;
  const items = {
    *[Symbol.iterator](): Generator<ListedItem> {
      for (let id = 1; id <= count; id++) {
        read++;
        yield {
          id,
          number: id - 1,
          get: (name) => (name === 'name' ? `person ${id}` : undefined),
          flag: () => undefined,
          letters: () => '',
        };
      }
    },
  };
  return { listing: new TableReader(personTable).listing({ layout: 'as-value' }, listOf(items)), read: () => read };
}

describe('a long list', () => {
  it('is made piece by piece, and what was sent is not held', async () => {
    const { listing, read } = many();
    const sizes: number[] = [];
    const readBefore: number[] = [];
    let text = '';
    for await (const piece of listingText(listing)) {
      sizes.push(piece.length);
      readBefore.push(read());
      text += piece;
    }
    expect(Math.max(...sizes)).toBeLessThan(8192 + 100);
    expect(readBefore[0]).toBeLessThan(400);
    expect((JSON.parse(text) as unknown[]).length).toBe(count);
  });

  it('is not read on when nobody wants the rest', async () => {
    const { listing, read } = many();
    const pieces = listingText(listing);
    await pieces.next();
    await pieces.return(undefined);
    expect(read()).toBeLessThan(400);
    expect((await pieces.next()).done).toBe(true);
  });
});

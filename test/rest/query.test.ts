import { describe, expect, it } from 'vitest';
import { TableReader } from '../../src/menu/table-reader.ts';
import { queryOf } from '../../src/rest/query.ts';
import { personTable } from '../menu/people.ts';

const reader = new TableReader(personTable);

/** The names of the people for whom these words are true: ann is 40, bob away and of no age, "7" is 7. */
async function found(...words: string[]): Promise<unknown[]> {
  const matches = queryOf(words, (name) => {
    if (!reader.names().includes(name)) throw new Error(`unknown ${name}`);
  });
  return [...(await reader.listed('whole')).items].filter((item) => matches(item) === true).map((item) => item.get('name'));
}

describe('query words', () => {
  it.each([
    [[], ['ann', 'bob', '7']],
    [['age'], ['ann', '7']],
    [['-age'], ['bob']],
    [['age=40'], ['ann']],
    [['=age=40'], ['ann']],
    [['?age=40'], ['ann']],
    [['away=yes'], ['bob']],
    [['away=false'], ['ann', '7']],
    [['>age=7'], ['ann']],
    [['<age=40'], ['7']],
    [['.id=*A'], ['7']],
    [['name=ann', 'age=40'], ['ann']],
    [['name=ann', 'name=bob'], []],
    [
      ['name=ann', 'name=bob', '#|'],
      ['ann', 'bob'],
    ],
    [
      ['name=ann', '#!'],
      ['bob', '7'],
    ],
    [['name=ann', 'name=bob', '#|!'], ['7']],
    [['name=ann', 'age=40', '#&'], ['ann']],
    [
      ['name=ann', 'name=bob', '#|', 'name=7', '#|'],
      ['ann', 'bob', '7'],
    ],
    // An index alone leaves one answer; with more behind it, it copies one.
    [['name=ann', 'name=bob', '#1'], ['ann']],
    [['name=ann', 'name=bob', '#1.|'], ['ann']],
    [['name=ann', '#.&'], ['ann']],
    // Below the first answer all is true.
    [['#&'], ['ann', 'bob', '7']],
    [['#!'], []],
  ])('%j find %j', async (words, names) => {
    expect(await found(...words)).toEqual(names);
  });

  it.each(['<age', '-age=1', '#', '#x'])('%s is none', async (word) => {
    await expect(found(word)).rejects.toMatchObject({ code: 400, message: expect.stringContaining('a query word') });
  });

  it('of a property that nobody has are refused', async () => {
    await expect(found('shoe-size=40')).rejects.toThrow('unknown shoe-size');
  });

  it('are not endless', async () => {
    await expect(found(...Array.from({ length: 257 }, () => 'age'))).rejects.toThrow('a query of more than 256 words');
  });
});

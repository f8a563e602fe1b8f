import { describe, expect, test } from 'vitest';
import { duration, integer, oneOf, present, someOf, texts, yesNo } from '../../src/menu/argument-types.ts';
import { item, items, reference } from '../../src/menu/item-arguments.ts';
import { arrayOf, idOf } from '../../src/menu/value.ts';
import { atConsole, personSource, script } from './people.ts';

describe('words and numbers', () => {
  test('yes and no may be written as true and false', () => {
    for (const yes of ['yes', 'true', true]) expect(yesNo.read(yes, 'x', script)).toBe(true);
    for (const no of ['no', 'false', false]) expect(yesNo.read(no, 'x', script)).toBe(false);
    expect(() => yesNo.read('maybe', 'trusted', script)).toThrow('input does not match any value of trusted');
  });

  test('a bare word means yes, and an empty value over REST does too', () => {
    expect(present.read('', 'detail', script)).toBe(true);
    expect(present.read(null, 'detail', script)).toBe(true);
    expect(present.read('no', 'detail', script)).toBe(false);
  });

  test('an integer is read from a number or its digits, within its bounds', () => {
    const days = integer(1, 100);
    expect(days.read(7, 'days-valid', script)).toBe(7);
    expect(days.read('0x10', 'days-valid', script)).toBe(16);
    for (const wrong of [0, 101, '', '7d', 'x', '1e3', null, '99999999999999999999']) {
      expect(() => days.read(wrong, 'days-valid', script)).toThrow('invalid value for argument days-valid');
    }
  });

  test('a word of a set, and several of them in a list or an array', () => {
    const colour = oneOf(['red', 'green']);
    expect(colour.read('red', 'c', script)).toBe('red');
    expect(() => colour.read('gre', 'c', script)).toThrow('input does not match any value of c');
    const colours = someOf(['red', 'green']);
    expect(colours.read('green,red,green', 'c', script)).toEqual(['green', 'red']);
    expect(colours.read(arrayOf(['red']), 'c', script)).toEqual(['red']);
    expect(colours.read('', 'c', script)).toEqual([]);
  });

  test('a text list keeps the key of an array element', () => {
    expect(texts.read({ type: 'array', elements: [{ key: 'a', value: 'b' }, { value: 'c' }] }, 'x', script)).toEqual(['a=b', 'c']);
  });

  test.each([
    ['90', 90_000],
    ['1d03:00:00', 97_200_000],
    ['5m', 300_000],
    ['00:05', 300_000],
    ['1w2d3h4m5s', 788_645_000],
    ['00:00:00.25', 250],
  ])('the interval %s is %i ms', (given, milliseconds) => {
    expect(duration(0, 1e12).read(given, 'interval', script)).toBe(milliseconds);
  });

  test('what is no interval is refused', () => {
    for (const wrong of ['', 'soon', '5x', '1:2:3:4', '5m5']) {
      expect(() => duration(0, 1e12).read(wrong, 'interval', script)).toThrow('invalid value for argument interval');
    }
  });
});

describe('items', () => {
  const one = item(personSource);
  const several = items(personSource);

  test('an item is named by its name or its id', async () => {
    expect((await one.read('ann', 'number', script)).id).toBe(1);
    expect((await one.read('*A', 'number', script)).name).toBe('7');
    expect((await one.read(idOf(2), 'number', script)).name).toBe('bob');
  });

  test('a number means the item that the last print showed under it', async () => {
    expect((await one.read(0, 'number', atConsole)).name).toBe('bob');
    expect((await several.read('1,0', 'numbers', atConsole)).map((each) => each.name)).toEqual(['ann', 'bob']);
  });

  test('a number is invalid in a script, unless it is a name', async () => {
    await expect(one.read(0, 'number', script)).rejects.toThrow('invalid internal item number');
    expect((await one.read(7, 'number', script)).id).toBe(10);
  });

  test('what is not there is no such item', async () => {
    for (const wrong of ['nobody', '*FF', idOf(77), 'ann,nobody', null, arrayOf([])])
      await expect(one.read(wrong, 'number', script)).rejects.toThrow('no such item');
    await expect(several.read('ann,nobody', 'numbers', script)).rejects.toThrow('no such item');
  });

  test('one item is not two', async () => {
    await expect(one.read('ann,bob', 'number', script)).rejects.toThrow('no such item');
  });

  test('a list names each item once, and nothing found is an empty list', async () => {
    expect(await several.read(arrayOf([idOf(1), 'ann', '*1']), 'numbers', script)).toHaveLength(1);
    expect(await several.read(arrayOf([]), 'numbers', script)).toEqual([]);
  });

  test('a reference that fits nothing names the argument', async () => {
    for (const wrong of ['nobody', '*FF', 5, null])
      await expect(reference(personSource).read(wrong, 'ca', script)).rejects.toThrow('input does not match any value of ca');
  });
});

import { describe, expect, it } from 'vitest';
import { checkItemName, freeName, itemNameFrom, numberedName } from '../../src/certificates/item-name.ts';

describe('the name of an item', () => {
  it.each(['a', 'CA-Template', 'Größe 路由器', '*3', '7', 'a/b', "it's", 'x'.repeat(200)])('may be %s', (name) => {
    expect(() => checkItemName(name)).not.toThrow();
  });

  it.each([
    ['', 'name: expected at least one character'],
    ['x'.repeat(201), 'name: expected at most 200 characters, found 201'],
    ...['\u0000', 'a\nb', '\u007f', '\u009b', '\u2028', '\u200e', '\ud800'].map((name): [string, string] => [
      name,
      'name: expected no control characters',
    ]),
  ])('may not be %j', (name, message) => {
    expect(() => checkItemName(name)).toThrow(message);
  });

  it('made of a text is what of it may be in a name', () => {
    expect([itemNameFrom('a\u001b[31mb'), itemNameFrom('\n'), itemNameFrom('y'.repeat(300))?.length]).toEqual(['a[31mb', undefined, 190]);
  });
});

describe('a name with a number', () => {
  it.each([0, 1, 2, 3, 10, 1000])('is the next after %i that are taken', (count) => {
    const taken = new Set(Array.from({ length: count }, (_, n) => `issued_${n + 1}`));
    expect(numberedName('issued', 1, (name) => taken.has(name))).toBe(`issued_${count + 1}`);
  });

  it('is found in few looks', () => {
    let looks = 0;
    const taken = (name: string): boolean => {
      looks++;
      return Number(name.slice(2)) < 10_000;
    };
    expect(numberedName('x', 0, taken)).toBe('x_10000');
    expect(looks).toBeLessThan(40);
  });

  it('is only given to a name that is taken', () => {
    expect([freeName('a', () => false), freeName('a', (name) => name === 'a')]).toEqual(['a', 'a_1']);
  });
});

import { expect, test } from 'vitest';
import { arrayOf, compareValues, formatDuration, formatId, formatValue, idOf, mapOf, parseId, typeOf } from '../../src/menu/value.ts';

test('values are written as RouterOS writes them', () => {
  expect(formatValue(null)).toBe('');
  expect(formatValue(true)).toBe('true');
  expect(formatValue(idOf(175))).toBe('*AF');
  expect(formatValue(arrayOf([1, 'a', idOf(2)]))).toBe('1;a;*2');
  expect(
    formatValue(
      mapOf([
        ['a', 1],
        ['b', false],
      ]),
    ),
  ).toBe('a=1;b=false');
  expect(formatValue({ type: 'time', milliseconds: 788_645_250 })).toBe('1w2d03:04:05.250');
  expect(typeOf(arrayOf([]))).toBe('array');
});

test('a duration leaves out what is zero', () => {
  expect(formatDuration(((519 * 7 + 6) * 86_400 + 17 * 3600 + 54 * 60) * 1000)).toBe('519w6d17h54m');
  expect(formatDuration(0)).toBe('0s');
  expect(formatDuration(-5000)).toBe('-5s');
});

test('an id is a star and hex digits', () => {
  expect(formatId(255)).toBe('*FF');
  expect(parseId('*ff')).toBe(255);
  for (const wrong of ['', '*', 'FF', '*G', '*123456789', '* 1']) expect(parseId(wrong)).toBeUndefined();
});

test('numbers are ordered by size and texts by letters, what is absent first', () => {
  expect([10, 9, 100].sort(compareValues)).toEqual([9, 10, 100]);
  expect(['b', undefined, 'a'].map((each) => each ?? null).sort(compareValues)).toEqual([null, 'a', 'b']);
  expect(compareValues(idOf(9), idOf(16))).toBeLessThan(0);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/rest/json.ts';

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('JSON', () => {
  it('is read as the engine reads it', () => {
    // Numbers that are no integers stay texts here.
    const whole = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isSafeInteger(value) ? 0 : value);
    const texts = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value, whole));
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":"b","c":[1,true,"d"]}', { a: 'b', c: [1, true, 'd'] }],
    [' { } ', {}],
    ['"a\\u0041\\n\\\\\\""', 'aA\n\\"'],
    ['{"name":0x1F}', { name: 31 }],
    ['[017,-5,0,-0]', [15, -5, 0, 0]],
  ])('%s is read', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it('leaves a number alone that would be rounded', () => {
    expect(parseJson('[9007199254740993, 1.5, 1e3]')).toEqual(['9007199254740993', '1.5', 1000]);
  });

  it('has keys of its own only', () => {
    const read = parseJson('{"__proto__":"x"}');
    expect(Object.keys(read ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it.each(['{"a":1,"a":2}', '{"a":1,"\\u0061":2}'])('%s has a key twice, and is refused', (text) => {
    expect(() => parseJson(text)).toThrow('the same key twice: a');
  });

  it.each([
    '',
    '{',
    '{"a"}',
    '{"a":}',
    '[1,]',
    '{"a":1,}',
    '"a',
    '"\\',
    '"\\x"',
    '"\n"',
    'nul',
    '08',
    '1a',
    '{}{}',
    "{'a':1}",
    '{a:1}',
    '+1',
    '.5',
  ])('%j is none', (text) => {
    expect(() => parseJson(text)).toThrow('this is not JSON');
  });

  it.each(['[', '{"a":['])('is refused where it has many values: %s', (begin) => {
    expect(() => parseJson(`${begin}${'1,'.repeat(100_000)}`)).toThrow('JSON of too many values');
  });

  it('is refused where it is deep, before it takes the stack', () => {
    expect(parseJson(deep(8))).toBeDefined();
    expect(() => parseJson(deep(9))).toThrow('JSON that is too deep');
    expect(() => parseJson(deep(1_000_000))).toThrow('JSON that is too deep');
  });
});

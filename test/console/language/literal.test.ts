import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePrefix } from '../../../src/console/language/address.ts';
import { Interpreter } from '../../../src/console/language/interpreter.ts';
import { argumentWord, formatLiteral, parseAddress, parseLiteral } from '../../../src/console/language/literal.ts';
import { parse } from '../../../src/console/language/parser.ts';
import { formatValue, type Value } from '../../../src/menu/value.ts';
import { atConsole, callBy } from '../../menu/people.ts';
import { tree } from './router.ts';

/** The value of a literal's source text. */
async function evaluated(source: string): Promise<Value | undefined> {
  const variables = new Map<string, Value>();
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    offsetAt: () => 0,
    zone: () => 'UTC',
    set: () => undefined,
    sleep: async () => undefined,
  };
  const interpreter = new Interpreter({ clock, invoke: async () => ({ kind: 'nothing' }), isCrowded: () => false }, variables);
  const output = { put: () => undefined, show: () => undefined, navigate: () => undefined };
  await interpreter.run(parse(`:global x ${source}`, { tree, path: '/', variables: [] }), callBy(atConsole), output);
  return variables.get('x');
}

const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 });
const simple = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.string({ unit: 'binary' }),
  fc.integer({ min: 0, max: 2 ** 40 }).map((milliseconds): Value => ({ type: 'time', milliseconds })),
  fc.integer({ min: 0, max: 0xffffffff }).map((id): Value => ({ type: 'id', id })),
  fc.ipV4().map((text): Value => ({ type: 'ip', text })),
  groups.map((groups): Value => parseAddress(groups.map((group) => group.toString(16)).join(':')) ?? null),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  simple,
  fc
    .array(fc.record({ key: fc.string({ minLength: 1 }), value: simple }), { maxLength: 4 })
    .map(
      (elements): Value => ({ type: 'array', elements: elements.map(({ key, value }, i) => (i % 2 === 0 ? { key, value } : { value })) }),
    ),
);

describe('literals', () => {
  test('a value comes back from its source text', async () => {
    await fc.assert(
      fc.asyncProperty(value, async (value) => {
        expect(await evaluated(formatLiteral(value))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  test('what a word means is stable', () => {
    const words = fc.oneof(fc.stringMatching(/^[0-9a-f:.*/xwdhms-]{1,12}$/), fc.string());
    fc.assert(
      fc.property(words, (word) => {
        const meant = parseLiteral(word);
        expect(typeof meant === 'string' ? meant : parseLiteral(formatValue(meant))).toEqual(meant);
      }),
    );
  });

  test('an argument keeps the text of a word', () => {
    fc.assert(
      fc.property(fc.oneof(fc.stringMatching(/^[0-9a-f:.*/xwdhms-]{1,12}$/), fc.string()), (word) => {
        expect(formatValue(argumentWord(word))).toBe(word);
      }),
    );
  });
});

describe('addresses', () => {
  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:4:0:0:0:8', '1:0:0:4::8'],
    ['1:0:3:4:5:6:7:8', '1:0:3:4:5:6:7:8'],
    ['::FFFF:1.2.3.4', '::ffff:102:304'],
    ['fe80::/10', 'fe80::/10'],
    ['1.2.3.0/24', '1.2.3.0/24'],
  ])('%s is %s', (word, text) => {
    expect(formatValue(parseAddress(word) ?? null)).toBe(text);
  });

  test.each([
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1:2',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7::8',
    '12345::',
    '1.2.3.4/33',
    '::/129',
    '1.2.3.4/',
    ':',
    '1.2.3.4::',
  ])('%s is none', (word) => {
    expect(parseAddress(word)).toBeUndefined();
    expect(parsePrefix(word)).toBeUndefined();
  });
});

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Ere } from '../../../src/console/language/ere.ts';
import { EreError } from '../../../src/console/language/ere-parser.ts';

const matches = (pattern: string, text: string): boolean => new Ere(pattern).matches(text);

describe('a regular expression', () => {
  test.each([
    ['', 'x', true],
    ['^$', '', true],
    ['^$', 'x', false],
    ['^a', 'ba', false],
    ['a$', 'ab', false],
    ['^a|b$', 'cb', true],
    ['a.c', 'a😀c', true],
    ['a.c', 'a\nc', true],
    ['^.$', '😀', true],
    ['^[^a]$', '😀', true],
    ['^[a-cx]+$', 'abcx', true],
    ['^[]a]+$', ']a', true],
    ['^[^]a]$', ']', false],
    ['^[a-]+$', '-a', true],
    ['^[[:digit:][:upper:]_]+$', 'A_9', true],
    ['^[[.-.][=a=]]+$', '-a', true],
    ['^[\\.]$', '\\', true],
    ['^(ab|cd){2,3}$', 'abcdab', true],
    ['^(ab|cd){2,3}$', 'ab', false],
    ['^a{3}$', 'aaa', true],
    ['^a{2,}$', 'a', false],
    ['^a{0}$', '', true],
    ['^(a|)$', '', true],
    ['(a*)*b', 'aaab', true],
    ['^(a?){3}$', 'aa', true],
    ['x\\.y', 'x.y', true],
    ['x\\.y', 'xzy', false],
    ['(^|\\W)DNS:', 'IP:1,DNS:a', true],
    ['^\\w+\\s\\S$', 'ab_9 x', true],
    ['a^b', 'a^b', false],
    ['$^', '', true],
    ['^(a*)(b+)?c*$'.repeat(30).replaceAll('$^', ''), 'abc', true],
  ])('%s and %j: %s', (pattern, text, verdict) => {
    expect(matches(pattern, text)).toBe(verdict);
  });

  test.each([
    ['(', 'unmatched ('],
    [')', 'unmatched )'],
    ['[a', 'unmatched ['],
    ['[[:alpha:', 'unmatched [:'],
    ['[[:nope:]]', 'unknown class [:nope:]'],
    ['[z-a]', 'a range in [ ] must rise'],
    ['*a', 'nothing before * to repeat'],
    ['(+)', 'nothing before + to repeat'],
    ['a{', 'unmatched {'],
    ['a{,}', 'no number in { }'],
    ['a{2,1}', 'numbers in { } must rise and be at most 255'],
    ['a{256}', 'numbers in { } must rise and be at most 255'],
    ['a\\', 'nothing behind \\'],
    ['(a)\\1', 'unknown escape \\1'],
    ['((a{255}){255}){255}', 'regular expression too large'],
    ['((){255}){255}', 'regular expression too large'],
    ['('.repeat(10_000), 'regular expression nested too deep'],
    [`a${'*'.repeat(10_000)}`, 'more than 5 repetitions of one thing'],
  ])('%s is none', (pattern, message) => {
    expect(() => new Ere(pattern)).toThrow(expect.objectContaining({ message }));
    expect(() => new Ere(pattern)).toThrow(EreError);
  });

  test.each([
    ['^(a*)*$', 'b'],
    ['^(a|a)*$', 'b'],
    ['(a|aa)+$', 'b'],
    ['(.*)(.*)(.*)(.*)(.*)x$', ''],
    ['(x+x+)+y', ''],
    ['a{0,255}a{0,255}b', ''],
  ])('%s takes time by its size times the length of the text', (pattern, end) => {
    // A backtracking matcher would not come back before the sun burns out.
    expect(matches(pattern, 'a'.repeat(20_000) + end)).toBe(false);
  });

  test('goes on being right when it has forgotten what it knew', () => {
    const ere = new Ere('(a|b)(a|b){12}c');
    let seed = 1;
    const text = Array.from({ length: 60_000 }, () => {
      seed = (seed * 48271) % 2147483647;
      return seed % 2 === 0 ? 'a' : 'b';
    }).join('');
    expect(ere.matches(text)).toBe(false);
    expect(ere.matches(`${text}c`)).toBe(true);
  });
});

describe('as grep -E', () => {
  const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '[a-c]', '[[:digit:]]', '1', '\\.', '\\+');
  const { pattern } = fc.letrec<{ pattern: string; sequence: string; repeated: string }>((tie) => ({
    pattern: fc.oneof(
      { maxDepth: 3 },
      tie('sequence'),
      fc.tuple(tie('sequence'), tie('sequence')).map(([a, b]) => `${a}|${b}`),
    ),
    sequence: fc.array(tie('repeated'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
    repeated: fc
      .tuple(
        fc.oneof(
          { maxDepth: 3 },
          atom,
          tie('pattern').map((inside) => `(${inside})`),
        ),
        fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,2}', '{2,}'),
      )
      .map(([of, times]) => of + times),
  }));
  const anchored = fc
    .tuple(fc.constantFrom('', '^'), pattern, fc.constantFrom('', '$'))
    .map(([start, middle, end]) => `${start}${middle}${end}`);
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', '1', '.', '+'), maxLength: 8 }), {
    minLength: 1,
    maxLength: 20,
  });

  test('generated patterns and texts', () => {
    fc.assert(
      fc.property(anchored, texts, (pattern, texts) => {
        const { stdout, status } = spawnSync('grep', ['-nE', '-e', pattern], {
          input: `${texts.join('\n')}\n`,
          encoding: 'utf8',
          env: { LC_ALL: 'C' },
        });
        expect(status).toBeLessThan(2);
        const theirs = new Set(stdout.split('\n').flatMap((line) => (line === '' ? [] : Number(line.split(':')[0]))));
        const ere = new Ere(pattern);
        expect(new Set(texts.flatMap((text, i) => (ere.matches(text) ? i + 1 : [])))).toEqual(theirs);
      }),
      { numRuns: 150 },
    );
  });
});

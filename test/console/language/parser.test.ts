import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ScriptError } from '../../../src/console/language/errors.ts';
import { type ParseContext, parse, read } from '../../../src/console/language/parser.ts';
import { tree } from './router.ts';

const context: ParseContext = { tree, path: '/', variables: ['known'] };

function failureOf(source: string): ScriptError | undefined {
  try {
    parse(source, context);
    return undefined;
  } catch (error) {
    if (error instanceof ScriptError) return error;
    throw error;
  }
}

/** Pieces that programs consist of, put together at random. */
const words =
  '/person|/|print|find|where|add|name|=|"|\\|$|$known|[|]|(|)|{|}|!|~|->|,|.|..|:|:put|:local|:if|:foreach|do=|in=|x|1|0x1|1d2h';
const more = '10.0.0.1/8|::1|*1F|and|or|&&|<|>=|-|+|/*|#|é|😀|\ud800|\0| | |\n|;|\\\n|\r\n';
const pieces = fc.constantFrom('||', ...words.split('|'), ...more.split('|'));
const program = fc.oneof(
  fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

describe('any text', () => {
  test('is a program or has a ScriptError at a place in it', () => {
    fc.assert(
      fc.property(program, (source) => {
        const failure = failureOf(source);
        const { offset, line, column } = failure ?? { offset: 0, line: 1, column: 1 };
        expect(offset).toBeLessThanOrEqual(source.length);
        expect(line).toBeLessThanOrEqual(source.split('\n').length);
        expect(column).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });

  test('can be read by an editor, whole and up to any place', () => {
    fc.assert(
      fc.property(program, (source) => {
        const { marks, expected, fault } = read(source, context);
        expect(fault?.message).toBe(failureOf(source)?.message);
        for (const mark of marks) expect([mark.from < mark.to, mark.to <= source.length]).toEqual([true, true]);
        expect(expected?.from ?? 0).toBeLessThanOrEqual(source.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of which a beginning is incomplete may go on, or else stays wrong', () => {
    // A fault that is not `incomplete` can not be mended by typing on: the editor is right to report it.
    fc.assert(
      fc.property(program, program, (start, more) => {
        const failure = failureOf(start);
        fc.pre(failure?.code === 'syntax' && failure.offset < start.length - 1 && !start.endsWith('\\') && !start.endsWith('\r'));
        expect(failureOf(start + more)).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('size and depth', () => {
  test.each([
    ['many lines', '/person/add name="a b" nick=$known\n'.repeat(30_000)],
    ['many variables', Array.from({ length: 30_000 }, (_, i) => `:global v${i} 1; :put $v${i}\n`).join('')],
    ['one long line', `:put ("x"${' . $known'.repeat(120_000)})`],
    ['one long sum', `:put (1${'+1'.repeat(500_000)})`],
    ['one long text', `:put "${'a\\n$known '.repeat(100_000)}"`],
    ['one long array', `:put {${'1;'.repeat(500_000)}}`],
    ['one long condition', `/person/print where ${'!away '.repeat(150_000)}`],
    ['many negations', `:put (${'!'.repeat(1_000_000)}true)`],
    ['many joined lines', `/person/add \\\n${' \\\n'.repeat(300_000)} name=a`],
    ['many comments', '# comment\n'.repeat(100_000)],
    ['many elements', `:put ($known${'->a'.repeat(300_000)})`],
    ['many words of a path', `/${'person/../'.repeat(100_000)}person/print`],
  ])('a million bytes of %s', (_, source) => {
    expect(failureOf(source)).toBeUndefined();
  });

  test.each([['('], ['['], ['{'], ['[('], ['"$('], [':if (true) do={'], ['/person {'], ['{a=']])(
    '%s a hundred thousand times',
    (opened) => {
      expect(failureOf(`:put ${opened.repeat(100_000)}`)).toMatchObject({ code: 'limit' });
      expect(failureOf(opened.repeat(100_000))).toBeInstanceOf(ScriptError);
    },
  );

  test('nesting up to the limit is fine', () => {
    expect(failureOf(`:put ${'('.repeat(100)}1${')'.repeat(100)}`)).toBeUndefined();
    expect(failureOf(`:put ${'[:len '.repeat(100)}1${']'.repeat(100)}`)).toBeUndefined();
    expect(failureOf(`${'{'.repeat(100)}${'}'.repeat(100)}`)).toBeUndefined();
    expect(failureOf(`:put ${'('.repeat(101)}1${')'.repeat(101)}`)).toMatchObject({ code: 'limit' });
  });
});

describe('what may stand at the cursor', () => {
  const expectedAt = (source: string, at = context) => {
    const { expected } = read(source, at);
    return expected === undefined ? undefined : { from: expected.from, ...expected.expectation };
  };

  test.each([
    ['', { from: 0, kind: 'command', start: true }],
    ['per', { from: 0, kind: 'command', start: true }],
    ['/person/pr', { from: 8, kind: 'command', start: false }],
    ['/person ', { from: 8, kind: 'command', start: false }],
    ['/person/print;fi', { from: 14, kind: 'command', start: true }],
    [':pu', { from: 1, kind: 'global' }],
    ['/person/add ', { from: 12, kind: 'argument', path: '/person/add', given: new Set() }],
    ['/person/add name=x ni', { from: 19, kind: 'argument', given: new Set(['name']) }],
    ['/person/add kind=ch', { from: 17, kind: 'value', argument: 'kind' }],
    ['/person/add name="a b', { from: 17, kind: 'value', argument: 'name' }],
    ['/person/remove an', { from: 15, kind: 'argument', unnamed: 'numbers' }],
    ['/person/print where na', { from: 20, kind: 'property', names: ['.id', 'away', 'name', 'age'] }],
    ['/person/print where !away na', { from: 26, kind: 'property' }],
    ['/person/remove [find ag', { from: 21, kind: 'property' }],
    ['/person { pri', { from: 10, kind: 'command', start: true }],
    [':put $kno', { from: 5, kind: 'variable', names: ['known'] }],
    [':put "$kno', { from: 6, kind: 'variable' }],
    [':foreach x in={1} d', { from: 18, kind: 'parameter', name: 'foreach', given: new Set(['counter', 'in']) }],
    ['/person/add \\\n  ni', { from: 16, kind: 'argument' }],
  ])('%s', (source, expectation) => {
    expect(expectedAt(source)).toMatchObject(expectation);
  });

  test('knows the menu where the words are looked up', () => {
    const { expected } = read('/person ', context);
    expect(expected?.expectation).toMatchObject({ menu: { path: '/person' } });
    expect(read('pr', { ...context, path: '/person' }).expected?.expectation).toMatchObject({ menu: { path: '/person' } });
  });

  test('nothing behind a fault', () => {
    expect(expectedAt('/person/nope x')).toBeUndefined();
  });
});

test('pieces of a line have their meaning', () => {
  const source = '/person/add name="x $known" # why';
  expect(read(source, context).marks.map(({ from, to, style }) => [source.slice(from, to), style])).toEqual([
    ['person', 'path'],
    ['add', 'command'],
    ['name', 'argument'],
    ['"x ', 'value'],
    ['$known', 'variable'],
    ['"', 'value'],
    ['# why', 'comment'],
  ]);
});

test('tells where sensitive values stand', () => {
  const source = '/person { add password="a b" name=x; add pass=$known }';
  expect(parse(source, context).sensitive.map(({ from, to }) => source.slice(from, to))).toEqual(['"a b"', '$known']);
});

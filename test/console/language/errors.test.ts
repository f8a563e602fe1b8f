import { describe, expect, test } from 'vitest';
import { ScriptError } from '../../../src/console/language/errors.ts';
import { parse } from '../../../src/console/language/parser.ts';
import { tree } from './router.ts';
import { errorOf } from './run.ts';

describe('errors of the text, with line and column', () => {
  test.each([
    // Words of a path.
    ['/person/sing x', 'bad command name sing (line 1 column 9)'],
    ['sing', 'bad command name sing (line 1 column 1)'],
    ['/person pets lost', 'bad command name lost (line 1 column 14)'],
    ['p', 'bad command name p (line 1 column 1)'],
    [':nope 1', 'bad command name nope (line 1 column 2)'],
    ['/Person/print', 'expected command name (line 1 column 2)'],
    ['/person "print"', 'expected command name (line 1 column 9)'],
    ['(1+2)', 'expected command name (line 1 column 1)'],
    ['/person/print;\n  /person/foo', 'bad command name foo (line 2 column 11)'],
    ['/person { pets { list }\n add\n nope }', 'bad command name nope (line 3 column 2)'],
    // Columns are bytes.
    ['/person/add name="äö€😀" nope=1', 'bad parameter nope (line 1 column 32)'],
    // Arguments.
    ['/person/add nope=1', 'bad parameter nope (line 1 column 13)'],
    ['/person/add n=1', 'bad parameter n (line 1 column 13)'],
    ['/person/add name=a name=b', 'bad parameter name (line 1 column 20)'],
    ['/person/add !nope', 'bad parameter nope (line 1 column 14)'],
    ['/person/print where nmae="x"', 'bad parameter nmae (line 1 column 21)'],
    ['/person/add foo', 'expected end of command (line 1 column 13)'],
    ['/person/remove 1 2', 'expected end of command (line 1 column 18)'],
    ['/person/add name="a"b', 'expected end of command (line 1 column 21)'],
    ['/person/add name=', 'expected input value (line 1 column 18)'],
    ['/person/add name= nick=x', 'expected input value (line 1 column 18)'],
    ['/person/print where name=', 'expected input value (line 1 column 26)'],
    ['/person/print where', 'expected input value (line 1 column 20)'],
    [':local x 1 2', 'expected end of command (line 1 column 12)'],
    [':if (true) do=1', 'syntax error (line 1 column 15)'],
    // Values and expressions.
    [':put (1 +)', 'syntax error (line 1 column 10)'],
    [':put (1 2)', 'syntax error (line 1 column 9)'],
    [':put $nobody', 'syntax error (line 1 column 6)'],
    [':set nobody 1', 'syntax error (line 1 column 6)'],
    [':if (true) do={:local x 1}; :put $x', 'syntax error (line 1 column 34)'],
    [':put "a\\qb"', 'syntax error (line 1 column 8)'],
    [':put {1;2 3}', 'syntax error (line 1 column 11)'],
    [':put a)', 'syntax error (line 1 column 7)'],
    [':put [:len (1])', 'syntax error (line 1 column 14)'],
  ])('%s', async (source, message) => {
    expect((await errorOf(source)).message).toBe(message);
  });
});

describe('the order of the checks', () => {
  test.each([
    ['the whole text is looked at before any word', '/person/sing name="\\q"', 'syntax'],
    ['the path before the arguments', '/person/sing nope=1', 'bad-command'],
    ['an argument name before its value', '/person/add nope=$nobody', 'bad-parameter'],
    ['every word before anything runs', '/person/add kind=bad; /person/nope', 'bad-command'],
    ['values before required arguments', '/person/add kind=bad', 'no-match'],
    ['required arguments at last', '/person/add kind=child', 'missing-value'],
  ])('%s', async (_, source, code) => {
    expect((await errorOf(source)).code).toBe(code);
  });
});

describe('errors of commands', () => {
  test('are bare on a console and have their place in a script', async () => {
    const error = await errorOf(':put "x"\n/person\n/person/pets/list\n  /person/add nick=x');
    expect(error.message).toBe('missing value(s) of argument(s) name');
    expect(error.inScript).toBe('missing value(s) of argument(s) name (/person/add; line 4)');
  });

  test.each([
    ['/person/get nobody', 'no such item', 'no such item (/person/get; line 1)'],
    [':put [/person/get nobody]', 'no such item', 'no such item (/person/get; line 1)'],
    [':error "oh no"', 'oh no', 'oh no (:error; line 1)'],
    [':put (1/0)', 'division by zero', 'division by zero (:put; line 1)'],
    ['/person/print where name~"("', 'bad regular expression: unmatched (', 'bad regular expression: unmatched ( (/person/print; line 1)'],
    [':foreach x in={1} do={\n:error $x}', '1', '1 (:error; line 2)'],
  ])('%s', async (source, bare, inScript) => {
    const { message, inScript: place } = await errorOf(source);
    expect({ message, place }).toEqual({ message: bare, place: inScript });
  });
});

describe('what can not run yet', () => {
  test.each([
    ['/person/pets/list; :execute "x"', 'not supported yet: :execute (line 1 column 20)'],
    [':put 1\n  :parse {1;2} x=[:len 1]', 'not supported yet: :parse (line 2 column 3)'],
    [':global f do={:put $1; :return 5}', 'not supported yet: functions (line 1 column 1)'],
    [':global f 1; $f 1 a=2', 'not supported yet: functions (line 1 column 14)'],
  ])('%s', async (source, message) => {
    expect(await errorOf(source)).toMatchObject({ code: 'not-supported', message });
  });
});

describe('incomplete input', () => {
  const attempt = (source: string) => () => parse(source, { tree, path: '/', variables: [] });

  test.each([
    '{',
    '/person {',
    '/person/add name="a',
    ':put (1 +',
    '[/person/find',
    ':put "$[:len',
    ':put 1 \\',
    'nonsense {',
    ':if (true) do={\n:put 1',
  ])('%s may go on', (source) => {
    expect(attempt(source)).toThrow(expect.objectContaining({ code: 'incomplete' }));
  });

  test.each(['}', ':put (1]', '/person/add name=', ':put "a" )'])('%s is wrong', (source) => {
    expect(attempt(source)).toThrow(ScriptError);
    expect(attempt(source)).not.toThrow(expect.objectContaining({ code: 'incomplete' }));
  });
});

import { describe, expect, it } from 'vitest';
import { assistanceOf } from '../../src/console/language-assistance.ts';
import { tree } from './language/router.ts';

const at = (path: string, before = '') => assistanceOf(() => ({ tree, path, variables: ['count'] }), before);

const offered = async (text: string, path = '/'): Promise<string[]> =>
  (await at(path).complete(text)).candidates.map((each) => each.text + each.after);

const helped = async (text: string, path = '/', columns = 120): Promise<string[]> =>
  (await at(path).help(text, columns)).map((line) => line.map((span) => span.text).join(''));

describe('what Tab offers', () => {
  it.each([
    ['menus and commands, menus with a slash', '', ['log/', 'partner/', 'person/']],
    ['what begins with the word', 'pe', ['person/']],
    ['what a slash may lead to', '/', ['log/', 'partner/', 'person/']],
    ['what is in a menu, after a slash', '/person/', ['add ', 'find ', 'get ', 'pets/', 'print ', 'remove ']],
    ['what is in a menu, after a space', 'person p', ['pets/', 'print ']],
    ['the argument names of a command', '/person/add n', ['name=', 'nick=']],
    ['flags without an equals sign', '/person/print cou', ['count-only ']],
    ['words by the first letters of their parts', '/person/print vl', ['value-list ']],
    ['words by the beginnings of their parts', '/person/print co-o', ['count-only ']],
    ['no argument twice', '/person/add name=x na', []],
    ['the values of an argument', '/person/add kind=', ['adult ', 'child ']],
    ['the values that begin so', '/person/add kind=ch', ['child ']],
    ['the commands of the language', ':loc', ['local ']],
    ['the parameters of a command of the language', ':if true ', ['do=', 'else=']],
    ['variables', ':put $co', ['count']],
    ['nothing where anything may stand', '/person/add name=', []],
  ])('%s', async (_what, text, candidates) => {
    expect(await offered(text)).toEqual(candidates);
  });

  it('is looked up in the menu of the session', async () => {
    expect(await offered('pr', '/person')).toEqual(['print ']);
  });

  it('includes the items of a menu where one is to be named', async () => {
    expect(await offered('/person/remove ')).toEqual(['7 ', 'ann ', 'bob ', 'numbers=']);
    expect(await offered('/person/remove numbers=ann,b')).toEqual(['bob ']);
  });

  it('goes on from the lines before', async () => {
    expect((await at('/', '/person {').complete('pri')).candidates.map((each) => each.text)).toEqual(['print']);
  });
});

describe('what help says', () => {
  it('explains the commands of a menu', async () => {
    expect(await helped('/person/')).toEqual(expect.arrayContaining(['people', '  add     add a person', '  pets/   their pets']));
  });

  it('explains the arguments of a command', async () => {
    expect(await helped('/person/add ')).toEqual([
      'add a person',
      '  name=      name',
      '  nick=      other name',
      '  password=  secret',
      '  kind=      kind',
      '  away=      not here',
    ]);
  });

  it('keeps to its column in a narrow window, and stacks in a very narrow one', async () => {
    expect(await helped('/person/add pass', '/', 40)).toEqual(['add a person', '  password=  secret']);
    expect(await helped('/person/add pass', '/', 20)).toEqual(['add a person', '  password=', '    secret']);
    expect((await helped('/person/', '/', 16)).every((line) => line.length < 16)).toBe(true);
  });

  it('explains an argument with what it may hold', async () => {
    expect(await helped('/person/add kind=')).toEqual(['kind: kind -- child|adult', '  child', '  adult']);
  });

  it('says what is wrong with what was typed', async () => {
    expect(await helped('/person/dad x')).toEqual(['bad command name dad (line 1 column 9)']);
  });
});

describe('the colours of a line', () => {
  const coloured = (text: string): [string, string][] =>
    at('/')
      .highlight(text)
      .map((span) => [span.style, span.text]);

  it('tell menus, commands and arguments apart', () => {
    expect(coloured('/person add name=x nick')).toEqual([
      ['plain', '/'],
      ['path', 'person'],
      ['plain', ' '],
      ['command', 'add'],
      ['plain', ' '],
      ['argument', 'name'],
      ['plain', '='],
      ['value', 'x'],
      ['plain', ' nick'],
    ]);
  });

  it('leave the text as it is, whatever it is', () => {
    for (const text of ['', '{', '"a', 'x;;', '/person/add name="a\\', ':put $count # so', '[[[']) {
      expect(
        coloured(text)
          .map(([, part]) => part)
          .join(''),
      ).toBe(text);
    }
  });
});

describe('a long command', () => {
  it('has colours up to 8192 characters, with the lines before it', () => {
    const styles = (before: number, text: string) =>
      at('/', ' '.repeat(before))
        .highlight(text)
        .map((span) => span.style);
    expect(styles(8184, '/person')).toEqual(['plain', 'path']);
    expect(styles(8184, '/person/')).toEqual(['plain']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../src/bytes/utf8.ts';
import { type Key, KeyDecoder } from '../../src/console/keys.ts';

const esc = '\u001b';
const named = (name: string) => ({ type: 'named', name });
const text = (typed: string) => ({ type: 'text', text: typed });
const keysOf = (...parts: (string | Uint8Array)[]): Key[] => {
  const decoder = new KeyDecoder();
  return parts.flatMap((part) => decoder.push(typeof part === 'string' ? utf8(part) : part));
};

describe('the keys of a terminal', () => {
  it.each([
    ['cursor up', `${esc}[A`, 'up'],
    ['cursor up in application mode', `${esc}OA`, 'up'],
    ['Home of xterm', `${esc}[H`, 'home'],
    ['Home of vt220', `${esc}[1~`, 'home'],
    ['Home of rxvt', `${esc}[7~`, 'home'],
    ['End of xterm', `${esc}OF`, 'end'],
    ['Delete', `${esc}[3~`, 'delete'],
    ['F1 of xterm', `${esc}OP`, 'help'],
    ['F1 of the Linux console', `${esc}[[A`, 'help'],
    ['F1 of vt220', `${esc}[11~`, 'help'],
    ['F3 of xterm', `${esc}OR`, 'search'],
    ['Ctrl-Left', `${esc}[1;5D`, 'word-left'],
    ['Backspace as DEL', '\u007f', 'backspace'],
    ['Backspace as BS', '\b', 'backspace'],
    ['Tab', '\t', 'tab'],
    ['the beginning of a paste', `${esc}[200~`, 'paste-begins'],
  ])('knows %s', (_name, bytes, name) => {
    expect(keysOf(bytes)).toEqual([named(name)]);
  });

  it('reads Ctrl with a letter', () => {
    expect(keysOf('\u0001\u0017')).toEqual([
      { type: 'control', letter: 'A' },
      { type: 'control', letter: 'W' },
    ]);
  });

  it.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR NUL', '\r\u0000'],
  ])('takes %s for one Enter', (_name, bytes) => {
    expect(keysOf(bytes)).toEqual([named('enter')]);
  });

  it('puts characters and sequences together that come in pieces', () => {
    const whole = utf8(`é漢😀${esc}[1;5C`);
    expect(keysOf(...[...whole].map((byte) => Uint8Array.of(byte)))).toEqual([text('é'), text('漢'), text('😀'), named('word-right')]);
  });

  it('gives a whole paste as one text', () => {
    expect(keysOf('print detail\r')).toEqual([text('print detail'), named('enter')]);
  });

  it.each([
    ['an unknown sequence', `${esc}[?1;2c`],
    ['a mouse report', `${esc}[<0;10;5M`],
  ])('leaves out %s', (_name, bytes) => {
    expect(keysOf(`a${bytes}b`)).toEqual([text('ab')]);
  });

  it('leaves out bytes that are no UTF-8 and control characters in two bytes', () => {
    expect(keysOf(Uint8Array.of(0x61, 0xff, 0xc3, 0x28, 0x80, 0xc2, 0x9b, 0x62))).toEqual([text('a(b')]);
  });

  it('loses no more than the noise of a line: what is typed after it comes through', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const keys = keysOf(noise, '~~~~~~~~~~~~~~~~~~~', '\rprint\r');
        expect(keys.slice(-3)).toEqual([named('enter'), text('print'), named('enter')]);
      }),
    );
  });
});

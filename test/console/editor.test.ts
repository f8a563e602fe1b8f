import { describe, expect, it } from 'vitest';
import type { Assistance } from '../../src/console/assistance.ts';
import type { Edited, LineOptions } from '../../src/console/editing.ts';
import { LineEditor } from '../../src/console/editor.ts';
import { History } from '../../src/console/history.ts';
import { KeyReader } from '../../src/console/key-reader.ts';
import { LineBuffer } from '../../src/console/line-buffer.ts';
import { plain } from '../../src/console/style.ts';
import { TestTerminal } from './test-terminal.ts';

const words = ['print', 'export', 'export-certificate', 'import'];

const assistance: Assistance = {
  highlight: (text) => [{ text, style: 'command' }],
  complete(text) {
    const word = /\S*$/.exec(text)?.[0] ?? '';
    const candidates = words.filter((each) => each.startsWith(word)).map((each) => ({ text: each, after: ' ', style: 'command' as const }));
    return Promise.resolve({ word, candidates });
  },
  help: (text) => Promise.resolve([[plain(`help for ${text}`)]]),
  insideString: (text) => text.split('"').length % 2 === 0,
};

const prompt = [plain('> ')];

function editing(options: Partial<LineOptions> = {}, person = new TestTerminal()) {
  const editor = new LineEditor(person, new KeyReader(person));
  const read = (): Promise<Edited> => editor.read({ prompt, assistance, ...options });
  return { person, read };
}

/** The line that some keys make. */
async function typed(keys: string, options: Partial<LineOptions> = {}): Promise<Edited> {
  const { person, read } = editing(options);
  const line = read();
  await person.press(keys);
  return line;
}

function historyOf(...lines: string[]): History {
  const history = new History();
  for (const line of lines) history.add(line);
  return history;
}

const up = '\u001b[A';
const down = '\u001b[B';
const left = '\u001b[D';
const control = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 0x40);

describe('the line editor', () => {
  it.each([
    ['what was typed', 'print\r', 'print'],
    ['an insertion in the middle', `prit${left}n\r`, 'print'],
    ['an insertion at the start', `rint${control('A')}p\r`, 'print'],
    ['a deletion with Backspace', 'prrint\u007f\u007f\u007f\u007fint\r', 'print'],
    ['a deletion with Delete', `xprint\u001b[H\u001b[3~\r`, 'print'],
    ['a deletion with Ctrl-D', `xprint${control('A')}${control('D')}\r`, 'print'],
    ['a line without its end', `print detail${left.repeat(7)}${control('K')}\r`, 'print'],
    ['a line without its start', `export print${left.repeat(5)}${control('U')}\r`, 'print'],
    ['a line without its last word', `print detail ${control('W')}\r`, 'print '],
    ['a killed word at another place', `detail print ${control('W')}${control('A')}${control('Y')}\r`, 'print detail '],
    ['back and forth', `prnt${control('B')}${control('B')}${control('F')}${control('B')}i${control('E')}s\r`, 'prints'],
    ['letters of any script', 'naïve 漢字 😀\r', 'naïve 漢字 😀'],
  ])('gives %s', async (_what, keys, text) => {
    expect(await typed(keys)).toEqual({ kind: 'line', text });
  });

  it('shows the prompt and the line, and ends below them', async () => {
    const { person, read } = editing();
    const line = read();
    await person.press('print');
    expect([person.screen, person.cursor]).toEqual(['> print', [0, 7]]);
    await person.press('\r');
    await line;
    expect(person.cursor).toEqual([1, 0]);
  });

  it('gives up a line at Ctrl-C and leaves it on the screen', async () => {
    const { person, read } = editing();
    const line = read();
    await person.press('remove everything\u0003');
    expect(await line).toEqual({ kind: 'interrupted' });
    expect(person.screen).toBe('> remove everything');
  });

  it('ends at Ctrl-D on an empty line, and when the input ends', async () => {
    expect(await typed(control('D'))).toEqual({ kind: 'end' });
    const { person, read } = editing();
    const line = read();
    await person.end();
    expect(await line).toEqual({ kind: 'end' });
  });

  it('keeps the lines of a paste for the reads that follow', async () => {
    const { person, read } = editing();
    const first = read();
    await person.press('one\rtwo\rthr');
    expect(await first).toEqual({ kind: 'line', text: 'one' });
    expect(await read()).toEqual({ kind: 'line', text: 'two' });
    const third = read();
    await person.press('ee\r');
    expect(await third).toEqual({ kind: 'line', text: 'three' });
    expect(person.lines).toEqual(['> one', '> two', '> three']);
  });

  describe('with a line that is too long', () => {
    const long = 'a'.repeat(LineBuffer.longest);

    it('takes as much as there is room for', async () => {
      expect(await typed(`${long}\r`)).toEqual({ kind: 'line', text: long });
    });

    it('gives no part of it', async () => {
      expect(await typed(`${long}b\r`)).toEqual({ kind: 'too-long' });
      expect(await typed(`${long}b\u007f\r`)).toEqual({ kind: 'too-long' });
      expect(await typed(`${long}b${control('U')}print\r`)).toEqual({ kind: 'line', text: 'print' });
    });

    it('gives no part of it after a look at the history', async () => {
      const history = historyOf('print');
      expect(await typed(`${long}b${up}${down}\r`, { history })).toEqual({ kind: 'too-long' });
      expect(await typed(`${long}b${control('R')}pr${control('C')}\r`, { history })).toEqual({ kind: 'too-long' });
      expect(await typed(`${long}b${up}\r`, { history })).toEqual({ kind: 'line', text: 'print' });
    });

    it('beeps once', async () => {
      const { person, read } = editing();
      void read();
      await person.press(long);
      expect(person.written).not.toContain('\u0007');
      await person.press('b');
      await person.press('c');
      await person.press('\r');
      expect(person.written.split('\u0007').length - 1).toBe(1);
    });

    it('drops the rest of a marked paste with it', async () => {
      const { person, read } = editing();
      const line = read();
      await person.press(`\u001b[200~${long}b\rremove\r`);
      await person.press('reset\r\u001b[201~print\r');
      expect(await line).toEqual({ kind: 'too-long' });
      expect(await read()).toEqual({ kind: 'line', text: 'print' });
    });
  });

  it('shows nothing of a hidden line', async () => {
    const { person, read } = editing({ hidden: true });
    const line = read();
    await person.press('geheim');
    expect([person.screen, person.written.includes('geheim')]).toEqual(['>', false]);
    await person.press('\r');
    expect(await line).toEqual({ kind: 'line', text: 'geheim' });
  });

  describe('history', () => {
    it('goes back and forth, and keeps what was being typed', async () => {
      const history = historyOf('first', 'second');
      expect(await typed(`${up}\r`, { history })).toMatchObject({ text: 'second' });
      expect(await typed(`${up}${up}${up}\r`, { history })).toMatchObject({ text: 'first' });
      expect(await typed(`new${control('P')}${control('P')}${control('N')}${down}er\r`, { history })).toMatchObject({ text: 'newer' });
    });

    it('finds a line by a part of it', async () => {
      const history = historyOf('sign CA', 'print', 'sign Client', 'export');
      expect(await typed(`${control('R')}sign\r`, { history })).toMatchObject({ text: 'sign Client' });
      expect(await typed(`\u001bORsign${control('R')}\r`, { history })).toMatchObject({ text: 'sign CA' });
      expect(await typed(`draft${control('R')}sign${control('C')}\r`, { history })).toMatchObject({ text: 'draft' });
    });

    it('is bounded and leaves out repetitions and empty lines', () => {
      const history = new History({ most: 2 });
      for (const line of ['a', 'b', 'b', ' ', 'c']) history.add(line);
      expect([history.length, history.at(0), history.at(1)]).toEqual([2, 'b', 'c']);
    });
  });

  describe('completion', () => {
    it('completes the only word there is', async () => {
      expect(await typed('pr\tdetail\r')).toMatchObject({ text: 'print detail' });
    });

    it('completes as far as all words agree, and lists them at the second Tab', async () => {
      const { person, read } = editing();
      void read();
      await person.press('ex\t');
      expect(person.screen).toBe('> export');
      await person.press('\t');
      expect(person.lines).toEqual(['> export', 'export              export-certificate', '> export']);
    });

    it('does nothing in a string, nor to the indentation of a pasted script', async () => {
      expect(await typed('"pr\tx"\r')).toMatchObject({ text: '"pr x"' });
      expect(await typed('\tprint\r')).toMatchObject({ text: 'print' });
    });

    it('takes Tab and ? in a marked paste for text', async () => {
      expect(await typed('\u001b[200~pr\t?\u001b[201~\r')).toMatchObject({ text: 'pr ?' });
    });

    it('shows help at F1 and ?, but not in a string', async () => {
      const { person, read } = editing();
      const line = read();
      await person.press('print ?');
      expect(person.lines).toEqual(['> print', 'help for print', '> print']);
      await person.press('\u001bOP"why?"\r');
      expect(await line).toMatchObject({ text: 'print "why?"' });
    });
  });

  describe('on any terminal', () => {
    it.each([
      [1, 1],
      [2, 1],
      [500, 300],
      [0, 0],
    ])('survives one of %d columns and %d rows', async (columns, rows) => {
      const person = new TestTerminal();
      Object.defineProperties(person, { columns: { value: columns }, rows: { value: rows } });
      const { read } = editing({ history: historyOf('x'.repeat(1000)) }, person);
      const line = read();
      await person.press(`漢字 print${left.repeat(3)}x${control('A')}${up}${down}${control('E')}\t\t?${control('L')}!\r`);
      expect(await line).toMatchObject({ text: '漢字 prxint!' });
    });

    it('uses no escape sequence on a dumb one', async () => {
      const { person, read } = editing({ history: historyOf('y'.repeat(200)) }, new TestTerminal({ type: 'dumb' }));
      const line = read();
      await person.press(`print${left}${left}x${control('A')}${up}${down}${control('U')}ok\t\t?${control('L')}\r`);
      expect(await line).toMatchObject({ text: 'ok' });
      expect(person.written).not.toContain('\u001b');
    });

    it('uses colours only where there are some', async () => {
      for (const [type, coloured] of [
        ['xterm', true],
        ['vt100', false],
        ['xterm-mono', false],
        ['dumb', false],
      ] as const) {
        const { person, read } = editing({}, new TestTerminal({ type }));
        void read();
        await person.press('print');
        expect([type, person.written.includes('\u001b[35m')]).toEqual([type, coloured]);
      }
    });

    it('paints the line again when the window changes', async () => {
      const { person, read } = editing({}, new TestTerminal({ columns: 20, rows: 10 }));
      void read();
      await person.press('a line of some length');
      await person.resize(12, 10);
      await person.press('!');
      expect(person.lines).toEqual(['> a line of', 'some length!']);
    });

    it('clears the screen at Ctrl-L and keeps the line', async () => {
      const { person, read } = editing();
      await person.write(new TextEncoder().encode('old\r\n'));
      void read();
      await person.press(`pri${control('L')}nt`);
      expect(person.screen).toBe('> print');
    });
  });
});

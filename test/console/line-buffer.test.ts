import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineBuffer } from '../../src/console/line-buffer.ts';

function lineOf(before: string, after = ''): LineBuffer {
  const line = new LineBuffer();
  line.set(before + after);
  line.move(-after.length);
  return line;
}

const parts = (line: LineBuffer): [string, string] => [line.beforeCursor, line.afterCursor];

const edits = ['backspace', 'delete', 'home', 'end', 'wordLeft', 'wordRight', 'killToEnd', 'killToStart', 'killWord', 'yank'] as const;

function press(line: LineBuffer, key: string): void {
  const edit = edits.find((each) => each === key);
  if (edit === undefined) line.insert(key);
  else line[edit]();
}

describe('the line that is edited', () => {
  it.each([
    ['inserts at the cursor', (line: LineBuffer) => line.insert('X'), ['print X', 'detail']],
    ['deletes before the cursor', (line: LineBuffer) => line.backspace(), ['print', 'detail']],
    ['deletes after the cursor', (line: LineBuffer) => line.delete(), ['print ', 'etail']],
    ['kills to the end', (line: LineBuffer) => line.killToEnd(), ['print ', '']],
    ['kills to the start', (line: LineBuffer) => line.killToStart(), ['', 'detail']],
    ['kills a word', (line: LineBuffer) => line.killWord(), ['', 'detail']],
    ['goes a word to the left', (line: LineBuffer) => line.wordLeft(), ['', 'print detail']],
    ['goes a word to the right', (line: LineBuffer) => line.wordRight(), ['print detail', '']],
  ] as const)('%s', (_does, edit, expected) => {
    const line = lineOf('print ', 'detail');
    edit(line);
    expect(parts(line)).toEqual(expected);
  });

  it('brings back what was killed', () => {
    const line = lineOf('print ', 'detail');
    line.killWord();
    line.end();
    line.yank();
    expect(line.text).toBe('detailprint ');
  });

  it('moves over a character with its accents at once', () => {
    const line = lineOf('e\u0301x');
    line.move(-2);
    expect(parts(line)).toEqual(['', 'e\u0301x']);
    line.delete();
    expect(line.text).toBe('x');
  });

  it('joins an accent that is typed to the character before it', () => {
    const line = lineOf('e');
    line.insert('\u0301');
    line.backspace();
    expect(line.text).toBe('');
  });

  it('leaves out what makes it too long', () => {
    const line = lineOf('a'.repeat(LineBuffer.longest - 1), 'z');
    line.insert('bc');
    expect(line.text.length).toBe(LineBuffer.longest);
    expect(line.text.endsWith('az')).toBe(true);
  });

  it('knows that something was left out until it is empty or another line', () => {
    const line = lineOf('a'.repeat(LineBuffer.longest));
    expect(line.overflowed).toBe(false);
    line.insert('b');
    line.backspace();
    line.insert('a');
    expect(line.overflowed).toBe(true);
    line.killToStart();
    expect(line.overflowed).toBe(false);
    line.insert('a'.repeat(LineBuffer.longest + 1));
    line.set('print');
    expect(line.overflowed).toBe(false);
    line.set('a'.repeat(LineBuffer.longest + 1));
    expect(line.overflowed).toBe(true);
  });

  it('survives whatever keys are pressed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...edits), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 40 }), (keys) => {
        const line = new LineBuffer();
        for (const key of keys) {
          press(line, key);
          expect(line.text).toBe(line.beforeCursor + line.afterCursor);
        }
      }),
    );
  });
});

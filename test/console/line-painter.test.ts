import headless from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinePainter, type Window } from '../../src/console/line-painter.ts';
import { plain, type Span } from '../../src/console/style.ts';

const emulator = (columns: number, rows: number) => new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });

function write(screen: headless.Terminal, text: string): Promise<void> {
  return new Promise((resolve) => {
    screen.write(text, resolve);
  });
}

function picture(screen: headless.Terminal): { lines: string[]; cursor: number[] } {
  const buffer = screen.buffer.active;
  const lines = Array.from({ length: screen.rows }, (_, i) => buffer.getLine(i)?.translateToString(true).trimEnd() ?? '');
  // A cursor after the last column stands where the next character goes.
  return { lines, cursor: [buffer.cursorY, Math.min(buffer.cursorX, screen.cols - 1)] };
}

interface Step {
  readonly spans: readonly Span[];
  readonly cursor: number;
}

/** What a screen shows that had each step painted over the one before. */
async function painted(steps: readonly Step[], window: Window) {
  const screen = emulator(window.columns, window.rows);
  const painter = new LinePainter();
  for (const { spans, cursor } of steps) await write(screen, painter.paint(spans, cursor, window));
  return picture(screen);
}

const step = fc.array(fc.constantFrom('a', 'b', ' ', 'é', '漢', 'e\u0301'), { maxLength: 40 }).chain((characters) =>
  fc.record({
    spans: fc
      .nat(characters.length)
      .map((cut) => [plain(characters.slice(0, cut).join('')), { text: characters.slice(cut).join(''), style: 'command' as const }]),
    cursor: fc.nat(characters.length),
  }),
);

/** A line of more rows than the window may show other rows of it. */
function hasOnePicture(steps: readonly Step[], window: Window): boolean {
  const cells = steps.flatMap((step) => step.spans).reduce((sum, span) => sum + span.text.length * 2, 0);
  return window.rows === 1 || cells < window.columns * window.rows;
}

const window = fc.record({
  // The emulator has no fewer columns.
  columns: fc.integer({ min: 2, max: 12 }),
  rows: fc.integer({ min: 1, max: 6 }),
  movement: fc.boolean(),
  colours: fc.boolean(),
});

describe('the picture of a line that is edited', () => {
  it('is the same whether it was changed step by step or painted at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), window, async (steps, window) => {
        const last = steps.slice(-1);
        fc.pre(hasOnePicture(last, window));
        expect(await painted(steps, window)).toEqual(await painted(last, window));
      }),
      { numRuns: 150 },
    );
  });

  it('wraps at the width of the terminal', async () => {
    expect(await painted([{ spans: [plain('abcdefgh')], cursor: 8 }], { columns: 3, rows: 4, movement: true, colours: false })).toEqual({
      lines: ['abc', 'def', 'gh', ''],
      cursor: [2, 2],
    });
  });

  it('has the cursor on the next row when the line fills one', async () => {
    expect(await painted([{ spans: [plain('abc')], cursor: 3 }], { columns: 3, rows: 2, movement: true, colours: false })).toEqual({
      lines: ['abc', ''],
      cursor: [1, 0],
    });
  });

  it('shows the rows around the cursor of a line that is longer than the screen', async () => {
    const window: Window = { columns: 3, rows: 2, movement: true, colours: false };
    const spans = [plain('abcdefghij')];
    expect((await painted([{ spans, cursor: 10 }], window)).lines).toEqual(['ghi', 'j']);
    expect(
      (
        await painted(
          [
            { spans, cursor: 10 },
            { spans, cursor: 0 },
          ],
          window,
        )
      ).lines,
    ).toEqual(['abc', 'def']);
  });

  it('keeps to one row, and off its last column, where the cursor can not be moved up', async () => {
    const dumb: Window = { columns: 6, rows: 3, movement: false, colours: false };
    expect(await painted([{ spans: [plain('abcdefgh')], cursor: 8 }], dumb)).toEqual({ lines: ['fgh', '', ''], cursor: [0, 3] });
  });

  it('sends one character for one that is added at the end', () => {
    const painter = new LinePainter();
    const wide: Window = { columns: 80, rows: 24, movement: true, colours: true };
    painter.paint([plain('prin')], 4, wide);
    expect(painter.paint([plain('print')], 5, wide)).toBe('t');
  });

  it('lets no control character through', () => {
    const painter = new LinePainter();
    expect(painter.paint([plain('a\u001b[2Jb\u009b')], 0, { columns: 80, rows: 24, movement: true, colours: false })).toBe('a?[2Jb?\r');
  });
});

import { expect, test } from 'vitest';
import { visibleText } from '../../src/x509/visible-text.ts';

test.each([
  ['plain text in any language stays', 'Zażółć Ελλάδα 例え 😀', 'Zażółć Ελλάδα 例え 😀'],
  ['an escape sequence that would clear the screen', '\u001b[2J', String.raw`\1B[2J`],
  ['a NUL that would end the text elsewhere', 'good.example\u0000.evil', String.raw`good.example\00.evil`],
  ['a line feed and a C1 control', 'a\n\u009b', String.raw`a\0A\C2\9B`],
  ['a mark that turns the direction of writing', 'a\u202eb', String.raw`a\E2\80\AEb`],
  ['a line separator and a zero width space', '\u2028\u200b', String.raw`\E2\80\A8\E2\80\8B`],
  ['a backslash, so that escapes can be told from text', String.raw`\1B`, String.raw`\\1B`],
])('%s', (_, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

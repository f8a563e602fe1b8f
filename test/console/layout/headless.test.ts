import { expect, test } from 'vitest';
import { listingLines } from '../../../src/console/layout/result.ts';
import { certificates, log } from './certificates.ts';

test('a log is printed as lines, without header and numbers, and is never cut', () => {
  const message = 'x'.repeat(100);
  expect([...listingLines(log([{ time: '20:00:00', message }], { layout: 'brief' }), { width: 40 })]).toEqual([` 20:00:00 ${message}`]);
});

test('control characters in a log are shown, not obeyed', () => {
  expect([...listingLines(log([{ time: 'now', message: 'a\u001b[2Jb' }], { layout: 'brief' }), {})].join('')).not.toContain('\u001b');
});

test('a list longer than a line is broken behind a comma', () => {
  const usages = Array.from({ length: 12 }, (_, i) => `usage-${i}`).join(',');
  const lines = [...listingLines(certificates([{ name: 'a', 'key-usage': usages }], { layout: 'detail' }), { width: 60 })];
  const broken = lines.filter((line) => line.includes('usage-')).slice(0, -1);
  expect(broken.length).toBeGreaterThan(1);
  for (const line of broken) expect(line).toMatch(/(,|" )$/);
});

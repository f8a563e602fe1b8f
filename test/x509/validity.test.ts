import { expect, test } from 'vitest';
import { validityOf } from '../../src/x509/validity.ts';
import { errorLike } from '../mutations.ts';

const seconds = (iso: string): number => Date.parse(iso) / 1000;

test.each([
  ['2026-01-01T12:00:00Z', 365, '2027-01-01T12:00:00Z'],
  ['2024-02-28T00:00:00Z', 1, '2024-02-29T00:00:00Z'],
  ['2026-01-01T00:00:00Z', 0, '2026-01-01T00:00:00Z'],
  ['2026-01-01T00:00:00Z', 4_294_967_295, '9999-12-31T23:59:59Z'],
  ['9999-12-31T00:00:00Z', 1, '9999-12-31T23:59:59Z'],
])('from %s, %d days', (from, days, until) => {
  expect(validityOf(seconds(from), days)).toBe(seconds(until));
});

test.each([-1, 0.5, Number.NaN])('%s days are refused', (days) => {
  expect(() => validityOf(0, days)).toThrow(errorLike('X509Error', 'validity', /^days-valid: expected a whole number of days/));
});

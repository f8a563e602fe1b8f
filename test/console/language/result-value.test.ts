import { expect, test } from 'vitest';
import { valueOfResult } from '../../../src/console/language/result-value.ts';
import { certificates } from '../layout/certificates.ts';

test('a print as a value asks for memory before it is all there', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => ({ name: `c${i}` }));
  let asked = 0;
  const value = () =>
    valueOfResult({ kind: 'listing', listing: certificates(many, { layout: 'as-value' }) }, () => {
      if (++asked === 3) throw new Error('too little memory');
    });
  expect(value).toThrow('too little memory');
  asked = Number.NEGATIVE_INFINITY;
  expect(value()).toMatchObject({ type: 'array', elements: { length: 10_000 } });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DerErrorCode } from '../../src/der/errors.ts';
import { decodeDer } from '../../src/der/reader.ts';
import { decodeGeneralizedTime, decodeUtcTime, encodeGeneralizedTime, encodeTime, latestInstant } from '../../src/der/time.ts';
import { generalizedTime, time } from '../../src/der/writer.ts';
import { errorLike } from '../mutations.ts';

function refused(code: DerErrorCode, message: string | RegExp): object {
  return errorLike('DerError', code, message);
}

const seconds = (iso: string): number => Date.parse(iso) / 1000;

describe('the form follows the year (RFC 5280 4.1.2.5)', () => {
  test.each([
    ['1949-12-31T23:59:59Z', 'generalized', '19491231235959Z'],
    ['1950-01-01T00:00:00Z', 'utc', '500101000000Z'],
    ['1999-12-31T23:59:59Z', 'utc', '991231235959Z'],
    ['2000-02-29T12:00:01Z', 'utc', '000229120001Z'],
    ['2049-12-31T23:59:59Z', 'utc', '491231235959Z'],
    ['2050-01-01T00:00:00Z', 'generalized', '20500101000000Z'],
    ['9999-12-31T23:59:59Z', 'generalized', '99991231235959Z'],
  ])('%s', (iso, type, text) => {
    expect(encodeTime(seconds(iso))).toEqual({ type, text });
    const decode = { utc: decodeUtcTime, generalized: decodeGeneralizedTime }[type];
    expect(decode?.(text)).toBe(seconds(iso));
  });

  test('the latest time is the last second of the year 9999', () => {
    expect(latestInstant).toBe(seconds('9999-12-31T23:59:59Z'));
  });
});

test.each(['500101000000', '5001010000Z', '500101000000+0000', '50010100000000Z', '5001010000 0Z', '50-101000000Z'])(
  'UTCTime %s is not of the form YYMMDDHHMMSSZ',
  (text) => {
    expect(() => decodeUtcTime(text)).toThrow(refused('form', /UTCTime|digits/));
  },
);

test.each(['20500101000000', '205001010000Z', '20500101000000.5Z', '20500101000000+0100', '2050010100000aZ'])(
  'GeneralizedTime %s is not of the form YYYYMMDDHHMMSSZ',
  (text) => {
    expect(() => decodeGeneralizedTime(text)).toThrow(refused('form', /GeneralizedTime|digits/));
  },
);

test.each([
  '20230229000000Z',
  '21000229000000Z',
  '20240230000000Z',
  '20240431000000Z',
  '20241301000000Z',
  '20240001000000Z',
  '20240100000000Z',
  '20240101240000Z',
  '20240101006000Z',
  '20240101000060Z',
])('there is no %s', (text) => {
  expect(() => decodeGeneralizedTime(text)).toThrow(refused('value', /no such time/));
});

test.each([Number.NaN, 0.5, latestInstant + 1, -62_167_219_201])('%s has no encoding', (instant) => {
  expect(() => time(instant)).toThrow(refused('value', /whole seconds between the years 0 and 9999/));
});

const instants = fc.integer({ min: -62_167_219_200, max: latestInstant });

describe('properties', () => {
  test('the text is what the host calls the time', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const iso = new Date(instant * 1000).toISOString().replaceAll(/\D/g, '').slice(0, 14);
        expect(encodeGeneralizedTime(instant)).toBe(`${iso}Z`);
      }),
    );
  });

  test('every second comes back from both types', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(decodeDer('test', time(instant), 20, (r) => r.time())).toBe(instant);
        expect(decodeDer('test', generalizedTime(instant), 20, (r) => r.generalizedTime())).toBe(instant);
      }),
    );
  });
});

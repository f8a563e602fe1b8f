import type { Instant } from '../platform/clock.ts';
import { DerError } from './errors.ts';

/** 9999-12-31T23:59:59Z: "no well-defined expiration date" (RFC 5280 4.1.2.5) and the last time that has a DER. */
export const latestInstant: Instant = 253_402_300_799;

/** 0000-01-01T00:00:00Z, the first time that has a DER. */
const earliestInstant: Instant = -62_167_219_200;

const day = 86_400;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** YYMMDDHHMMSSZ; the years 50 to 99 are of the twentieth century (RFC 5280 4.1.2.5.1). */
export function decodeUtcTime(text: string): Instant {
  if (text.length !== 13 || !text.endsWith('Z')) throw new DerError('form', 'expected a UTCTime of the form YYMMDDHHMMSSZ');
  const year = digits(text, 0, 2);
  return instantOf(year < 50 ? 2000 + year : 1900 + year, text.slice(2));
}

/** YYYYMMDDHHMMSSZ, without fractions (RFC 5280 4.1.2.5.2). */
export function decodeGeneralizedTime(text: string): Instant {
  if (text.length !== 15 || !text.endsWith('Z')) throw new DerError('form', 'expected a GeneralizedTime of the form YYYYMMDDHHMMSSZ');
  return instantOf(digits(text, 0, 4), text.slice(4));
}

/** UTCTime's text for 1950 to 2049, GeneralizedTime's for every other year (RFC 5280 4.1.2.5). */
export function encodeTime(instant: Instant): { readonly type: 'utc' | 'generalized'; readonly text: string } {
  const text = encodeGeneralizedTime(instant);
  const inUtcTime = text >= '19500101' && text < '2050';
  return inUtcTime ? { type: 'utc', text: text.slice(2) } : { type: 'generalized', text };
}

/** YYYYMMDDHHMMSSZ. Throws `DerError` for what is no whole second of the years 0 to 9999. */
export function encodeGeneralizedTime(instant: Instant): string {
  if (!Number.isInteger(instant) || instant < earliestInstant || instant > latestInstant) {
    throw new DerError('value', `expected a time in whole seconds between the years 0 and 9999, found ${instant}`);
  }
  const days = Math.floor(instant / day);
  const { year, month, dayOfMonth } = dateOf(days);
  const seconds = instant - days * day;
  const fields = [month, dayOfMonth, Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${String(year).padStart(4, '0')}${fields.map((field) => String(field).padStart(2, '0')).join('')}Z`;
}

function instantOf(year: number, rest: string): Instant {
  const month = digits(rest, 0, 2);
  const dayOfMonth = digits(rest, 2, 2);
  const hour = digits(rest, 4, 2);
  const minute = digits(rest, 6, 2);
  const second = digits(rest, 8, 2);
  const length = (monthLengths[month - 1] ?? 0) + (month === 2 && isLeap(year) ? 1 : 0);
  if (dayOfMonth < 1 || dayOfMonth > length || hour > 23 || minute > 59 || second > 59) {
    throw new DerError('value', `there is no such time: ${year} ${rest}`);
  }
  return daysOf(year, month, dayOfMonth) * day + hour * 3600 + minute * 60 + second;
}

function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) throw new DerError('form', 'expected digits in a time');
    value = value * 10 + digit;
  }
  return value;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

const daysIn400Years = 146_097;
/** Days from 0000-03-01 to 1970-01-01: years are counted from March, so that a leap day is the last of its year. */
const epoch = 719_468;

function daysOf(year: number, month: number, dayOfMonth: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * daysIn400Years + dayOfEra - epoch;
}

function dateOf(days: number): { readonly year: number; readonly month: number; readonly dayOfMonth: number } {
  const shifted = days + epoch;
  const era = Math.floor(shifted / daysIn400Years);
  const dayOfEra = shifted - era * daysIn400Years;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

import type { PlainType } from './argument.ts';
import { invalidValue, noMatch } from './errors.ts';
import { formatValue, type Value } from './value.ts';

/** Any text. */
export const text: PlainType<string> = {
  describes: 'string value',
  read: (value) => formatValue(value),
};

/** yes or no; also true and false, as REST writes them. */
export const yesNo: PlainType<boolean> = {
  describes: 'yes | no',
  read(value, argument) {
    if (typeof value === 'boolean') return value;
    const word = formatValue(value);
    if (word === 'yes' || word === 'true') return true;
    if (word === 'no' || word === 'false') return false;
    throw noMatch(argument);
  },
  completions: () => ['yes', 'no'],
};

/** A bare word that means yes (`print detail`); over REST `"detail":""`. */
export const present: PlainType<boolean> = {
  describes: '',
  read: (value, argument) => value === null || value === '' || yesNo.read(value, argument, noCaller),
};

const noCaller = { user: '', policies: new Set<never>() };

/** A whole number between `least` and `most`. */
export function integer(least: number, most: number): PlainType<number> {
  return {
    describes: `${least}..${most}    (integer number)`,
    read(value, argument) {
      const number = typeof value === 'number' ? value : integerOf(formatValue(value));
      if (number === undefined || number < least || number > most) throw invalidValue(argument);
      return number;
    },
  };
}

function integerOf(digits: string): number | undefined {
  const number = /^(-?[0-9]{1,15}|0x[0-9A-Fa-f]{1,12})$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** One of some words. */
export function oneOf<const Word extends string>(words: readonly Word[]): PlainType<Word> {
  return {
    describes: words.join('|'),
    read(value, argument) {
      const given = formatValue(value);
      const word = words.find((each) => each === given);
      if (word === undefined) throw noMatch(argument);
      return word;
    },
    completions: () => words,
  };
}

/** Some of some words, separated by commas or as an array; in the order given, each once. */
export function someOf<const Word extends string>(words: readonly Word[]): PlainType<readonly Word[]> {
  const one = oneOf(words);
  return {
    describes: `${words.join('|')}[,...]`,
    read: (value, argument, caller) => [...new Set(wordsOf(value).map((word) => one.read(word, argument, caller)))],
    completions: () => words,
  };
}

/** Texts separated by commas or as an array. */
export const texts: PlainType<readonly string[]> = {
  describes: 'list of string values',
  read: (value) => wordsOf(value),
};

function wordsOf(value: Value): readonly string[] {
  if (value !== null && typeof value === 'object' && value.type === 'array') {
    return value.elements.flatMap((each) => (each.key === undefined ? wordsOf(each.value) : [`${each.key}=${formatValue(each.value)}`]));
  }
  const given = formatValue(value);
  return given === '' ? [] : given.split(',');
}

const unitSeconds: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** Milliseconds of `1w2d`, `90s`, `00:05:00` or `1d03:00:00`, or undefined for any other text. */
export function parseDuration(given: string): number | undefined {
  const match = /^((?:[0-9]{1,9}[wdhms])*)(?:([0-9]{1,4}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,3})?)?)?$/.exec(given);
  if (match === null || given === '') return undefined;
  const [, units = '', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  let total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction);
  for (const [, count = '0', unit = 's'] of units.matchAll(/([0-9]+)([wdhms])/g)) total += Number(count) * (unitSeconds[unit] ?? 0);
  return Math.round(total * 1000);
}

/** A time interval in milliseconds between `least` and `most` milliseconds; a bare number means seconds. */
export function duration(least: number, most: number): PlainType<number> {
  return {
    describes: 'time interval',
    read(value, argument) {
      const milliseconds = millisecondsOf(value);
      if (milliseconds === undefined || milliseconds < least || milliseconds > most) throw invalidValue(argument);
      return milliseconds;
    },
  };
}

function millisecondsOf(value: Value): number | undefined {
  if (typeof value === 'number') return value * 1000;
  if (value !== null && typeof value === 'object' && value.type === 'time') return value.milliseconds;
  const given = formatValue(value);
  const number = integerOf(given);
  return number === undefined ? parseDuration(given) : number * 1000;
}

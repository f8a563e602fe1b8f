import { CertificateError } from './errors.ts';

const longest = 200;

/** Control characters and the marks that turn or hide text: they must not reach a terminal from a name. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Throws unless `name` can be the name of an item. */
export function checkItemName(name: string): void {
  if (name === '') throw new CertificateError('bad-value', 'name: expected at least one character');
  const length = [...name].length;
  if (length > longest) throw new CertificateError('bad-value', `name: expected at most ${longest} characters, found ${length}`);
  if (name.search(unprintable) !== -1) throw new CertificateError('bad-value', 'name: expected no control characters');
}

export function nameTaken(): CertificateError {
  return new CertificateError('name-taken', 'certificate with the same name already exists');
}

/** `text`, or as much of it as can be a name; undefined if nothing is left. */
export function itemNameFrom(text: string): string | undefined {
  const name = [...text.replaceAll(unprintable, '')].slice(0, longest - 10).join('');
  return name === '' ? undefined : name;
}

/** The first of BASE_n that is not taken, n counted from `from`. */
export function numberedName(base: string, from: number, taken: (name: string) => boolean): string {
  let n = from;
  while (taken(`${base}_${n}`)) n++;
  return `${base}_${n}`;
}

/** BASE if it is not taken, else the first of BASE_1, BASE_2 … that is not. */
export function freeName(base: string, taken: (name: string) => boolean): string {
  return taken(base) ? numberedName(base, 1, taken) : base;
}

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

/** BASE_n with an n of `from` or more that is not taken, found in few looks where thousands are. */
export function numberedName(base: string, from: number, taken: (name: string) => boolean): string {
  if (!taken(`${base}_${from}`)) return `${base}_${from}`;
  let [used, free] = [from, from + 1];
  while (taken(`${base}_${free}`)) [used, free] = [free, 2 * free];
  while (free - used > 1) {
    const middle = Math.floor((used + free) / 2);
    if (taken(`${base}_${middle}`)) used = middle;
    else free = middle;
  }
  return `${base}_${free}`;
}

/** BASE if it is not taken, else BASE_1, BASE_2 …: one that is not. */
export function freeName(base: string, taken: (name: string) => boolean): string {
  return taken(base) ? numberedName(base, 1, taken) : base;
}

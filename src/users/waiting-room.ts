import { UserError } from './errors.ts';

/** Of those whose passwords are looked at, or have to wait for that: altogether, and from one place. */
const most = 16;
const mostFromOnePlace = 4;

/** Those who wait to be let in: more than a few would be memory that a guesser takes. */
export class WaitingRoom {
  readonly #places = new Map<string, number>();
  #total = 0;

  /** Does somebody from this place wait? */
  has(place: string): boolean {
    return this.#places.has(place);
  }

  /** What it returns is called by who leaves. Throws `UserError` `too-many`. */
  enter(place: string): () => void {
    const here = this.#places.get(place) ?? 0;
    if (this.#total >= most || here >= mostFromOnePlace) throw new UserError('too-many', 'too many wait to be let in');
    this.#total++;
    this.#places.set(place, here + 1);
    return () => {
      this.#total--;
      const left = (this.#places.get(place) ?? 1) - 1;
      if (left === 0) this.#places.delete(place);
      else this.#places.set(place, left);
    };
  }
}

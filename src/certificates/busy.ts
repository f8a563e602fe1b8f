import type { StoredCertificate } from '../store/stored-certificate.ts';
import { CertificateError } from './errors.ts';

/** The items that a long command works on, which nothing else may change meanwhile; and work that is done one after another. */
export class BusyItems {
  readonly #ids = new Set<number>();
  #turns: Promise<unknown> = Promise.resolve();

  /** Throws `CertificateError` `busy` if a command works on the item. */
  check(item: StoredCertificate): void {
    if (this.#ids.has(item.id)) throw new CertificateError('busy', `${item.name} is busy: another command works on it`);
  }

  /** Does `work` with the item held. */
  async hold<T>(item: StoredCertificate, work: () => Promise<T>): Promise<T> {
    this.check(item);
    const { id } = item;
    this.#ids.add(id);
    try {
      return await work();
    } finally {
      this.#ids.delete(id);
    }
  }
  /** Does `work` when all that was to be done in turn before it has ended. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(work);
    this.#turns = turn.catch(() => undefined);
    return turn;
  }
}

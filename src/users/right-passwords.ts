import { concat } from '../bytes/bytes.ts';
import { utf8 } from '../bytes/utf8.ts';
import type { Clock } from '../platform/clock.ts';
import type { Crypto } from '../platform/crypto.ts';
import type { Random } from '../platform/random.ts';
import { Recent } from './recent.ts';

/** Milliseconds for which a password is known to be right. */
const memory = 300_000;
/** Of more users than so many, the ones who proved it longest ago are forgotten. */
const capacity = 64;

/**
 * Passwords that were right lately, so that who sends one with each request costs a small router one hash in five minutes. What is kept is
 * an HMAC under a key that nobody else has and that ends with the program; it is of the stored hash, too, so that a password that was
 * changed is not known any more.
 */
export class RightPasswords {
  readonly #crypto: Pick<Crypto, 'hmac' | 'equal'>;
  readonly #key: Uint8Array;
  /** MACs by the name of the user. */
  readonly #known: Recent<Uint8Array>;

  constructor(crypto: Pick<Crypto, 'hmac' | 'equal'>, random: Random, clock: Pick<Clock, 'monotonic'>) {
    this.#crypto = crypto;
    this.#known = new Recent(clock, memory, capacity);
    this.#key = random.bytes(32);
  }

  /** Was this the user's password lately, and is it still? Unknown where none was. `stored` is their password as it is stored now. */
  judge(name: string, password: string, stored: string): 'right' | 'wrong' | 'unknown' {
    const right = this.#known.get(name);
    if (right === undefined) return 'unknown';
    return this.#crypto.equal(right.value, this.#mac(password, stored)) ? 'right' : 'wrong';
  }

  /** @param stored the password as it was stored before it was found to be right */
  remember(name: string, password: string, stored: string): void {
    this.#known.note(name, this.#mac(password, stored));
  }

  /** A stored password has no zero byte in it. */
  #mac(password: string, stored: string): Uint8Array {
    const secret = utf8(password);
    const message = concat([utf8(stored), Uint8Array.of(0), secret]);
    try {
      return this.#crypto.hmac('sha256', this.#key, message);
    } finally {
      secret.fill(0);
      message.fill(0);
    }
  }
}

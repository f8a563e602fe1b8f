import { KeyError } from './errors.ts';

/** More rounds than this in one derivation are not done: seconds on a PC, minutes on a small router. */
const mostRounds = 5_000_000;

/** All derivations of one file together: a PKCS#12 file of many keys, each with its own salt, must not go on for hours. */
const mostRoundsOfFile = 4 * mostRounds;

/** scrypt's memory in bytes, 32 MiB and the blocks beside them, and how often it is gone over. */
const mostMemory = 33 << 20;
const mostPasses = 16;

/** What the derivations of one file may still cost. */
export class CostLimit {
  #left = mostRoundsOfFile;

  /** Throws `KeyError`: `too-costly`, or `damaged` for no rounds at all. */
  spendRounds(rounds: number): void {
    if (rounds < 1) throw new KeyError('damaged', 'expected at least 1 round of hashing the passphrase');
    if (rounds > mostRounds)
      throw new KeyError('too-costly', `the file asks for ${rounds} rounds of hashing the passphrase, more than ${mostRounds}`);
    this.#spend(rounds);
  }

  /** Throws `KeyError` `too-costly`. */
  spendScrypt(cost: number, blockSize: number, parallel: number): void {
    // RFC 7914 6: N blocks of 128 * r bytes, and the p that it begins with.
    const memory = 128 * blockSize * (cost + parallel);
    if (memory > mostMemory)
      throw new KeyError('too-costly', `the file asks for scrypt with ${memory} bytes of memory, more than ${mostMemory}`);
    if (parallel > mostPasses) throw new KeyError('too-costly', `the file asks for ${parallel} passes of scrypt, more than ${mostPasses}`);
    this.#spend(mostRounds);
  }

  #spend(rounds: number): void {
    this.#left -= rounds;
    if (this.#left < 0)
      throw new KeyError('too-costly', `the file asks for more than ${mostRoundsOfFile} rounds of hashing the passphrase in all`);
  }
}

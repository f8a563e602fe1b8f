import { DerError } from '../der/errors.ts';
import { type Crypto, CryptoError } from '../platform/crypto.ts';
import { X509Error } from '../x509/errors.ts';
import { ValidationError } from './errors.ts';

/** How much one validation may take, whoever made the certificates. */
export interface Limits {
  /** Signatures looked at: what costs most, 10 ms each on a small CPU with RSA. */
  readonly signatures: number;
  /** Issuers tried in all paths together. */
  readonly candidates: number;
  /** Comparisons of a name with a name constraint. */
  readonly comparisons: number;
  /** Certificates in a path, from the one that is verified to the anchor. */
  readonly length: number;
}

export const defaultLimits: Limits = { signatures: 128, candidates: 4096, comparisons: 1 << 16, length: 16 };

/** What one validation has taken so far, and the signatures it has looked at. */
export class Work {
  readonly #crypto: Pick<Crypto, 'verify'>;
  readonly #left: { signatures: number; candidates: number; comparisons: number };
  readonly #verified = new Map<object, { readonly publicKey: Uint8Array; readonly good: Promise<boolean> }[]>();
  readonly length: number;

  constructor(crypto: Pick<Crypto, 'verify'>, limits: Limits) {
    this.#crypto = crypto;
    this.#left = { signatures: limits.signatures, candidates: limits.candidates, comparisons: limits.comparisons };
    this.length = limits.length;
  }

  /** Throws `ValidationError` `limit` when more was asked for than there is. */
  take(what: 'signatures' | 'candidates' | 'comparisons', count = 1): void {
    this.#left[what] -= count;
    if (this.#left[what] < 0) throw new ValidationError('limit', `gave up: too many ${what} to look at`);
  }

  /**
   * Whether the key signed the document, as `check` finds out: once for each pair. Throws `ValidationError` `algorithm` where that can't be told.
   */
  async verify(
    label: string,
    document: object,
    publicKey: Uint8Array,
    check: (crypto: Pick<Crypto, 'verify'>) => Promise<boolean>,
  ): Promise<boolean> {
    const known = this.#verified.get(document) ?? [];
    this.#verified.set(document, known);
    const before = known.find((one) => one.publicKey === publicKey);
    try {
      if (before !== undefined) return await before.good;
      this.take('signatures');
      const good = check(this.#crypto);
      known.push({ publicKey, good });
      return await good;
    } catch (error) {
      const unusable = error instanceof X509Error || error instanceof DerError || error instanceof CryptoError;
      throw unusable ? new ValidationError('algorithm', `${label}: ${error.message}`) : error;
    }
  }
}

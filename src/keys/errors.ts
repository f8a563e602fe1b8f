import { DerError } from '../der/errors.ts';
import { type DerReader, decodeDer } from '../der/reader.ts';

/**
 * `wrong-passphrase`: it does not open the file (or what it opens was altered where nothing can tell);
 * `passphrase-needed`: the key is encrypted and no passphrase was given; `damaged`: not what it claims to be, whatever the passphrase;
 * `unsupported`: an algorithm that is not used here; `too-costly`: it asks for more work than anyone should do.
 */
export type KeyErrorCode = 'wrong-passphrase' | 'passphrase-needed' | 'damaged' | 'unsupported' | 'too-costly';

/** A private key or a file of keys that can't be used. The message says what was found; no secret is in it. */
export class KeyError extends Error {
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string) {
    super(message);
    this.name = 'KeyError';
    this.code = code;
  }
}

/** What `read` reads from a whole document; a `DerError` on the way becomes a `KeyError` `damaged`. */
export function decode<T>(document: string, der: Uint8Array, limit: number, read: (r: DerReader) => T): T {
  return orDamaged(() => decodeDer(document, der, limit, read));
}

/** The result of `work`; a `DerError` becomes a `KeyError` `damaged`. */
export function orDamaged<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DerError ? new KeyError('damaged', error.message) : error;
  }
}

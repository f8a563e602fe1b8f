import { equalBytes } from '../src/bytes/bytes.ts';
import { flipped } from './bytes.ts';

type ErrorClass = abstract new (...args: never[]) => Error;

/** What `decode` gives, or nothing when it throws an error of these classes; any other error is a crash and is thrown. */
export function unlessRefused<T>(errors: readonly ErrorClass[], decode: () => T): T[] {
  try {
    return [decode()];
  } catch (error) {
    if (errors.some((known) => error instanceof known)) return [];
    throw error;
  }
}

/** A document that a codec still reads though it was damaged, and what it makes of it. */
export interface Survivor<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/**
 * The documents that a codec still reads among a valid one cut short at every byte and with every single bit turned over.
 * Throws where it crashes: where it throws an error of another class than those given.
 */
export function survivors<T>(valid: Uint8Array, errors: readonly ErrorClass[], decode: (bytes: Uint8Array) => T): Survivor<T>[] {
  const cut = Array.from({ length: valid.length }, (_, length) => valid.slice(0, length));
  const turned = Array.from({ length: valid.length * 8 }, (_, bit) => flipped(valid, bit));
  return [...cut, ...turned].flatMap((bytes) => unlessRefused(errors, () => ({ bytes, value: decode(bytes) })));
}

/** For `toThrow`: an error with this name, code and text in its message. */
export function errorLike(name: string, code: string, message: string | RegExp): object {
  return { asymmetricMatch: (error: unknown) => isLike(error, name, code, message), toString: () => `${name} ${code}: ${String(message)}` };
}

function isLike(error: unknown, name: string, code: string, message: string | RegExp): boolean {
  if (!(error instanceof Error) || error.name !== name || !('code' in error) || error.code !== code) return false;
  return typeof message === 'string' ? error.message.includes(message) : message.test(error.message);
}

/** Documents that are signed: what was signed, how, and the signature. */
interface SignedParts {
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
}

/** Survivors whose parts are all those of the valid document: damage that nobody would notice. */
export function unnoticed<T extends SignedParts>(valid: T, found: readonly Survivor<T>[]): Survivor<T>[] {
  const parts = (signed: SignedParts): Uint8Array[] => [signed.tbs, signed.signatureAlgorithm, signed.signature];
  const expected = parts(valid);
  return found.filter(({ value }) => parts(value).every((part, i) => equalBytes(part, expected[i] ?? new Uint8Array())));
}

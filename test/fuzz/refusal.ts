import { DerError } from '../../src/der/errors.ts';
import { KeyError } from '../../src/keys/errors.ts';
import { PemError } from '../../src/pem/errors.ts';
import { CryptoError } from '../../src/platform/crypto.ts';
import { SftpError } from '../../src/sftp/protocol.ts';
import { UserError } from '../../src/users/errors.ts';
import { ValidationError } from '../../src/validation/errors.ts';
import { X509Error } from '../../src/x509/errors.ts';

const refusals = [DerError, KeyError, PemError, UserError, X509Error, CryptoError, SftpError, ValidationError] as const;

/** True for the errors that a decoder may throw at bad input; anything else that comes out of one is a finding. */
export function isRefusal(error: unknown): boolean {
  return refusals.some((kind) => error instanceof kind);
}

/** What a decoder reads, or undefined where it refuses. */
export function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Throws, which the fuzzer takes for a finding, unless the bytes are the same. */
export function expectSame(what: string, actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  throw new Error(`${what}: ${Buffer.from(actual).toString('hex')} instead of ${Buffer.from(expected).toString('hex')}`);
}

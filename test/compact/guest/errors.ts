import { Cancelled } from '../../../src/platform/cancel.ts';
import { ClockError } from '../../../src/platform/clock.ts';
import { CryptoError, type CryptoErrorCode } from '../../../src/platform/crypto.ts';
import { DatabaseError, type DatabaseErrorCode } from '../../../src/platform/database.ts';
import { FileError, type FileErrorCode } from '../../../src/platform/files.ts';
import { KeyGenerationError, type KeyGenerationErrorCode } from '../../../src/platform/keygen.ts';
import { NetworkError, type NetworkErrorCode } from '../../../src/platform/network.ts';

const classes = [
  Cancelled,
  ClockError,
  CryptoError,
  DatabaseError,
  FileError,
  KeyGenerationError,
  NetworkError,
  RangeError,
  TypeError,
] as const;

/** An error as it is sent. One of no class that the ports speak of is told by its message alone. */
export interface ErrorFields {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly file: string;
}

export function errorFields(error: Error): ErrorFields {
  // (A bundle may have given the classes other names.)
  const name = classes.some((known) => error instanceof known) ? error.name : 'Error';
  const code = 'code' in error ? String(error.code) : '';
  return { name, message: error.message, code, file: error instanceof FileError ? error.file : '' };
}

/** An error of the same class, with the same code and message. */
export function errorOf({ name, message, code, file }: ErrorFields): Error {
  switch (name) {
    case 'Cancelled':
      return new Cancelled();
    case 'ClockError':
      return new ClockError(message);
    case 'CryptoError':
      return new CryptoError(code as CryptoErrorCode, message);
    case 'DatabaseError':
      return new DatabaseError(code as DatabaseErrorCode, message);
    case 'FileError':
      return new FileError(code as FileErrorCode, file, message);
    case 'KeyGenerationError':
      return new KeyGenerationError(code as KeyGenerationErrorCode, message);
    case 'NetworkError':
      return new NetworkError(code as NetworkErrorCode, message);
    case 'RangeError':
      return new RangeError(message);
    case 'TypeError':
      return new TypeError(message);
    default:
      return new Error(message);
  }
}

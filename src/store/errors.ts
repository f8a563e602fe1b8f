import { DatabaseError, type DatabaseErrorCode } from '../platform/database.ts';
import { FileError, type FileErrorCode } from '../platform/files.ts';

export type StoreErrorCode =
  | DatabaseErrorCode
  | 'not-a-store'
  | 'device-key-missing'
  | 'device-key-wrong'
  | 'device-key-damaged'
  | 'sealed-damaged';

/** The store can't be opened, read or written; nothing of the transaction that met it has happened. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

const advice: Readonly<Record<DatabaseErrorCode, string>> = {
  full: 'no room left on the disk that holds the store: nothing was changed; make room and try again',
  'read-only': 'the store can not be written: nothing was changed; check that its folder is on a writable disk and belongs to this user',
  damaged: 'the store file is damaged or no store at all: restore it from a backup',
  busy: 'the store is in use by another signet',
  constraint: 'the change contradicts what is stored',
  'too-new': 'the store was made by a newer signet: use that, or a newer one',
  failed: 'the store failed',
};

/** What a failure of the device key's file means to the store. */
const fileCodes: Partial<Readonly<Record<FileErrorCode, DatabaseErrorCode>>> = {
  full: 'full',
  'read-only': 'read-only',
  'not-permitted': 'read-only',
};

/** The store's error for one of the database or of the device key's file; any other error is given back as it is. */
export function storeError(error: unknown): unknown {
  if (error instanceof DatabaseError) return advised(error.code, error);
  if (error instanceof FileError) return advised(fileCodes[error.code] ?? 'failed', error);
  return error;
}

function advised(code: DatabaseErrorCode, { message }: Error): StoreError {
  return new StoreError(code, `${advice[code]} (${message})`);
}

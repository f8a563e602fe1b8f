export type SystemErrorCode = 'bad-value' | 'not-permitted' | 'not-a-backup' | 'too-new' | 'damaged' | 'wrong-password';

/** A command of /system that could not be done; nothing was changed. */
export class SystemError extends Error {
  readonly code: SystemErrorCode;

  constructor(code: SystemErrorCode, message: string) {
    super(message);
    this.name = 'SystemError';
    this.code = code;
  }
}

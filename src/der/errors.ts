/** `length`, `form`: encoded in a way that DER forbids; `depth`, `size`: over a limit; `value`: text, a time or a number out of range. */
export type DerErrorCode = 'truncated' | 'trailing' | 'tag' | 'length' | 'form' | 'depth' | 'size' | 'value';

/** Bytes that are not the DER (X.690) of the expected type, or a value that has no DER. The message names the field and what was expected. */
export class DerError extends Error {
  readonly code: DerErrorCode;

  constructor(code: DerErrorCode, message: string) {
    super(message);
    this.name = 'DerError';
    this.code = code;
  }
}

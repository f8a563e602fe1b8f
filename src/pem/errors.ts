export type PemErrorCode = 'label' | 'truncated' | 'base64' | 'header' | 'size';

/** Text that holds a damaged PEM block (RFC 7468). The message names the block by its label or line. */
export class PemError extends Error {
  readonly code: PemErrorCode;

  constructor(code: PemErrorCode, message: string) {
    super(message);
    this.name = 'PemError';
    this.code = code;
  }
}

/** `label`: BEGIN and END do not fit; `truncated`: no END; `header`: RFC 1421 lines that do not end; `size`: over a limit. */
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

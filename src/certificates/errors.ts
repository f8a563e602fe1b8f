export type CertificateErrorCode =
  | 'no-name'
  | 'name-taken'
  | 'bad-value'
  | 'not-settable'
  | 'not-a-template'
  | 'not-signed'
  | 'no-such-item'
  | 'busy'
  | 'changed'
  | 'clock'
  | 'not-a-ca'
  | 'no-private-key'
  | 'not-exportable'
  | 'expired'
  | 'revoked'
  | 'path-length'
  | 'not-issued-here'
  | 'not-trusted'
  | 'bad-passphrase'
  | 'bad-file'
  | 'bad-request';

/**
 * A command of /certificate that could not be done; nothing was changed. The message is what the console shows after
 * `failure: `.
 */
export class CertificateError extends Error {
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, message: string) {
    super(message);
    this.name = 'CertificateError';
    this.code = code;
  }
}

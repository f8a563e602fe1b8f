/** The rule that a path breaks. */
export type ValidationErrorCode =
  | 'algorithm'
  | 'chain-length'
  | 'crl'
  | 'form'
  | 'host'
  | 'key-usage'
  | 'limit'
  | 'malformed'
  | 'name-constraints'
  | 'no-issuer'
  | 'not-ca'
  | 'policy'
  | 'purpose'
  | 'revoked'
  | 'signature'
  | 'unknown-extension'
  | 'validity';

/**
 * Why a certificate is not trusted. The message names the certificate by its subject, and the field. `limit` means that checking
 * was given up because it took too much; `form` that only the profile `web` minds.
 */
export class ValidationError extends Error {
  readonly code: ValidationErrorCode;

  constructor(code: ValidationErrorCode, message: string) {
    super(message);
    this.name = 'ValidationError';
    this.code = code;
  }
}

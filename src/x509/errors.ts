/** The part of a document that is wrong. */
export type X509ErrorCode =
  | 'algorithm'
  | 'alternative-name'
  | 'extension'
  | 'key-usage'
  | 'name'
  | 'public-key'
  | 'serial-number'
  | 'validity'
  | 'version';

/**
 * A certificate, request or CRL that is well-formed DER but breaks a rule of its standard, or a value that can't be put
 * into one. The message names the field and what was expected.
 */
export class X509Error extends Error {
  readonly code: X509ErrorCode;

  constructor(code: X509ErrorCode, message: string) {
    super(message);
    this.name = 'X509Error';
    this.code = code;
  }
}

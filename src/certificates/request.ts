/** How a request is made. */
export interface RequestOptions {
  /** Encrypts the private key; the key is written in the clear if it is empty. */
  readonly keyPassphrase: string;
  /** The challengePassword attribute (RFC 2985 5.4.1); none if it is empty. */
  readonly challengePassphrase: string;
}

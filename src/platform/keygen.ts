import type { Cancel } from './cancel.ts';

/** The names are RouterOS' (`key-size=prime256v1`); in RFC 5480 they are secp256r1, secp384r1 and secp521r1. */
export type Curve = 'prime256v1' | 'secp384r1' | 'secp521r1';

/** What key to make: RSA of 1024 to 8192 bits (a multiple of 128), an EC key, or Ed25519. */
export type KeySpec =
  | { readonly type: 'rsa'; readonly bits: number }
  | { readonly type: 'ec'; readonly curve: Curve }
  | { readonly type: 'ed25519' };

/** A new key pair. The caller wipes `privateKey` after use. */
export interface GeneratedKey {
  /** PKCS#8 PrivateKeyInfo, DER (RFC 5208; RFC 5915 and RFC 8410 inside). */
  readonly privateKey: Uint8Array;
  /** SubjectPublicKeyInfo, DER (RFC 5280 4.1). */
  readonly publicKey: Uint8Array;
}

export type KeyGenerationErrorCode = 'size' | 'memory' | 'threads' | 'failed';

/** Key generation failed; a cancelled one throws `Cancelled` instead. */
export class KeyGenerationError extends Error {
  readonly code: KeyGenerationErrorCode;

  constructor(code: KeyGenerationErrorCode, message: string) {
    super(message);
    this.name = 'KeyGenerationError';
    this.code = code;
  }
}

/** Makes key pairs without blocking the event loop. */
export interface KeyGenerator {
  /** Which generator is in use, as `/system/resource print` shows it: "native", "node-forge (RSA), node (EC)". */
  readonly name: string;
  /** Mean seconds that a key of this kind takes on this machine, as an order of magnitude; for telling people how long to expect. */
  expectedSeconds(spec: KeySpec): number;
  /**
   * Makes one key pair. `progress` gets the expected share of the work done, 0 to 1, never falling.
   * Rejects with `Cancelled` or `KeyGenerationError`.
   */
  generate(spec: KeySpec, cancel: Cancel, progress?: (share: number) => void): Promise<GeneratedKey>;
}

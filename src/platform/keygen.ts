import type { Cancel } from './cancel.ts';

/** The names are RouterOS' (`key-size=prime256v1`); in RFC 5480 they are secp256r1, secp384r1 and secp521r1. */
export type Curve = 'prime256v1' | 'secp384r1' | 'secp521r1';

/** What key to make: RSA of 1024 to 8192 bits (a multiple of 128), an EC key, or Ed25519. */
export type KeySpec =
  | {
      readonly type: 'rsa';
      readonly bits: number;
      /** Only 65537 is offered, which is what a missing one means. */
      readonly exponent?: number;
      /** How many threads may search for primes; by default all cores but one. A host that has only one way to search uses one. */
      readonly threads?: number;
    }
  | { readonly type: 'ec'; readonly curve: Curve }
  | { readonly type: 'ed25519' };

/** A new key pair. The caller wipes `privateKey` after use. */
export interface GeneratedKey {
  /** PKCS#8 PrivateKeyInfo, DER (RFC 5208; RFC 5915 and RFC 8410 inside). */
  readonly privateKey: Uint8Array;
  /** SubjectPublicKeyInfo, DER (RFC 5280 4.1). */
  readonly publicKey: Uint8Array;
}

/** `kernel`: no arithmetic gives right results here; `worker`: a thread failed; `inconsistent`: the new key failed its own check. */
export type KeyGenerationErrorCode =
  | 'size'
  | 'exponent'
  | 'memory'
  | 'threads'
  | 'entropy'
  | 'kernel'
  | 'worker'
  | 'inconsistent'
  | 'failed';

/** Key generation failed; a cancelled one throws `Cancelled` instead. */
export class KeyGenerationError extends Error {
  readonly code: KeyGenerationErrorCode;

  constructor(code: KeyGenerationErrorCode, message: string) {
    super(message);
    this.name = 'KeyGenerationError';
    this.code = code;
  }
}

/**
 * How far a job is: the expected share of its work, always rising, and 1 once its key is made; or that it waits for the operating system, which
 * has not gathered enough entropy yet.
 */
export type KeyGenerationProgress = number | 'waiting for entropy';

/** Makes key pairs without blocking the event loop. */
export interface KeyGenerator {
  /** Which generator is in use, as `/system/resource print` shows it: "native", "node-forge (RSA), node (EC)". */
  readonly name: string;
  /**
   * Mean seconds that a key of this kind takes on this machine, as an order of magnitude; for telling people how long to expect. Rejects with
   * `KeyGenerationError`.
   */
  expectedSeconds(spec: KeySpec): Promise<number>;
  /** Makes one key pair. Rejects with `Cancelled` or `KeyGenerationError`. */
  generate(spec: KeySpec, cancel: Cancel, progress?: (progress: KeyGenerationProgress) => void): Promise<GeneratedKey>;
}

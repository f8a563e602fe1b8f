import type { GeneratedKey, KeyGenerationErrorCode } from '../../keygen.ts';

/** What the worker of one RSA key is asked for. */
export interface ForgeJob {
  readonly bits: number;
  readonly expectedSeconds: number;
}

/** Is this what a worker was started with? It arrives without a type. */
export function isForgeJob(value: unknown): value is ForgeJob {
  return typeof value === 'object' && value !== null && 'bits' in value && 'expectedSeconds' in value;
}

/** A key whose memory can be handed to another thread without a copy. */
export interface TransferableKey extends GeneratedKey {
  readonly privateKey: Uint8Array<ArrayBuffer>;
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** Why there is no key; a value, because an Error that ends a worker arrives as whatever Node makes of it. */
export interface ForgeFailure {
  readonly code: KeyGenerationErrorCode;
  readonly message: string;
}

/** What it tells: the share of the work done, and at last the key or why there is none. */
export type ForgeMessage = { readonly share: number } | { readonly key: TransferableKey } | { readonly failure: ForgeFailure };

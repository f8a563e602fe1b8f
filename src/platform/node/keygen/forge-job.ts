import type { GeneratedKey } from '../../keygen.ts';

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

/** What it tells: the share of the work done, and at last the key. */
export type ForgeMessage = { readonly share: number } | { readonly key: TransferableKey };

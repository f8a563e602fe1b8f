import type { GeneratedKey, KeyGenerationProgress } from '../../keygen.ts';
import type { Work } from '../work.ts';

/** `kind` is "rsa", "ed25519" or a curve; `bits` counts for RSA alone. */
export function expectedSeconds(kind: string, bits: number): Promise<number>;
export function generateKey(
  kind: string,
  bits: number,
  threads?: number,
): Work<GeneratedKey> & {
  /** Undefined at the end. */
  progress(): Promise<KeyGenerationProgress | undefined>;
};

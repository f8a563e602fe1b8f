import { KeyGenerationError, type KeySpec } from '../../keygen.ts';

/** Throws `KeyGenerationError` `size` for an RSA key that is not offered. */
export function checkSpec(spec: KeySpec): void {
  if (spec.type !== 'rsa') return;
  const { bits } = spec;
  if (bits >= 1024 && bits <= 8192 && bits % 128 === 0) return;
  throw new KeyGenerationError('size', `an RSA key has 1024 to 8192 bits, a multiple of 128; ${bits} is not`);
}

import { KeyGenerationError, type KeySpec } from '../keygen.ts';

/** Throws `KeyGenerationError` for an RSA key that is not offered, and for threads that a machine of so many cores does not have. */
export function checkSpec(spec: KeySpec, cores: number): void {
  if (spec.type !== 'rsa') return;
  const { bits, exponent = 65_537, threads = 1 } = spec;
  if (!(bits >= 1024 && bits <= 8192 && bits % 128 === 0))
    throw new KeyGenerationError('size', `an RSA key has 1024 to 8192 bits, a multiple of 128; ${bits} is not`);
  if (exponent !== 65_537)
    throw new KeyGenerationError('exponent', `the public exponent of an RSA key is 65537; ${exponent} is not offered`);
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= cores))
    throw new KeyGenerationError('threads', `a search has 1 to ${cores} threads on this machine; ${threads} is not`);
}

export const sizes = [2048, 4096, 8192] as const;
export type Size = (typeof sizes)[number];

/** Rounds of Miller-Rabin that FIPS 186-5, table B.1 asks of each prime. */
export function rounds(size: Size): number {
  return size === 2048 ? 5 : 4;
}

const eulerGamma = 0.577_215_664_9;

/** calc_trial_divisions of OpenSSL 3.5 (crypto/bn/bn_prime.c) sieves by 128, 384 and 1,024 primes: these are the last ones. */
const lastDivisor: Readonly<Record<Size, number>> = { 2048: 719, 4096: 2657, 8192: 8161 };

/**
 * Candidates of both primes that OpenSSL 3.5 tests on average: one number in ln(2^k) is prime, and Mertens' third theorem says which share of all
 * numbers trial division lets pass.
 */
export function opensslTests(size: Size): number {
  return (size * Math.LN2 * Math.exp(-eulerGamma)) / Math.log(lastDivisor[size]);
}

/** What a test by OpenSSL makes of a key: the candidates' first rounds and the further ones of both primes, without all else it does. */
export function opensslRounds(size: Size): number {
  return opensslTests(size) + 2 * (rounds(size) - 1);
}

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

/**
 * Tests that a search for both primes pays for on average when each prime takes `tests` of them and `lanes` are made at once. As long as both
 * primes are missing, half of the lanes are each one's, later all are the other's; what a batch holds behind a prime is for nothing.
 */
export function paidTests(tests: number, lanes: number): number {
  if (lanes === 1) return 2 * tests;
  if (lanes % 2 !== 0) throw new RangeError(`${lanes} lanes are not shared evenly by two primes`);
  // The chance that a batch of both finds neither is that of one prime's share, squared; that is also a full batch's of one prime.
  const none = (1 - 1 / tests) ** (lanes / 2);
  const onlyOne = (2 * none) / (1 + none);
  return (lanes * (1 + onlyOne)) / (1 - none ** 2);
}

/** What a test by OpenSSL makes of a key: the candidates' first rounds and the further ones of both primes, without all else it does. */
export function opensslRounds(size: Size): number {
  return opensslTests(size) + 2 * (rounds(size) - 1);
}

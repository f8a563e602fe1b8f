use crypto_bigint::BoxedUint;
use rand_core::CryptoRng;

use super::miller_rabin::{is_probable_prime, rounds};
use super::sieve::{SmallPrimes, Window};
use crate::arith::integer::{self as arith, Secret};
use crate::{Error, Job};

/// A job's tests of candidates, done and expected: what its progress is made of.
pub struct Work<'a, 'b> {
    job: &'a mut Job<'b>,
    tests: f64,
    per_prime: f64,
    primes_left: f64,
}

impl<'a, 'b> Work<'a, 'b> {
    /// The work of finding `primes` primes of `bits` bits.
    pub fn new(job: &'a mut Job<'b>, primes: u32, bits: u32) -> Self {
        Self { job, tests: 0.0, per_prime: expected_tests(bits), primes_left: f64::from(primes) }
    }

    pub fn check(&self) -> Result<(), Error> {
        self.job.check()
    }

    /// Whatever was done, as much is expected to be left as at a prime's start: a search has no memory.
    fn tested(&mut self) -> Result<(), Error> {
        self.tests += 1.0;
        self.job.report(self.tests / (self.tests + self.primes_left * self.per_prime));
        self.check()
    }

    pub fn found_a_prime(&mut self) {
        self.primes_left -= 1.0;
    }

    pub fn finish(self) {
        self.job.report(1.0);
    }
}

/// A search for primes of one length.
pub struct Search {
    bits: u32,
    small_primes: SmallPrimes,
}

impl Search {
    pub fn new(bits: u32) -> Result<Self, Error> {
        Ok(Self { bits, small_primes: SmallPrimes::below(sieve_bound(bits))? })
    }

    /// The first prime p after a random start with gcd(p - 1, e) = 1. Its two top bits are set, so that it is greater than
    /// sqrt(2) * 2^(bits - 1) and the product of two has twice the bits (FIPS 186-5 A.1.3, steps 4.4 and 5.4).
    pub fn prime(&self, rng: &mut impl CryptoRng, work: &mut Work) -> Result<Secret, Error> {
        loop {
            let start = self.start(rng);
            let window = Window::sieved(&start, &self.small_primes, || work.check())?;
            // Past the last number of this length the sum has one bit more and nothing is left of the window.
            for candidate in window.survivors().map_while(|offset| arith::checked_add(&start, offset)) {
                if is_probable_prime(&candidate, rng, || work.tested())? {
                    return Ok(candidate);
                }
            }
        }
    }

    fn start(&self, rng: &mut impl CryptoRng) -> Secret {
        let mut start = arith::random(self.bits, rng);
        for index in [0, self.bits - 2, self.bits - 1] {
            let start: &mut BoxedUint = &mut start;
            arith::set_bit(start, index);
        }
        start
    }
}

/// Deeper where a test costs more.
const fn sieve_bound(bits: u32) -> u32 {
    match bits {
        ..1024 => 1 << 16,
        1024..2048 => 1 << 18,
        2048..4096 => 1 << 20,
        _ => 1 << 22,
    }
}

/// Exponentiations until a prime of `bits` bits is found and has passed all its rounds: one number in `bits * ln 2` is prime, and
/// the sieve leaves e^-gamma / ln(bound) of all numbers (Mertens).
pub fn expected_tests(bits: u32) -> f64 {
    const E_TO_MINUS_GAMMA: f64 = 0.561_459;
    let candidates = f64::from(bits) * std::f64::consts::LN_2 * E_TO_MINUS_GAMMA / f64::from(sieve_bound(bits)).ln();
    candidates + f64::from(rounds(bits)) - 1.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::AtomicBool;

    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn with_work<T>(primes: u32, bits: u32, run: impl FnOnce(&mut Work) -> T) -> (T, Vec<f64>) {
        let cancelled = AtomicBool::new(false);
        let mut heard = Vec::new();
        let mut listener = |share| heard.push(share);
        let mut job = Job::new(&cancelled, &mut listener);
        let result = run(&mut Work::new(&mut job, primes, bits));
        (result, heard)
    }

    #[test]
    fn finds_primes_of_the_length_asked_for_with_two_top_bits() {
        let search = Search::new(512).expect("memory");
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        for _ in 0..8 {
            let (prime, _) = with_work(1, 512, |work| search.prime(&mut rng, work).expect("nobody cancels"));
            assert!(prime.bit_vartime(511) && prime.bit_vartime(510) && prime.bit_vartime(0));
            assert_ne!(arith::small_remainder(&prime, super::super::EXPONENT), 1);
            assert!(is_probable_prime(&prime, &mut rng, || Ok(())).expect("nobody cancels"));
        }
    }

    #[test]
    fn needs_as_many_tests_as_expected() {
        let search = Search::new(512).expect("memory");
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let primes = 60;
        let (tests, _) = with_work(primes, 512, |work| {
            for _ in 0..primes {
                search.prime(&mut rng, work).expect("nobody cancels");
            }
            work.tests
        });
        // The standard deviation of the mean is about an eighth of it.
        let ratio = tests / f64::from(primes) / expected_tests(512);
        assert!((0.6..1.6).contains(&ratio), "{ratio}");
    }

    #[test]
    fn is_a_function_of_the_generators_seed() {
        let search = Search::new(512).expect("memory");
        let find = |seed| {
            let mut rng = ChaCha20Rng::seed_from_u64(seed);
            with_work(1, 512, |work| search.prime(&mut rng, work).expect("nobody cancels")).0
        };
        assert!(find(4) == find(4));
        assert!(find(4) != find(5));
    }

    /// A short search reaches every prime of its range, each as often as the gap before it is long.
    #[test]
    fn reaches_every_prime_of_a_short_range() {
        let start: u64 = 3 << 62 | 1;
        let primes = SmallPrimes::below(1 << 16).expect("memory");
        let mut reached: BTreeMap<u64, u32> = BTreeMap::new();
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        for offset in (0..2000).step_by(2) {
            let start = start + offset;
            let window = Window::sieved(&BoxedUint::from(start), &primes, || Ok(())).expect("nobody cancels");
            let found = window
                .survivors()
                .map(|offset| start + u64::from(offset))
                .find(|n| is_probable_prime(&Secret::new(BoxedUint::from(*n)), &mut rng, || Ok(())).expect("nobody cancels"));
            *reached.entry(found.expect("a prime in the window")).or_default() += 1;
        }
        let reached: Vec<(u64, u32)> = reached.into_iter().collect();
        for pair in reached.windows(2) {
            let [(before, _), (prime, times)] = pair else { unreachable!() };
            if *prime < start + 2000 {
                assert_eq!(u64::from(*times), (prime - before) / 2, "{prime}");
            }
        }
    }

    #[test]
    fn reports_a_rising_share_that_ends_with_the_work() {
        let search = Search::new(512).expect("memory");
        let mut rng = ChaCha20Rng::seed_from_u64(7);
        let ((), heard) = with_work(2, 512, |work| {
            for _ in 0..2 {
                search.prime(&mut rng, work).expect("nobody cancels");
                work.found_a_prime();
            }
        });
        assert!(heard.is_sorted() && heard.iter().all(|share| (0.0..1.0).contains(share)));
        assert!(heard.len() > 20);
    }
}

use crypto_bigint::BoxedUint;
use zeroize::Zeroizing;

use super::key_pair::EXPONENT;
use crate::Error;
use crate::arith::integer as arith;

/// Odd numbers in one window of the search: a few primes on average even at 4096 bits, and a bitmap of 1 KiB.
pub const WINDOW: u32 = 8192;

/// The odd primes below a bound.
pub struct SmallPrimes(Vec<u32>);

impl SmallPrimes {
    /// Those below `bound`, by the sieve of Eratosthenes.
    pub fn below(bound: u32) -> Result<Self, Error> {
        let half = bound as usize / 2;
        let mut composite = reserved::<bool>(half)?;
        composite.resize(half, false);
        // There are fewer primes than that (Rosser and Schoenfeld, 1962), so the list never grows.
        let mut primes = reserved::<u32>((bound / bound.ilog2() * 2) as usize)?;
        for i in 1..half {
            if composite[i] {
                continue;
            }
            let prime = 2 * i + 1;
            primes.push(u32::try_from(prime).expect("below the bound"));
            for multiple in (2 * i * (i + 1)..half).step_by(prime) {
                composite[multiple] = true;
            }
        }
        Ok(Self(primes))
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied()
    }
}

fn reserved<T>(length: usize) -> Result<Vec<T>, Error> {
    let mut list = Vec::new();
    list.try_reserve_exact(length).map_err(|_| Error::Memory { bytes: length.saturating_mul(size_of::<T>()) })?;
    Ok(list)
}

/// The odd numbers start, start + 2, ... of one window, and which of them may be a prime of an RSA key.
pub struct Window(Zeroizing<Vec<u64>>);

impl Window {
    /// Strikes out what a small prime divides, and every p with p = 1 mod e, for which gcd(p - 1, e) = 1 would not hold.
    /// `start` is odd and greater than all of `primes`; `each` runs now and then and may end the work.
    pub fn sieved(start: &BoxedUint, primes: &SmallPrimes, each: impl Fn() -> Result<(), Error>) -> Result<Self, Error> {
        let mut window = Self(Zeroizing::new(vec![0; WINDOW as usize / 64]));
        for (count, prime) in primes.iter().enumerate() {
            if count % 1024 == 0 {
                each()?;
            }
            window.strike(arith::small_remainder(start, prime), prime);
        }
        let less_one = (arith::small_remainder(start, EXPONENT) + EXPONENT - 1) % EXPONENT;
        window.strike(less_one, EXPONENT);
        Ok(window)
    }

    /// Strikes every i with remainder + 2 i = 0 mod the odd prime.
    fn strike(&mut self, remainder: u32, prime: u32) {
        let missing = (prime - remainder) % prime;
        let first = if missing.is_multiple_of(2) { missing / 2 } else { missing.midpoint(prime) };
        for i in (first..WINDOW).step_by(prime as usize) {
            self.0[i as usize / 64] |= 1 << (i % 64);
        }
    }

    /// What is left, as offsets from the start, rising.
    pub fn survivors(&self) -> impl Iterator<Item = u32> {
        (0..WINDOW).filter(|i| self.0[*i as usize / 64] >> (i % 64) & 1 == 0).map(|i| 2 * i)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn knows_the_small_primes() {
        let primes: Vec<u32> = SmallPrimes::below(50).expect("memory").iter().collect();
        assert_eq!(primes, [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47]);
    }

    #[test]
    fn counts_primes_as_others_do() {
        // pi(x) of OEIS A007053, less the prime 2.
        for (bound, count) in [(1 << 10, 172), (1 << 16, 6542), (1 << 20, 82025), (1 << 22, 295_947)] {
            assert_eq!(SmallPrimes::below(bound).expect("memory").iter().count(), count - 1);
        }
    }

    #[test]
    fn says_how_much_memory_is_missing() {
        assert_eq!(reserved::<u64>(usize::MAX).err(), Some(Error::Memory { bytes: usize::MAX }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn leaves_exactly_what_no_small_prime_divides_and_the_exponent_allows(start in (1_u64 << 40)..(1 << 62)) {
            let start = start | 1;
            let primes = SmallPrimes::below(2000).expect("memory");
            let window = Window::sieved(&BoxedUint::from(start), &primes, || Ok(())).expect("nobody cancels");
            let expected: Vec<u32> = (0..2 * WINDOW)
                .step_by(2)
                .filter(|offset| {
                    let n = start + u64::from(*offset);
                    n % u64::from(EXPONENT) != 1 && primes.iter().all(|prime| n % u64::from(prime) != 0)
                })
                .collect();
            prop_assert_eq!(window.survivors().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn ends_when_told_to() {
        let primes = SmallPrimes::below(100).expect("memory");
        let ended = Window::sieved(&BoxedUint::from(u64::MAX), &primes, || Err(Error::Cancelled));
        assert_eq!(ended.err(), Some(Error::Cancelled));
    }
}

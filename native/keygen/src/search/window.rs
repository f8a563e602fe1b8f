use std::sync::atomic::{AtomicBool, Ordering};

use zeroize::Zeroizing;

use super::small_primes::for_odd_primes;
use crate::Error;
use crate::arith::{Buffer, Natural, residues};
use crate::generate::EXPONENT;

/// Odd numbers in one window of the search for a prime of `bits` bits, a power of two. One in `bits * ln(2) / 2` is prime, so that there
/// are 5.7 or more in a window on average, and at 4096 bits its bitmap has 1 KiB.
pub const fn window(bits: u32) -> u32 {
    (2 * bits).next_power_of_two()
}

/// Which of the odd numbers start, start + 2, ... of a window are struck out: bit i for start + 2 i.
pub struct Struck(Buffer<u32>);

impl Struck {
    fn nothing(window: u32) -> Self {
        Self(Buffer::new(window as usize / 32))
    }

    /// Strikes every i with remainder + 2 i = 0 mod the odd prime. How often something is written depends on the prime alone, and what lies
    /// behind the window is written as nothing at the same address modulo its length.
    fn strike(&mut self, remainder: u32, prime: u32) {
        let window = self.0.len() as u32 * u32::BITS;
        let missing = (prime - remainder) & u32::from(remainder != 0).wrapping_neg();
        // missing / 2 mod prime.
        let mut index = missing.midpoint(prime & (missing & 1).wrapping_neg());
        // A division that most primes don't need.
        let multiples = if prime < window { (window - 1) / prime + 1 } else { 1 };
        for _ in 0..multiples {
            self.0[(index & (window - 1)) as usize / 32] |= u32::from(index < window) << (index % 32);
            index += prime;
        }
    }

    /// Strikes what `other` has struck.
    pub fn merge(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(other.0.iter()) {
            *word |= other;
        }
    }

    /// What is left, rising, as offsets from the start. Only how many there are shows in time and addresses: each number goes to its
    /// place by steps of 1, 2, 4, ..., all of them at once, which never meet (tight compaction: M. Goodrich, 2011).
    pub fn survivors(&self) -> Zeroizing<Vec<u32>> {
        let window = self.0.len() * 32;
        // An offset, above it how far it has to go; zero where nothing is. Behind the window there is nothing.
        let mut cells = Zeroizing::new(vec![0; 2 * window]);
        let mut struck = 0;
        for (index, cell) in cells[..window].iter_mut().enumerate() {
            let bit = self.0[index / 32] >> (index % 32) & 1;
            *cell = (struck << 16 | (2 * index as u32)) & bit.wrapping_sub(1);
            struck += bit;
        }
        let mut moved = cells.clone();
        for step in 0..window.ilog2() {
            let goes = |cell: u32| (cell >> (16 + step) & 1).wrapping_neg();
            for ((to, &here), &there) in moved[..window].iter_mut().zip(&cells[..window]).zip(&cells[1 << step..]) {
                *to = here & !goes(here) | there & goes(there);
            }
            std::mem::swap(&mut cells, &mut moved);
        }
        Zeroizing::new(cells[..window - struck as usize].iter().map(|cell| cell & 0xffff).collect())
    }
}

/// Sieves the windows that begin at `starts`, which are odd, of one length and greater than `bound`: strikes out what an odd prime below
/// `bound` divides, and every p with p = 1 mod e, for which gcd(p - 1, e) = 1 would not hold. Of the primes only every `parts`-th share is
/// done, so that several threads can sieve one window. Without `kernel` by the fastest code. Ends soon after it is `cancelled`.
pub fn sieve(
    starts: &[&[u32]],
    bound: u32,
    (part, parts): (u32, u32),
    kernel: Option<&str>,
    cancelled: &AtomicBool,
) -> Result<Vec<Struck>, Error> {
    let window = window(starts[0].len() as u32 * u32::BITS);
    let mut windows: Vec<Struck> = starts.iter().map(|_| Struck::nothing(window)).collect();
    let mut remainders = Natural::default();
    for_odd_primes(bound, part, parts, |primes| {
        // Small enough that a cancelled job ends at once even where a division by all primes takes long.
        for primes in primes.chunks(512) {
            if cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            remainders.resize(starts.len() * primes.len(), 0);
            residues(starts, primes, &mut remainders, kernel);
            for (window, remainders) in windows.iter_mut().zip(remainders.chunks_exact(primes.len())) {
                for (&remainder, &prime) in remainders.iter().zip(primes) {
                    window.strike(remainder, prime);
                }
            }
        }
        Ok(())
    })?;
    remainders.resize(starts.len(), 0);
    residues(starts, &[EXPONENT], &mut remainders, kernel);
    for (window, &remainder) in windows.iter_mut().zip(remainders.iter()) {
        // Of what is one less; without a division.
        let of_one_less = remainder.wrapping_sub(1).wrapping_add(EXPONENT & u32::from(remainder == 0).wrapping_neg());
        window.strike(of_one_less, EXPONENT);
    }
    Ok(windows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOUND: u32 = 1 << 15;

    fn words(number: u64) -> [u32; 2] {
        [number as u32, (number >> 32) as u32]
    }

    fn is_struck(number: u64) -> bool {
        number % u64::from(EXPONENT) == 1 || (3..u64::from(BOUND)).step_by(2).any(|divisor| number.is_multiple_of(divisor))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn leaves_exactly_what_no_small_prime_divides_and_the_exponent_allows(first in (1_u64 << 40)..(1 << 62), second in (1_u64 << 40)..(1 << 62)) {
            let starts = [first | 1, second | 1];
            let [a, b] = starts.map(words);
            let windows = sieve(&[&a, &b], BOUND, (0, 1), None, &AtomicBool::new(false)).expect("nobody cancels");
            for (start, window) in starts.into_iter().zip(windows) {
                let expected: Vec<u32> = (0..256).step_by(2).filter(|offset| !is_struck(start + u64::from(*offset))).collect();
                prop_assert_eq!(&*window.survivors(), &expected);
            }
        }

        #[test]
        fn lists_exactly_what_is_not_struck(words in (0..9).prop_flat_map(|power| proptest::collection::vec(any::<u32>(), 1_usize << power))) {
            let mut struck = Struck::nothing(32 * words.len() as u32);
            struck.0.copy_from_slice(&words);
            let is_left = |index: &usize| words[index / 32] >> (index % 32) & 1 == 0;
            let expected: Vec<u32> = (0..32 * words.len()).filter(is_left).map(|index| 2 * index as u32).collect();
            prop_assert_eq!(&*struck.survivors(), &expected);
        }
    }

    #[test]
    fn lists_all_and_nothing() {
        for word in [0, u32::MAX] {
            let mut struck = Struck::nothing(8192);
            struck.0.fill(word);
            assert_eq!(struck.survivors().len(), if word == 0 { 8192 } else { 0 });
        }
    }

    #[test]
    fn is_the_same_in_parts() {
        let start = words(0x1234_5678_9abc_def1);
        let whole = sieve(&[&start], 1 << 18, (0, 1), None, &AtomicBool::new(false)).expect("nobody cancels");
        let mut parts =
            (0..3).map(|part| sieve(&[&start], 1 << 18, (part, 3), None, &AtomicBool::new(false)).expect("nobody cancels").remove(0));
        let mut merged = parts.next().expect("three");
        parts.for_each(|part| merged.merge(&part));
        assert_eq!(merged.survivors(), whole[0].survivors());
    }

    #[test]
    fn ends_when_told_to() {
        let ended = sieve(&[&[1, 1]], 1 << 18, (0, 1), None, &AtomicBool::new(true));
        assert_eq!(ended.err(), Some(Error::Cancelled));
    }
}

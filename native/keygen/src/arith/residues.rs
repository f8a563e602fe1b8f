//! Long numbers modulo many small primes at once: what the sieve spends its time on.
//!
//! Each step is Montgomery's reduction (1985) from the least significant word on: it adds a word and divides by 2^32 modulo the prime,
//! which costs two products and no division. What that leaves, `number / 2^(32 words)`, is multiplied by the power at last. It is written
//! twice: for one prime, and for the vectors of a CPU with a prime in each lane.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "mips")]
mod mips;
#[cfg(target_arch = "aarch64")]
mod neon;

/// The remainders of `numbers`, all of one length, by odd `primes` below 2^28: that of number i by prime k becomes
/// `remainders[i * primes.len() + k]`. Takes a time that depends on the lengths alone.
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[allow(unsafe_code, reason = "a function for some CPUs alone")]
        // SAFETY: this CPU has AVX2.
        return unsafe { avx2::residues(numbers, primes, remainders) };
    }
    #[cfg(target_arch = "aarch64")]
    if std::arch::is_aarch64_feature_detected!("neon") {
        #[allow(unsafe_code, reason = "a function for some CPUs alone")]
        // SAFETY: this CPU has NEON.
        return unsafe { neon::residues(numbers, primes, remainders) };
    }
    #[cfg(target_arch = "mips")]
    mips::residues(numbers, primes, remainders);
    #[cfg(not(target_arch = "mips"))]
    portable(numbers, primes, remainders);
}

#[cfg_attr(target_arch = "mips", allow(dead_code, reason = "the judge of the assembly in tests"))]
fn portable(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32]) {
    let words = numbers[0].len();
    for (k, &prime) in primes.iter().enumerate() {
        let divisor = Divisor::new(prime);
        let power = divisor.power_of_two(32 * (words as u32 + 1));
        for (i, number) in numbers.iter().enumerate() {
            let quotient = number.iter().fold(0, |sum, &word| divisor.reduce(u64::from(sum) + u64::from(word)));
            remainders[i * primes.len() + k] = below(prime, divisor.reduce(u64::from(quotient) * u64::from(power)));
        }
    }
}

/// A remainder that may be the prime itself.
fn below(prime: u32, remainder: u32) -> u32 {
    remainder - (prime & u32::from(remainder >= prime).wrapping_neg())
}

/// Division by 2^32 modulo a prime.
struct Divisor {
    prime: u32,
    /// -1 / prime mod 2^32.
    inverse: u32,
}

impl Divisor {
    fn new(prime: u32) -> Self {
        // n is 1 / n to 3 bits, and each step of Newton's iteration doubles them.
        let inverse = (0..4).fold(prime, |inverse, _| inverse.wrapping_mul(2_u32.wrapping_sub(prime.wrapping_mul(inverse))));
        Self { prime, inverse: inverse.wrapping_neg() }
    }

    /// `value / 2^32` modulo the prime: at most the prime, for a value of at most `prime * 2^32`.
    fn reduce(&self, value: u64) -> u32 {
        let factor = (value as u32).wrapping_mul(self.inverse);
        // Less than 2^61 + 2^60: even where powers are doubled the value is.
        ((value + u64::from(factor) * u64::from(self.prime)) >> 32) as u32
    }

    /// `2^power` modulo the prime, at most the prime, of a positive power: doublings and squarings of 2 in the form that `reduce` keeps,
    /// 2^32 times itself.
    fn power_of_two(&self, power: u32) -> u32 {
        let mut result = u32::MAX % self.prime + 1;
        for bit in (0..=power.ilog2()).rev() {
            result = self.reduce(u64::from(result) * u64::from(result)) << (power >> bit & 1);
        }
        self.reduce(result.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn remainder(number: &[u32], prime: u32) -> u32 {
        number.iter().rev().fold(0, |rest, &word| (rest << 32 | u64::from(word)) % u64::from(prime)) as u32
    }

    proptest! {
        #[test]
        fn are_the_same_in_one_lane_and_in_many(number in proptest::collection::vec(any::<u32>(), 1..40), halves in proptest::collection::vec(1_u32..1 << 27, 1..40)) {
            let primes: Vec<u32> = halves.into_iter().map(|half| 2 * half + 1).collect();
            let mut expected = vec![0; primes.len()];
            portable(&[&number], &primes, &mut expected);
            let mut found = vec![0; primes.len()];
            residues(&[&number], &primes, &mut found);
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn are_what_division_leaves(
            (first, second) in (1_usize..140).prop_flat_map(|n| {
                let words = || proptest::collection::vec(prop_oneof![any::<u32>(), Just(0), Just(u32::MAX)], n);
                (words(), words())
            }),
            primes in proptest::collection::vec((1_u32..1 << 27).prop_map(|half| 2 * half + 1), 1..40),
        ) {
            let mut found = vec![0; 2 * primes.len()];
            residues(&[&first, &second], &primes, &mut found);
            let expected: Vec<u32> =
                [&first, &second].iter().flat_map(|number| primes.iter().map(|&prime| remainder(number, prime))).collect();
            prop_assert_eq!(found, expected);
        }
    }
}

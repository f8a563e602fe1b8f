use rand_core::CryptoRng;

use crate::arith::{Batch, Natural, Stop, Stopped, natural};

/// Rounds with random bases for a prime of `bits` bits: table B.1 of FIPS 186-5; below 1024 bits, where the table ends, as many as
/// hold its 2^-112 as well.
pub const fn rounds(bits: u32) -> u32 {
    match bits {
        ..1024 => 10,
        1024..1536 => 5,
        _ => 4,
    }
}

/// Which of some odd numbers, all of the batch's length, pass all rounds of Miller-Rabin with random bases (FIPS 186-5 B.3.1). The rounds of
/// all numbers are mixed, so that they fill the lanes.
pub fn survivors(batch: &mut dyn Batch, numbers: &[&Natural], rng: &mut impl CryptoRng, stop: Stop) -> Result<Vec<bool>, Stopped> {
    let bits = numbers[0].len() as u32 * u32::BITS;
    let tasks: Vec<(usize, Natural)> =
        (0..rounds(bits)).flat_map(|_| 0..numbers.len()).map(|index| (index, base_below(numbers[index], rng))).collect();
    let mut passed = vec![true; numbers.len()];
    for tasks in tasks.chunks(batch.lanes()) {
        let candidates: Vec<&[u32]> = tasks.iter().map(|(index, _)| &numbers[*index][..]).collect();
        let bases: Vec<&[u32]> = tasks.iter().map(|(_, base)| &base[..]).collect();
        let strong = batch.strong(&candidates, &bases, stop)?;
        for (lane, (index, _)) in tasks.iter().enumerate() {
            passed[*index] &= strong >> lane & 1 == 1;
        }
    }
    Ok(passed)
}

/// A uniform base b with 1 < b < number - 1, of an odd number greater than 4.
fn base_below(number: &Natural, rng: &mut impl CryptoRng) -> Natural {
    let top = 32 - number.last().map_or(0, |word| word.leading_zeros());
    loop {
        let mut base = Natural::new((0..number.len()).map(|_| rng.next_u32()).collect());
        if let Some(word) = base.last_mut() {
            *word &= u32::MAX >> (32 - top);
        }
        // base - 2 < number - 3
        let (base_less_two, negative) = natural::subtract(&base, &[2]);
        let (number_less_three, _) = natural::subtract(number, &[3]);
        if negative == 0 && natural::subtract(&base_less_two, &number_less_three).1 == 1 {
            return base;
        }
    }
}

/// Is an odd number greater than 4, without leading zero words, prime? As [`survivors`], of one number.
#[cfg(test)]
pub fn is_probable_prime(number: &Natural, rng: &mut impl CryptoRng) -> bool {
    let bits = natural::bit_length(number);
    let mut batch = crate::arith::batch(bits, None).expect("a kernel");
    survivors(&mut *batch, &[number], rng, &|| false).expect("nobody stops")[0]
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use crypto_bigint::{BoxedUint, ConcatenatingMul};
    use proptest::prelude::*;
    use rand_core::SeedableRng;

    use super::super::window::window;
    use super::*;

    fn judge(candidate: &BoxedUint) -> bool {
        let bytes = candidate.to_le_bytes();
        let mut words: Vec<u32> = bytes.chunks(4).map(|word| u32::from_le_bytes(word.try_into().expect("whole words"))).collect();
        while words.last() == Some(&0) {
            words.pop();
        }
        is_probable_prime(&Natural::new(words), &mut ChaCha20Rng::seed_from_u64(1))
    }

    fn decimal(digits: &str) -> BoxedUint {
        BoxedUint::from_str_radix_with_precision_vartime(digits, 10, 512).expect("digits")
    }

    /// The bound of Damgård, Landrock and Pomerance (1993), as in FIPS 186-5 B.3, is for candidates drawn one by one:
    /// p = k^1.5 * 2^t * t^-0.5 * 4^(2 - sqrt(t k)). A composite number is drawn and passes with probability `p * (density of primes)`.
    /// Each place of a window holds a number that is as random, of the upper half of those of k bits, where the composite ones that pass
    /// are at most twice as dense. So the sum over a window bounds the error of an incremental search, and twice that of both primes.
    #[test]
    fn has_rounds_enough_for_an_error_of_at_most_2_to_the_minus_112_a_key() {
        for bits in (512..=4096).step_by(64) {
            let (k, t) = (f64::from(bits), f64::from(rounds(bits)));
            let log2_of_one = 1.5 * k.log2() + t - 0.5 * t.log2() + 2.0 * (2.0 - (t * k).sqrt());
            let primes_of_window = f64::from(window(bits)) * 2.0 / (k * std::f64::consts::LN_2);
            let log2_error = log2_of_one + (1.02 * 2.0 * 2.0 * primes_of_window).log2();
            let most = match bits {
                ..1536 => -112.0,
                1536..2048 => -128.0,
                _ => -144.0,
            };
            assert!(log2_error <= most, "{bits} bits: 2^{log2_error}");
        }
    }

    #[test]
    fn agrees_with_trial_division_on_small_numbers() {
        for n in (5_u32..20_000).step_by(2) {
            let prime = (3..).step_by(2).take_while(|d| d * d <= n).all(|d| n % d != 0);
            let candidate = BoxedUint::from(n);
            assert_eq!(judge(&candidate), prime, "{n}");
        }
    }

    #[test]
    fn believes_known_primes() {
        // 2^255 - 19, 2^448 - 2^224 - 1, 2^521 - 1 (the last is longer than 512 bits).
        let one = BoxedUint::one_with_precision(512);
        assert!(judge(&one.shl(255).wrapping_sub(BoxedUint::from(19_u32))));
        assert!(judge(&one.shl(448).wrapping_sub(one.shl(224)).wrapping_sub(&one)));
        assert!(judge(&BoxedUint::max(576).shr(576 - 521)));
    }

    #[test]
    fn refuses_pseudoprimes_of_other_tests() {
        let strong = [
            // Carmichael numbers.
            "561",
            "1105",
            "294409",
            "56052361",
            "118901521",
            "172947529",
            // Strong pseudoprimes to the first 1, 2, ... prime bases (OEIS A014233).
            "2047",
            "1373653",
            "25326001",
            "3215031751",
            "2152302898747",
            "3474749660383",
            "341550071728321",
            "3825123056546413051",
            "318665857834031151167461",
            "3317044064679887385961981",
        ];
        for digits in strong {
            assert!(!judge(&decimal(digits)), "{digits}");
        }
    }

    /// p * (313 (p - 1) + 1) * (353 (p - 1) + 1) passes the test with every base below 200 (Arnault, 1995).
    #[test]
    fn refuses_a_strong_pseudoprime_to_all_small_bases() {
        let p = decimal(concat!(
            "29674495668685510550154174642905332730771991799853043350995075531276838753171770199594238596428121188033664754218345",
            "562493168782883"
        ));
        assert!(judge(&p));
        let factor = |times: u32| p.wrapping_sub(BoxedUint::one()).wrapping_mul(BoxedUint::from(times)).wrapping_add(BoxedUint::one());
        let number = p.concatenating_mul(factor(313)).concatenating_mul(factor(353));
        assert_eq!(number.bit_width(), 1318);
        assert!(!judge(&number));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn refuses_products(a in 3_u64.., b in 3_u64..) {
            let product = BoxedUint::from(a | 1).concatenating_mul(BoxedUint::from(b | 1));
            prop_assert!(!judge(&product));
        }
    }
}

use rand_core::CryptoRng;

use crate::Error;
use crate::arith::integer::{self as arith, Modulus, Residue, Secret};

/// Rounds with random bases for a prime of `bits` bits: table B.1 of FIPS 186-5, whose error is at most 2^-112, 2^-128 and 2^-144;
/// below 1024 bits, where the table ends, as many as hold 2^-112 by the bound it is computed from.
pub const fn rounds(bits: u32) -> u32 {
    match bits {
        ..1024 => 10,
        1024..1536 => 5,
        _ => 4,
    }
}

/// Miller-Rabin (FIPS 186-5 B.3.1) of an odd `candidate`. `after_round` runs after each round and may end the test.
pub fn is_probable_prime(
    candidate: &Secret,
    rng: &mut impl CryptoRng,
    mut after_round: impl FnMut() -> Result<(), Error>,
) -> Result<bool, Error> {
    let modulus = Modulus::new(candidate);
    let one = modulus.one();
    let less_one = arith::minus_one(candidate);
    let witness = Witness {
        twos: less_one.trailing_zeros(),
        odd_part: Secret::new(less_one.shr(less_one.trailing_zeros())),
        minus_one: one.negated(),
        one,
    };
    for _ in 0..rounds(candidate.bits_precision()) {
        let base = base_below(&less_one, rng);
        let passed = witness.allows(&modulus.residue(&base));
        after_round()?;
        if !passed {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A uniform base b with 1 < b < candidate - 1, for a candidate greater than 3.
fn base_below(less_one: &Secret, rng: &mut impl CryptoRng) -> Secret {
    loop {
        let base = Secret::new(arith::random(less_one.bits_precision(), rng).shr(less_one.leading_zeros()));
        if base.bit_width() > 1 && arith::less(&base, less_one) {
            return base;
        }
    }
}

/// The candidate less one is `2^twos * odd_part`.
struct Witness {
    twos: u32,
    odd_part: Secret,
    one: Residue,
    minus_one: Residue,
}

impl Witness {
    fn allows(&self, base: &Residue) -> bool {
        let mut power = base.pow(&self.odd_part);
        if power.equals(&self.one) || power.equals(&self.minus_one) {
            return true;
        }
        for _ in 1..self.twos {
            power = power.square();
            if power.equals(&self.minus_one) {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use crypto_bigint::{BoxedUint, ConcatenatingMul, Resize};
    use proptest::prelude::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn judge(candidate: BoxedUint) -> bool {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        is_probable_prime(&Secret::new(candidate), &mut rng, || Ok(())).expect("nobody cancels")
    }

    fn decimal(digits: &str) -> BoxedUint {
        BoxedUint::from_str_radix_with_precision_vartime(digits, 10, 512).expect("digits")
    }

    /// Damgård, Landrock, Pomerance (1993), as in FIPS 186-5 B.3: k^1.5 * 2^t * t^-0.5 * 4^(2 - sqrt(t k)).
    #[test]
    fn has_rounds_enough_for_an_error_of_at_most_2_to_the_minus_112() {
        for bits in (512..=4096).step_by(64) {
            let (k, t) = (f64::from(bits), f64::from(rounds(bits)));
            let log2_error = 1.5 * k.log2() + t - 0.5 * t.log2() + 2.0 * (2.0 - (t * k).sqrt());
            assert!(log2_error <= -112.0, "{bits} bits: 2^{log2_error}");
        }
    }

    #[test]
    fn agrees_with_trial_division_on_small_numbers() {
        for n in (5_u32..20_000).step_by(2) {
            let prime = (3..).step_by(2).take_while(|d| d * d <= n).all(|d| n % d != 0);
            let candidate = BoxedUint::from(n);
            assert_eq!(judge(candidate.resize(64)), prime, "{n}");
        }
    }

    #[test]
    fn believes_known_primes() {
        // 2^255 - 19, 2^448 - 2^224 - 1, 2^521 - 1 (the last is longer than 512 bits).
        let one = BoxedUint::one_with_precision(512);
        assert!(judge(one.shl(255).wrapping_sub(BoxedUint::from(19_u32))));
        assert!(judge(one.shl(448).wrapping_sub(one.shl(224)).wrapping_sub(&one)));
        assert!(judge(BoxedUint::max(576).shr(576 - 521)));
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
            assert!(!judge(decimal(digits)), "{digits}");
        }
    }

    /// p * (313 (p - 1) + 1) * (353 (p - 1) + 1) passes the test with every base below 200 (Arnault, 1995).
    #[test]
    fn refuses_a_strong_pseudoprime_to_all_small_bases() {
        let p = decimal(concat!(
            "29674495668685510550154174642905332730771991799853043350995075531276838753171770199594238596428121188033664754218345",
            "562493168782883"
        ));
        assert!(judge(p.clone()));
        let factor = |times: u32| p.wrapping_sub(BoxedUint::one()).wrapping_mul(BoxedUint::from(times)).wrapping_add(BoxedUint::one());
        let number = p.concatenating_mul(factor(313)).concatenating_mul(factor(353));
        assert_eq!(number.bit_width(), 1318);
        assert!(!judge(number));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn refuses_products(a in 3_u64.., b in 3_u64..) {
            let product = BoxedUint::from(a | 1).concatenating_mul(BoxedUint::from(b | 1));
            prop_assert!(!judge(product));
        }
    }

    #[test]
    fn ends_when_told_to() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let candidate = Secret::new(BoxedUint::max(576).shr(576 - 521));
        assert_eq!(is_probable_prime(&candidate, &mut rng, || Err(Error::Cancelled)), Err(Error::Cancelled));
    }
}

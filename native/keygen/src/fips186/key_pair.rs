use crypto_bigint::BoxedUint;
use rand_core::CryptoRng;

use super::search::{Search, Work};
use crate::arith::integer::{self as arith, Modulus, Secret};
use crate::{Error, Job};

/// The public exponent: the fourth Fermat number, a prime.
pub const EXPONENT: u32 = 65_537;

/// An RSA key pair (RFC 8017 3.2, second representation). p is the greater prime.
pub struct KeyPair {
    pub n: BoxedUint,
    pub d: Secret,
    pub p: Secret,
    pub q: Secret,
    pub d_p: Secret,
    pub d_q: Secret,
    pub q_inverse: Secret,
}

impl KeyPair {
    /// A new key pair with a modulus of `bits` bits, which is a multiple of 128.
    pub fn generate(bits: u32, rng: &mut impl CryptoRng, job: &mut Job) -> Result<Self, Error> {
        let search = Search::new(bits / 2)?;
        let mut work = Work::new(job, 2, bits / 2);
        loop {
            let p = search.prime(rng, &mut work)?;
            work.found_a_prime();
            let q = loop {
                let q = search.prime(rng, &mut work)?;
                if far_apart(&p, &q) {
                    break q;
                }
            };
            let pair = if arith::less(&p, &q) { Self::of(q, p) } else { Self::of(p, q) };
            // FIPS 186-5 A.1.1, criterion 3: d > 2^(nlen / 2). Else new primes are drawn.
            if pair.d.bit_width() <= bits / 2 {
                continue;
            }
            if !pair.is_consistent(rng) {
                return Err(Error::Inconsistent);
            }
            work.finish();
            return Ok(pair);
        }
    }

    /// The key pair of two primes, p the greater, neither of which is 1 mod e.
    fn of(p: Secret, q: Secret) -> Self {
        let (p_less_one, q_less_one) = (arith::minus_one(&p), arith::minus_one(&q));
        let lambda = arith::least_common_multiple(&p_less_one, &q_less_one);
        // q^(p - 2) = 1 / q mod p (Fermat).
        let p_less_two = arith::minus_one(&p_less_one);
        let q_inverse = Modulus::new(&p).residue(&q).pow(&p_less_two).value();
        Self {
            n: (*arith::product(&p, &q)).clone(),
            d: inverse_of_exponent(&lambda),
            d_p: inverse_of_exponent(&p_less_one),
            d_q: inverse_of_exponent(&q_less_one),
            p,
            q,
            q_inverse,
        }
    }

    /// Pairwise consistency (SP 800-56B 6.4.1.1): a random message is signed both ways, with d alone and with the CRT values, and
    /// verified.
    fn is_consistent(&self, rng: &mut impl CryptoRng) -> bool {
        let n = Modulus::new(&self.n);
        let message = loop {
            let message = arith::random(self.n.bits_precision(), rng);
            if arith::less(&message, &self.n) {
                break message;
            }
        };
        let signature = n.residue(&message).pow(&self.d);
        let exponent = BoxedUint::from(EXPONENT);
        signature.equals(&n.residue(&self.sign_by_crt(&message))) && signature.pow(&exponent).equals(&n.residue(&message))
    }

    /// RSASP1 with the second representation of the key (RFC 8017 5.2.1).
    fn sign_by_crt(&self, message: &BoxedUint) -> Secret {
        let (p, q) = (Modulus::new(&self.p), Modulus::new(&self.q));
        let s_p = p.residue(&arith::remainder(message, &self.p)).pow(&self.d_p);
        let s_q = q.residue(&arith::remainder(message, &self.q)).pow(&self.d_q).value();
        let h = s_p.minus(&p.residue(&s_q)).times(&p.residue(&self.q_inverse)).value();
        Secret::new(arith::product(&h, &self.q).wrapping_add(&*s_q))
    }
}

/// FIPS 186-5 A.1.3, step 5.5: |p - q| > 2^(nlen / 2 - 100).
fn far_apart(p: &BoxedUint, q: &BoxedUint) -> bool {
    let bits = p.bits_precision();
    arith::less(&BoxedUint::one_with_precision(bits).shl(bits - 100), &arith::distance(p, q))
}

/// 1 / e mod m = (m * k + 1) / e with k = -1 / m mod e, where e does not divide m. The work on m is that of a product and a
/// quotient by a small number, so nothing like Euclid's algorithm runs over the secret m.
fn inverse_of_exponent(m: &BoxedUint) -> Secret {
    let inverse = power_mod_exponent(arith::small_remainder(m, EXPONENT), EXPONENT - 2);
    arith::scaled_quotient(EXPONENT - inverse, m, EXPONENT)
}

/// `base^power` mod e, in a time that depends on `power` alone.
fn power_mod_exponent(base: u32, power: u32) -> u32 {
    let e = u64::from(EXPONENT);
    let mut result = 1;
    for bit in (0..u32::BITS - power.leading_zeros()).rev() {
        result = result * result % e;
        if power >> bit & 1 == 1 {
            result = result * u64::from(base) % e;
        }
    }
    u32::try_from(result).expect("less than e")
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use crypto_bigint::{ConcatenatingMul, Lcm};
    use proptest::prelude::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn generated(bits: u32, seed: u64) -> KeyPair {
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| ();
        let mut job = Job::new(&cancelled, &mut ignore);
        KeyPair::generate(bits, &mut ChaCha20Rng::seed_from_u64(seed), &mut job).expect("nobody cancels")
    }

    fn nonzero(value: &BoxedUint) -> crypto_bigint::NonZero<BoxedUint> {
        value.to_nz().expect("not zero")
    }

    #[test]
    fn meets_the_conditions_of_fips_186_5() {
        for (bits, seed) in [(1024, 1), (1024, 2), (1152, 3), (1536, 4), (2048, 5)] {
            let pair = generated(bits, seed);
            let half = bits / 2;
            assert_eq!(pair.n.bit_width(), bits);
            for prime in [&pair.p, &pair.q] {
                assert_eq!(prime.bit_width(), half);
                assert!(prime.bit_vartime(half - 2), "at least 1.5 * 2^(half - 1)");
            }
            assert!(arith::less(&pair.q, &pair.p));
            assert!(far_apart(&pair.p, &pair.q));
            assert_eq!(pair.n, pair.p.concatenating_mul(&pair.q));
            let (p1, q1) = (arith::minus_one(&pair.p), arith::minus_one(&pair.q));
            let lambda = p1.lcm_vartime(&q1);
            assert!(pair.d.bit_width() > half && arith::less(&pair.d, &lambda));
            let one = BoxedUint::one();
            assert_eq!(pair.d.concatenating_mul(BoxedUint::from(EXPONENT)).rem_vartime(&nonzero(&lambda)), one);
            assert_eq!(*pair.d_p, pair.d.rem_vartime(&nonzero(&p1)));
            assert_eq!(*pair.d_q, pair.d.rem_vartime(&nonzero(&q1)));
            assert_eq!(pair.q_inverse.concatenating_mul(&pair.q).rem_vartime(&nonzero(&pair.p)), one);
        }
    }

    #[test]
    fn finds_a_pair_inconsistent_when_any_part_is_wrong() {
        let mut rng = ChaCha20Rng::seed_from_u64(8);
        let mut pair = generated(1024, 6);
        assert!(pair.is_consistent(&mut rng));
        let parts: [fn(&mut KeyPair) -> &mut BoxedUint; 4] =
            [|pair| &mut pair.d, |pair| &mut pair.d_p, |pair| &mut pair.d_q, |pair| &mut pair.q_inverse];
        for part in parts {
            let right = part(&mut pair).clone();
            *part(&mut pair) = right.wrapping_sub(BoxedUint::one());
            assert!(!pair.is_consistent(&mut rng));
            *part(&mut pair) = right;
        }
        assert!(pair.is_consistent(&mut rng));
    }

    #[test]
    fn refuses_primes_that_are_near_each_other() {
        let p = BoxedUint::max(512);
        let limit = BoxedUint::one_with_precision(512).shl(412);
        let at_limit = p.wrapping_sub(&limit);
        assert!(!far_apart(&p, &p) && !far_apart(&p, &at_limit) && !far_apart(&at_limit, &p));
        let beyond = at_limit.wrapping_sub(BoxedUint::one());
        assert!(far_apart(&p, &beyond) && far_apart(&beyond, &p));
    }

    proptest! {
        #[test]
        fn inverts_the_exponent(words in proptest::collection::vec(any::<crypto_bigint::Word>(), 8)) {
            let m = BoxedUint::from_words(words);
            prop_assume!(m.bit_width() > 17 && arith::small_remainder(&m, EXPONENT) != 0);
            let inverse = inverse_of_exponent(&m);
            prop_assert_eq!(inverse.concatenating_mul(BoxedUint::from(EXPONENT)).rem_vartime(&nonzero(&m)), BoxedUint::one());
        }
    }

    #[test]
    fn ends_when_cancelled_and_says_so() {
        let cancelled = AtomicBool::new(true);
        let mut heard = 0;
        let mut listener = |_| heard += 1;
        let mut job = Job::new(&cancelled, &mut listener);
        let ended = KeyPair::generate(8192, &mut ChaCha20Rng::seed_from_u64(9), &mut job);
        assert_eq!(ended.err(), Some(Error::Cancelled));
        assert_eq!(heard, 0);
    }
}

use std::sync::atomic::Ordering;

use chacha20::ChaCha20Rng;
use crypto_bigint::BoxedUint;

use crate::arith::integer::{self as arith, Modulus, Secret};
use crate::arith::{self as kernels, Batch, Natural, Stop, Stopped};
use crate::entropy::Seed;
use crate::search::Pool;
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
    /// A new key pair with a modulus of `bits` bits, which is a multiple of 128. It depends on the seed alone.
    pub fn generate(bits: u32, seed: &Seed, job: &mut Job) -> Result<Self, Error> {
        let pool = Pool::new(bits / 2, seed, job.threads(), job.kernel());
        loop {
            let primes = pool.primes(job)?;
            match Self::of_primes(&primes, seed, job)? {
                Some(pair) => return Ok(pair),
                None => pool.refuse_second(),
            }
        }
    }

    /// The key pair of two primes of one length, neither of which is 1 mod e, checked; nothing where FIPS 186-5 refuses the two.
    pub fn of_primes([p, q]: &[Natural; 2], seed: &Seed, job: &Job) -> Result<Option<Self>, Error> {
        job.check()?;
        let [p, q] = [arith::from_words(p), arith::from_words(q)];
        let bits = p.bits_precision();
        let pair = if arith::less(&p, &q) { Self::of(q, p) } else { Self::of(p, q) };
        // FIPS 186-5 A.1.1, criterion 3: d > 2^(nlen / 2).
        if !far_apart(&pair.p, &pair.q) || pair.d.bit_width() <= bits {
            return Ok(None);
        }
        let cancelled = || job.cancelled().load(Ordering::Relaxed);
        let mut batch = kernels::stoppable_batch(bits, job.kernel(), &cancelled)?;
        let message = random_below(&pair.n, &mut seed.stream(MESSAGE_STREAM));
        pair.completed(&message, &mut *batch, &cancelled).map(Some)
    }

    /// The key pair of two primes, p the greater, neither of which is 1 mod e; as yet without 1/q mod p.
    fn of(p: Secret, q: Secret) -> Self {
        let (p_less_one, q_less_one) = (arith::minus_one(&p), arith::minus_one(&q));
        let lambda = arith::least_common_multiple(&p_less_one, &q_less_one);
        Self {
            n: (*arith::product(&p, &q)).clone(),
            d: inverse_of_exponent(&lambda),
            d_p: inverse_of_exponent(&p_less_one),
            d_q: inverse_of_exponent(&q_less_one),
            p,
            q,
            q_inverse: Secret::default(),
        }
    }

    /// Adds 1/q mod p, which is q^(p - 2) (Fermat), and checks the pair (SP 800-56B 6.4.1.1): a message is signed with the CRT values and
    /// verified, and d is tied to them. All powers of secrets are one batch.
    fn completed(mut self, message: &BoxedUint, batch: &mut dyn Batch, stop: Stop) -> Result<Self, Error> {
        let p_less_two = arith::minus_one(&arith::minus_one(&self.p));
        let [message_p, message_q] = [&self.p, &self.q].map(|prime| arith::remainder(message, prime));
        let tasks = [(&*self.p, &*self.q, &*p_less_two), (&self.p, &message_p, &self.d_p), (&self.q, &message_q, &self.d_q)];
        let [q_inverse, s_p, s_q] = powers(batch, tasks, stop).map_err(|Stopped| Error::Cancelled)?;
        self.q_inverse = q_inverse;
        let consistent = self.is_consistent(message, &s_p, &s_q, stop).map_err(|Stopped| Error::Cancelled)?;
        if consistent { Ok(self) } else { Err(Error::Inconsistent) }
    }

    fn is_consistent(&self, message: &BoxedUint, s_p: &BoxedUint, s_q: &BoxedUint, stop: Stop) -> Result<bool, Stopped> {
        let n = Modulus::new(&self.n);
        let signature = n.residue(&self.combined(s_p, s_q));
        // The exponent is 2^16 + 1.
        let mut power = signature.square();
        for _ in 1..(EXPONENT - 1).trailing_zeros() {
            // A multiplication modulo n is as much work as four modulo p.
            if stop() {
                return Err(Stopped);
            }
            power = power.square();
        }
        Ok(power.times(&signature).equals(&n.residue(message))
            && arith::equal(&arith::remainder(&self.d, &arith::minus_one(&self.p)), &self.d_p)
            && arith::equal(&arith::remainder(&self.d, &arith::minus_one(&self.q)), &self.d_q))
    }

    /// The last step of RSASP1 with the second representation of the key (RFC 8017 5.2.1).
    fn combined(&self, s_p: &BoxedUint, s_q: &BoxedUint) -> Secret {
        let p = Modulus::new(&self.p);
        let h = p.residue(s_p).minus(&p.residue(s_q)).times(&p.residue(&self.q_inverse)).value();
        Secret::new(arith::product(&h, &self.q).wrapping_add(s_q))
    }
}

/// The stream of the generator that the message of the check comes from; those of the search are small numbers.
const MESSAGE_STREAM: u64 = 1 << 32;

fn random_below(limit: &BoxedUint, rng: &mut ChaCha20Rng) -> Secret {
    loop {
        let number = arith::random(limit.bits_precision(), rng);
        if arith::less(&number, limit) {
            return number;
        }
    }
}

/// `base^exponent mod modulus` of each task, as many at once as there are lanes.
fn powers<const N: usize>(
    batch: &mut dyn Batch,
    tasks: [(&BoxedUint, &BoxedUint, &BoxedUint); N],
    stop: Stop,
) -> Result<[Secret; N], Stopped> {
    let words = tasks.map(|(modulus, base, exponent)| [modulus, base, exponent].map(|part| arith::to_words(part, part.bits_precision())));
    let mut powers = [const { None }; N];
    for (words, powers) in words.chunks(batch.lanes()).zip(powers.chunks_mut(batch.lanes())) {
        let part = |index: usize| -> Vec<&[u32]> { words.iter().map(|task| &task[index][..]).collect() };
        for (power, words) in powers.iter_mut().zip(batch.pow(&part(0), &part(1), &part(2), stop)?) {
            *power = Some(arith::from_words(&words));
        }
    }
    Ok(powers.map(|power| power.expect("one for each task")))
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

/// `base^power` mod e, in a time that depends on `power` alone; the base is less than e.
fn power_mod_exponent(base: u32, power: u32) -> u32 {
    let mut result = 1;
    for bit in (0..u32::BITS - power.leading_zeros()).rev() {
        result = product_mod_exponent(result, result);
        if power >> bit & 1 == 1 {
            result = product_mod_exponent(result, base);
        }
    }
    result
}

/// `a * b` mod e, of numbers less than e. Without a division, whose time depends on the numbers on a CPU of 32 bits: 2^16 = -1 mod e, so digits
/// to base 2^16 are added and subtracted by turns.
fn product_mod_exponent(a: u32, b: u32) -> u32 {
    // 2^32 at most.
    let product = u64::from(a) * u64::from(b);
    let [low, middle, high] = [0, 16, 32].map(|shift| (product >> shift) as u32 & 0xffff);
    // Greater than 0 and less than 2 e.
    let folded = low + high + EXPONENT - middle;
    let reduced = folded.wrapping_sub(EXPONENT);
    reduced.wrapping_add(EXPONENT & (reduced >> 31).wrapping_neg())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize};

    use crypto_bigint::{ConcatenatingMul, Lcm};
    use proptest::prelude::*;
    use rand_core::SeedableRng;

    use super::*;

    fn generated(bits: u32, seed: u64) -> KeyPair {
        let cancelled = AtomicBool::new(false);
        let mut ignore = |_| ();
        let mut job = Job::new(&cancelled, &mut ignore);
        KeyPair::generate(bits, &Seed::from_number(seed), &mut job).expect("nobody cancels")
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
        let mut pair = generated(1024, 6);
        let message = random_below(&pair.n, &mut ChaCha20Rng::seed_from_u64(8));
        let judge = |pair: &KeyPair| {
            let [message_p, message_q] = [&pair.p, &pair.q].map(|prime| arith::remainder(&message, prime));
            let tasks = [(&*pair.p, &*message_p, &*pair.d_p), (&pair.q, &message_q, &pair.d_q)];
            let mut batch = kernels::batch(512, None).expect("a kernel");
            let [s_p, s_q] = powers(&mut *batch, tasks, &|| false).expect("nobody stops");
            pair.is_consistent(&message, &s_p, &s_q, &|| false) == Ok(true)
        };
        assert!(judge(&pair));
        let parts: [fn(&mut KeyPair) -> &mut BoxedUint; 4] =
            [|pair| &mut pair.d, |pair| &mut pair.d_p, |pair| &mut pair.d_q, |pair| &mut pair.q_inverse];
        for part in parts {
            let right = part(&mut pair).clone();
            *part(&mut pair) = right.wrapping_sub(BoxedUint::one());
            assert!(!judge(&pair));
            *part(&mut pair) = right;
        }
        assert!(judge(&pair));
    }

    /// Nothing that takes as long as a test of a candidate is done between two questions whether to stop: not before, between or after the powers.
    #[test]
    fn is_given_up_at_each_step_of_the_finish() {
        let pair = || generated(1024, 6);
        let message = random_below(&pair().n, &mut ChaCha20Rng::seed_from_u64(8));
        let mut batch = kernels::batch(512, None).expect("a kernel");
        let asked = AtomicUsize::new(0);
        let mut completed = |most: usize| {
            asked.store(0, Ordering::Relaxed);
            pair().completed(&message, &mut *batch, &|| asked.fetch_add(1, Ordering::Relaxed) == most).map(drop)
        };
        assert_eq!(completed(usize::MAX), Ok(()));
        let questions = asked.load(Ordering::Relaxed);
        for most in [0, 1, questions / 2, questions - 16, questions - 15, questions - 1] {
            assert_eq!(completed(most), Err(Error::Cancelled), "{most} of {questions}");
        }
        let [s_p, s_q] = [&pair().p, &pair().q].map(|prime| arith::remainder(&message, prime));
        assert_eq!(pair().is_consistent(&message, &s_p, &s_q, &|| true), Err(Stopped));
    }

    #[test]
    fn is_not_begun_of_primes_when_cancelled() {
        let pair = generated(1024, 6);
        let cancelled = AtomicBool::new(true);
        let mut ignore = |_| ();
        let job = Job::new(&cancelled, &mut ignore);
        // Of one prime twice nothing would come otherwise.
        let ended = KeyPair::of_primes(&[arith::to_words(&pair.p, 512), arith::to_words(&pair.p, 512)], &Seed::from_number(1), &job);
        assert_eq!(ended.err(), Some(Error::Cancelled));
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
    fn multiplies_modulo_the_exponent() {
        let edges = (0..300).chain(EXPONENT / 2 - 300..EXPONENT / 2 + 300).chain(EXPONENT - 300..EXPONENT);
        for a in edges.clone() {
            for b in edges.clone() {
                assert_eq!(u64::from(product_mod_exponent(a, b)), u64::from(a) * u64::from(b) % u64::from(EXPONENT), "{a} * {b}");
            }
        }
    }

    #[test]
    fn ends_when_cancelled_and_says_so() {
        let cancelled = AtomicBool::new(true);
        let mut heard = 0;
        let mut listener = |_| heard += 1;
        let mut job = Job::new(&cancelled, &mut listener);
        let ended = KeyPair::generate(8192, &Seed::from_number(9), &mut job);
        assert_eq!(ended.err(), Some(Error::Cancelled));
        assert_eq!(heard, 0);
    }
}

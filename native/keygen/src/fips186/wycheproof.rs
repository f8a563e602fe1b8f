//! Wycheproof's cases of primality, which are mostly products that some test takes for primes.

use crypto_bigint::BoxedUint;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use wycheproof::TestResult;
use wycheproof::primality::{TestName, TestSet};

use super::miller_rabin::is_probable_prime;
use crate::arith::integer::Secret;

#[test]
fn knows_primes_from_all_else() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut tried = 0;
    for test in TestSet::load(TestName::Primality).expect("a known format").test_groups.into_iter().flat_map(|group| group.tests) {
        // A two's complement number; the search asks about nothing but positive odd ones above 3.
        let negative = test.value.first().is_some_and(|first| first >> 7 == 1);
        let value = BoxedUint::from_be_slice_vartime(&test.value);
        if negative || !value.bit_vartime(0) || value.bit_width() <= 2 {
            continue;
        }
        let bits = value.bits_precision().next_multiple_of(64);
        let candidate = Secret::new(BoxedUint::from_be_slice(&test.value, bits).expect("that many bits"));
        let prime = is_probable_prime(&candidate, &mut rng, || Ok(())).expect("nobody cancels");
        assert_eq!(prime, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
        tried += 1;
    }
    assert!(tried > 250, "{tried}");
}

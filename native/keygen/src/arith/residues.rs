//! Long numbers modulo many small primes at once: what the sieve spends its time on.
//!
//! All is made of Montgomery's reduction (1985), which divides by a power of two modulo a prime with two products and no division. It is
//! written for one prime, and for the vectors of each kind of CPU with a prime in each lane.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod ifma;
#[cfg(target_arch = "mips")]
mod mips;
#[cfg(target_arch = "aarch64")]
mod neon;
// On MIPS the judge of the assembly in tests, else for nothing.
#[cfg(any(test, not(target_arch = "mips")))]
mod portable;

/// Words of a number at most: sums of products stay below 2^63 + 2^49.
const MAX_WORDS: usize = 128;
/// Primes are less.
const PRIME_LIMIT: u32 = 1 << 24;

/// The remainders of `numbers`, all of one length of at most 128 words, by odd `primes` below 2^24: that of number i by prime k becomes
/// `remainders[i * primes.len() + k]`. Takes a time that depends on the lengths alone. Without `kernel` the fastest code that this CPU can run
/// does it, else that which goes with the kernel.
pub fn residues(numbers: &[&[u32]], primes: &[u32], remainders: &mut [u32], kernel: Option<&str>) {
    let words = numbers[0].len();
    assert!((1..=MAX_WORDS).contains(&words) && numbers.iter().all(|number| number.len() == words));
    assert_eq!(remainders.len(), numbers.len() * primes.len());
    debug_assert!(primes.iter().all(|prime| *prime < PRIME_LIMIT));
    let suits = |routine: &&Routine| (routine.supported)() && kernel.is_none_or(|kernel| kernel == routine.kernel);
    let routine = ROUTINES.iter().find(suits).or(ROUTINES.last()).expect("one runs everywhere");
    (routine.run)(numbers, primes, remainders);
}

/// One way to compute them.
struct Routine {
    /// The kernel that is made of the same instructions.
    kernel: &'static str,
    supported: fn() -> bool,
    run: fn(&[&[u32]], &[u32], &mut [u32]),
}

/// Those of this architecture, the fastest first.
const ROUTINES: &[Routine] = &[
    #[cfg(target_arch = "x86_64")]
    Routine {
        kernel: "ifma",
        supported: || is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma"),
        #[allow(unsafe_code, reason = "a function for some CPUs alone")]
        // SAFETY: it is run where it is supported.
        run: |numbers, primes, remainders| unsafe { ifma::residues(numbers, primes, remainders) },
    },
    #[cfg(target_arch = "x86_64")]
    Routine {
        kernel: "avx2",
        supported: || is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
        #[allow(unsafe_code, reason = "a function for some CPUs alone")]
        // SAFETY: as above.
        run: |numbers, primes, remainders| unsafe { avx2::residues(numbers, primes, remainders) },
    },
    #[cfg(target_arch = "aarch64")]
    Routine {
        kernel: "neon",
        supported: || std::arch::is_aarch64_feature_detected!("neon"),
        #[allow(unsafe_code, reason = "a function for some CPUs alone")]
        // SAFETY: as above.
        run: |numbers, primes, remainders| unsafe { neon::residues(numbers, primes, remainders) },
    },
    #[cfg(target_arch = "mips")]
    Routine { kernel: "mips32r2", supported: || true, run: mips::residues },
    #[cfg(any(test, not(target_arch = "mips")))]
    Routine { kernel: "portable", supported: || true, run: portable::residues },
];

/// The leading bits of a number as far as they make at most `limit`, and the bits below them, the highest first.
#[cfg(target_arch = "x86_64")]
fn leading_bits(number: u32, limit: u32) -> (u32, impl Iterator<Item = u32>) {
    let below = (0..u32::BITS).find(|count| number >> count <= limit).unwrap_or(u32::BITS);
    (number >> below, (0..below).rev().map(move |bit| number >> bit & 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::known_answers::remainder_by_words;
    use super::*;

    /// Long numbers with many words at an edge, and divisors up to the limit.
    fn numbers() -> impl Strategy<Value = (Vec<Vec<u32>>, Vec<u32>)> {
        let word = prop_oneof![any::<u32>(), Just(0), Just(u32::MAX)];
        let numbers = (1..=MAX_WORDS, 1_usize..4)
            .prop_flat_map(move |(words, count)| proptest::collection::vec(proptest::collection::vec(word.clone(), words), count));
        let halves = prop_oneof![1..PRIME_LIMIT / 2, 1_u32..8, PRIME_LIMIT / 2 - 8..PRIME_LIMIT / 2];
        (numbers, proptest::collection::vec(halves.prop_map(|half| 2 * half + 1), 1..40))
    }

    #[test]
    fn are_tried_where_this_cpu_runs_them() {
        // A check of a CPU that is known to run one looks for its line.
        for routine in ROUTINES.iter().filter(|routine| (routine.supported)()) {
            println!("residues of {}", routine.kernel);
        }
    }

    proptest! {
        #[test]
        fn are_what_division_leaves((numbers, primes) in numbers()) {
            let numbers: Vec<&[u32]> = numbers.iter().map(|number| &number[..]).collect();
            let expected: Vec<u32> = numbers.iter().flat_map(|number| primes.iter().map(|&prime| remainder_by_words(number, prime))).collect();
            for routine in ROUTINES.iter().filter(|routine| (routine.supported)()) {
                let mut found = vec![0; expected.len()];
                (routine.run)(&numbers, &primes, &mut found);
                prop_assert_eq!(&found, &expected);
            }
        }
    }
}

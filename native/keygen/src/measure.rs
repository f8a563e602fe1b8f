//! Doors for benchmarks and for tests that look into memory: seeds, kernels by name and what they keep, and the parts of a search one by
//! one, each on the calling thread.
//! Each panics where a kernel is named that this CPU can't run: ask [`kernels`] first.

#![allow(clippy::missing_panics_doc, reason = "said once, above")]

use std::num::NonZero;
use std::sync::atomic::AtomicBool;

use rand_core::Rng;

pub use crate::arith::Form;
use crate::arith::{self, Batch, Natural};
use crate::entropy::Seed;
use crate::generate::{self, generate_from};
use crate::search::{self, Pool};
use crate::{Error, Event, GeneratedKey, Job, KeySpec};

/// The kernels that this CPU can run, the fastest first.
#[must_use]
pub fn kernels() -> Vec<&'static str> {
    arith::kernels().collect()
}

/// Every kernel of this architecture.
#[must_use]
pub fn known_kernels() -> Vec<&'static str> {
    arith::known_kernels().collect()
}

/// Numbers that a batch of the kernel works on at once.
#[must_use]
pub fn lanes(kernel: &str, prime_bits: u32) -> usize {
    batch(kernel, prime_bits).lanes()
}

/// Tries the kernel at this length, as is done once in a process.
pub fn prepare(kernel: &str, prime_bits: u32) {
    drop(batch(kernel, prime_bits));
}

/// The forms in which a kernel for primes of `prime_bits` bits keeps a number (words of 32 bits, the least significant first): as it goes
/// in, and the kernel's own, which may be the same.
#[must_use]
pub fn forms(kernel: &str, prime_bits: u32, number: &[u32]) -> [Form; 2] {
    batch(kernel, prime_bits).forms(number)
}

/// A kernel with all that it keeps of the numbers it has tested last.
pub struct AtWork(#[expect(dead_code, reason = "to be kept and dropped")] Box<dyn Batch>);

/// Tests odd numbers of one length, one a lane, by the filter and by a round of Miller-Rabin.
#[must_use]
pub fn at_work(kernel: &str, candidates: &[Natural]) -> AtWork {
    let mut batch = batch(kernel, candidates[0].len() as u32 * u32::BITS);
    let candidates: Vec<&[u32]> = candidates.iter().map(|number| &number[..]).collect();
    let bases = vec![&[3][..]; candidates.len()];
    std::hint::black_box(batch.filter(&candidates, &|| false)).expect("nobody stops");
    std::hint::black_box(batch.strong(&candidates, &bases, &|| false)).expect("nobody stops");
    AtWork(batch)
}

/// Tests at least so many candidates with base 2, in full batches; how many it were.
#[must_use]
pub fn filter(kernel: &str, prime_bits: u32, tests: usize) -> usize {
    let mut batch = batch(kernel, prime_bits);
    let candidates = numbers(prime_bits, batch.lanes());
    let candidates: Vec<&[u32]> = candidates.iter().map(|number| &number[..]).collect();
    let batches = tests.div_ceil(batch.lanes());
    for _ in 0..batches {
        std::hint::black_box(batch.filter(&candidates, &|| false)).expect("nobody stops");
    }
    batches * batch.lanes()
}

/// The rounds of Miller-Rabin of two candidates.
pub fn rounds(kernel: &str, prime_bits: u32) {
    let mut batch = batch(kernel, prime_bits);
    let pair = numbers(prime_bits, 2);
    let all = search::survivors(&mut *batch, &[&pair[0], &pair[1]], &mut Seed::from_number(1).stream(0), &|| false);
    std::hint::black_box(all).expect("nobody stops");
}

/// All that is done of a key when both primes are known: private values, check of the pair, encoding. Panics where there are no primes at
/// hand: they have 1024, 2048 or 4096 bits.
pub fn finish(kernel: &'static str, prime_bits: u32) {
    // The greatest prime below 2^bits and the least one above 3 * 2^(bits - 2).
    let (below, above) = match prime_bits {
        1024 => (105_u32, 1037),
        2048 => (1557, 439),
        4096 => (2549, 3389),
        _ => panic!("no primes of {prime_bits} bits at hand"),
    };
    let words = prime_bits as usize / 32;
    let [mut p, mut q] = [u32::MAX, 0].map(|word| Natural::new(vec![word; words]));
    p[0] = below.wrapping_neg();
    (q[0], q[words - 1]) = (above, 0b11 << 30);
    let never = AtomicBool::new(false);
    let mut ignore = |_: Event| ();
    let job = Job::new(&never, &mut ignore).by_kernel(Some(kernel));
    std::hint::black_box(generate::finish(&[p, q], &Seed::from_number(1), &job).expect("a key of two primes"));
}

/// The windows of both primes of a key, sieved.
pub fn sieve(kernel: &str, prime_bits: u32) {
    let pair = numbers(prime_bits, 2);
    let starts = [&pair[0][..], &pair[1]];
    let windows = search::sieve(&starts, search::sieve_bound(prime_bits), (0, 1), Some(kernel), &AtomicBool::new(false));
    std::hint::black_box(windows.expect("nobody cancels"));
}

/// Candidates that are tested for one prime on average.
#[must_use]
pub fn expected_tests(prime_bits: u32) -> f64 {
    search::expected_tests(prime_bits)
}

/// The RSA key that follows from a seed.
///
/// # Errors
/// As [`crate::generate`].
pub fn generate(bits: u32, seed: u64, threads: NonZero<usize>, kernel: &'static str) -> Result<GeneratedKey, Error> {
    let never = AtomicBool::new(false);
    let mut ignore = |_: Event| ();
    let mut job = Job::new(&never, &mut ignore).on_threads(threads).by_kernel(Some(kernel));
    generate_from(KeySpec::Rsa { bits }, &Seed::from_number(seed), &mut job)
}

/// Tests by thread when the search of a key runs on so many threads that all need the same time for a batch: what a machine with so many
/// cores does, without its noise.
///
/// # Errors
/// As [`crate::generate`].
pub fn tests_in_step(bits: u32, seed: u64, threads: NonZero<usize>, kernel: &'static str) -> Result<Vec<u64>, Error> {
    Pool::new(bits / 2, &Seed::from_number(seed), threads, Some(kernel)).in_step()
}

fn batch(kernel: &str, bits: u32) -> Box<dyn Batch> {
    arith::batch(bits, Some(kernel)).expect("a kernel that this CPU can run")
}

/// Odd numbers with the two top bits set, always the same.
fn numbers(bits: u32, count: usize) -> Vec<Natural> {
    let mut rng = Seed::from_number(0).stream(0);
    (0..count)
        .map(|_| {
            let mut number = Natural::new((0..bits / 32).map(|_| rng.next_u32()).collect());
            number[0] |= 1;
            *number.last_mut().expect("words") |= 0b11 << 30;
            number
        })
        .collect()
}

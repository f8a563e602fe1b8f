use std::collections::BTreeMap;

use rand_core::SeedableRng;

use super::super::miller_rabin::is_probable_prime;
use super::*;
use crate::Event;

fn found(bits: u32, seed: u64, threads: usize, kernel: Option<&'static str>) -> ([Natural; 2], Vec<f64>, Vec<u64>) {
    let cancelled = AtomicBool::new(false);
    let mut heard = Vec::new();
    let mut listener = |event| {
        if let Event::Share(share) = event {
            heard.push(share);
        }
    };
    let threads = NonZero::new(threads).expect("not zero");
    let pool = Pool::new(bits, &Seed::from_number(seed), threads, kernel);
    let primes = pool.primes(&mut Job::new(&cancelled, &mut listener)).expect("nobody cancels");
    (primes, heard, pool.tests())
}

#[test]
fn finds_primes_of_the_length_asked_for_with_two_top_bits() {
    for seed in 0..4 {
        for prime in found(512, seed, 1, None).0 {
            assert_eq!(prime.len(), 16);
            assert_eq!(prime[15] >> 30, 3);
            assert!(is_probable_prime(&prime, &mut ChaCha20Rng::seed_from_u64(1)));
        }
    }
}

#[test]
fn depends_on_the_seed_alone_whatever_the_threads_and_kernels_do() {
    for seed in 0..6 {
        let expected = found(512, seed, 1, Some("portable")).0;
        for kernel in arith::kernels() {
            for threads in 1..=4 {
                assert!(found(512, seed, threads, Some(kernel)).0 == expected, "{kernel}, {threads} threads");
            }
        }
    }
    assert!(found(512, 1, 1, None).0 != found(512, 2, 1, None).0);
}

#[test]
fn needs_as_many_tests_as_expected() {
    let pairs = 40;
    let tests: u64 = (0..pairs).map(|seed| found(512, 100 + seed, 1, Some("portable")).2[0]).sum();
    // The standard deviation of the mean is about an eighth of it.
    let ratio = tests as f64 / (2 * pairs) as f64 / expected_tests(512);
    assert!((0.6..1.6).contains(&ratio), "{ratio}");
}

#[test]
fn reports_a_rising_share_that_leaves_the_end_to_the_key() {
    // Of several threads the first may have little to do.
    let (_, heard, _) = found(1024, 7, 1, None);
    assert!(heard.is_sorted() && heard.iter().all(|share| (0.0..1.0).contains(share)));
    assert!(heard.len() > 3);
}

#[test]
fn goes_on_behind_a_second_prime_that_is_refused() {
    let cancelled = AtomicBool::new(false);
    let mut ignore = |_| ();
    let mut job = Job::new(&cancelled, &mut ignore);
    let pool = Pool::new(512, &Seed::from_number(3), NonZero::<usize>::MIN, None);
    let [p, q] = pool.primes(&mut job).expect("primes");
    pool.refuse_second();
    let [same, next] = pool.primes(&mut job).expect("primes");
    assert!(same == p && next != q);
    assert!(is_probable_prime(&next, &mut ChaCha20Rng::seed_from_u64(1)));
}

#[test]
fn ends_every_thread_when_cancelled() {
    let cancelled = AtomicBool::new(true);
    let mut heard = 0;
    let mut listener = |_| heard += 1;
    let pool = Pool::new(4096, &Seed::from_number(9), NonZero::new(3).expect("not zero"), None);
    let ended = pool.primes(&mut Job::new(&cancelled, &mut listener));
    assert_eq!(ended.err(), Some(Error::Cancelled));
    assert_eq!(heard, 0);
}

#[test]
fn ends_every_thread_when_one_fails_and_says_why() {
    let cancelled = AtomicBool::new(false);
    let mut ignore = |_| ();
    let mut job = Job::new(&cancelled, &mut ignore);
    let threads = NonZero::new(3).expect("not zero");
    let pool = Pool::new(512, &Seed::from_number(9), threads, Some("abacus"));
    assert_eq!(pool.primes(&mut job).err(), Some(Error::Kernel));
    let pool = Pool::new(512, &Seed::from_number(9), threads, None);
    pool.sieve_first_windows(&cancelled).expect("windows");
    assert!(thread::scope(|scope| scope.spawn(|| pool.work(2, &cancelled, &mut |_| panic!("on purpose"))).join()).is_err());
    assert_eq!(pool.primes(&mut job).err(), Some(Error::Worker));
}

#[test]
fn is_not_mended_by_what_other_threads_do() {
    let cancelled = AtomicBool::new(false);
    let mut ignore = |_| ();
    let mut job = Job::new(&cancelled, &mut ignore);
    let pool = Pool::new(512, &Seed::from_number(3), NonZero::<usize>::MIN, None);
    pool.primes(&mut job).expect("primes");
    for error in [Error::Worker, Error::Kernel] {
        drop(End { pool: &pool, outcome: Err(error) });
    }
    pool.refuse_second();
    assert_eq!(pool.primes(&mut job).err(), Some(Error::Worker));
}

/// Short searches reach every prime of a range, each as often as the gap before it is long.
#[test]
fn reaches_every_prime_of_a_short_range() {
    let first: u64 = 3 << 62 | 1;
    let words = |number: u64| Natural::new(vec![number as u32, (number >> 32) as u32]);
    let cancelled = AtomicBool::new(false);
    let mut reached: BTreeMap<u64, u64> = BTreeMap::new();
    let mut rng = ChaCha20Rng::seed_from_u64(6);
    for offset in (0..2000).step_by(2) {
        let start = words(first + offset);
        let struck = sieve(&[&start], 1 << 16, (0, 1), None, &cancelled).expect("nobody cancels");
        let mut hunt = Hunt::new(64, ChaCha20Rng::seed_from_u64(0));
        hunt.set_window(start, &struck[0]);
        while hunt.outcome().is_none() {
            let (ticket, candidate) = hunt.take().expect("a prime in the window");
            hunt.decide(ticket, is_probable_prime(&candidate, &mut rng));
        }
        let (_, prime) = hunt.outcome().expect("found");
        *reached.entry(u64::from(prime[0]) | u64::from(prime[1]) << 32).or_default() += 1;
    }
    let reached: Vec<(u64, u64)> = reached.into_iter().collect();
    for pair in reached.windows(2) {
        let [(before, _), (prime, times)] = pair else { unreachable!() };
        if *prime < first + 2000 {
            assert_eq!(*times, (prime - before) / 2, "{prime}");
        }
    }
}

/// One search in three hundred comes to the end of its window.
#[cfg(feature = "measure")]
#[test]
fn goes_on_behind_a_window_without_a_prime() {
    for seed in 0..300 {
        let pool = || Pool::new(512, &Seed::from_number(seed), NonZero::<usize>::MIN, None);
        assert!(pool().in_step().expect("nobody cancels")[0] > 0, "seed {seed}");
    }
}
